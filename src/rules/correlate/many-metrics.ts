import { falseDiscovery } from './false-discovery.ts';
import type { Verdict } from './verdict.ts';

/** One of the metrics that were judged for the same change. */
export interface Judged {
  readonly verdict: Verdict;
  /** A business metric or an error rate. */
  readonly first: boolean;
}

/** At most this share of what is reported as moved by one change may be false. */
const falseDiscoveries = 0.05;

/**
 * The verdicts on all metrics of one change, in the order given: with twenty deploys a day and
 * fifty metrics, some would seem to move by chance, so what does not hold among so many
 * (`falseDiscovery`) becomes `notMoved`. What cannot be told is no test, and stays what it is.
 */
export function judgeTogether(metrics: readonly Judged[]): Verdict[] {
  const tested = metrics.flatMap((metric) => {
    const { verdict, first } = metric;
    return verdict.kind === 'cannotTell' ? [] : [{ metric, p: verdict.evidence.rank.p, first }];
  });
  const rates = falseDiscovery(tested);
  const rateOf = new Map(tested.map(({ metric }, i) => [metric, rates[i] ?? 1]));
  return metrics.map((metric) => {
    const { verdict } = metric;
    if (verdict.kind !== 'moved' && verdict.kind !== 'movedElsewhere') return verdict;
    if ((rateOf.get(metric) ?? 1) <= falseDiscoveries) return verdict;
    return { kind: 'notMoved', because: ['manyMetrics'], evidence: verdict.evidence };
  });
}
