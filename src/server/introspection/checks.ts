import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What is known about the checks; ms and bytes. */
export interface ChecksCounts {
  readonly checks: number;
  readonly maxChecks: number;
  readonly features: number;
  readonly maxFeatures: number;
  readonly findings: number;
  readonly runs: number;
  /** Slots without a run, by why. */
  readonly missed: Readonly<Record<string, number>>;
  readonly lagP99: number | undefined;
  /** Outcomes that wait for the log. */
  readonly waiting: number;
  readonly maxWaiting: number;
  readonly lost: number;
  readonly running: number;
  readonly atOnce: number;
  readonly heapBytes: number;
  readonly memory: number;
  /** Of their thread. */
  readonly restarts: number;
  /** Checks that are not run because they took the thread down. */
  readonly banned: number;
  readonly detailBytes: number;
  readonly keepDetails: number;
  readonly removedDetails: number;
  readonly failedDetails: number;
  readonly asked: number;
  readonly maxAsked: number;
  readonly tries: number;
  readonly maxTries: number;
  readonly refusedAsked: number;
}

/** The bounds of checks. */
export function checksLimits(counts: ChecksCounts): Limit[] {
  const { atOnce, running, missed, memory, heapBytes, restarts } = counts;
  const { maxWaiting, waiting, lost, keepDetails, detailBytes, removedDetails } = counts;
  const { maxTries, tries, maxAsked, asked, refusedAsked } = counts;
  const noPlace = missed['no-place'] ?? 0;
  return [
    limit('checks', null, [counts.maxChecks, counts.checks, 0], 'checks'),
    limit('features edited here', null, [counts.maxFeatures, counts.features, 0], 'features'),
    limit('checks that run at once', 'checks.atOnce', [atOnce, running, noPlace], 'checks'),
    limit('memory of the checks', 'checks.memory', [memory, heapBytes, restarts], 'bytes'),
    limit('runs, waiting for the log', null, [maxWaiting, waiting, lost], 'runs'),
    limit(
      'details of runs',
      'checks.keepDetails',
      [keepDetails, detailBytes, removedDetails],
      'bytes',
    ),
    limit('questions about features', null, [maxAsked, asked, refusedAsked], 'questions'),
    limit('features that are tried', null, [maxTries, tries, refusedAsked], 'features'),
  ];
}

/** The checks as numbers. */
export function checksMeasures(counts: ChecksCounts): Measure[] {
  const { checks, findings, runs, missed, lagP99, restarts, banned } = counts;
  return [
    gauge('territory.checks.count', 'Checks', checks),
    gauge('territory.checks.findings', 'What is wrong with features', findings),
    counter('territory.checks.runs', 'Runs of checks', runs),
    ...Object.entries(missed).map(([why, value]) =>
      counter('territory.checks.missed', 'Slots of checks without a run', value, { why }),
    ),
    ...(lagP99 === undefined
      ? []
      : [gauge('territory.checks.lag', 'How late slots are taken up, ms, p99', lagP99)]),
    counter('territory.checks.restarts', 'Restarts of the thread of the checks', restarts),
    gauge('territory.checks.banned', 'Checks that took the thread down and are not run', banned),
  ];
}
