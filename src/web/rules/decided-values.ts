import type { Backtest, Outcome } from '../../rules/backtest/result.ts';
import type { SeriesAnswer } from '../../server/api/contract.ts';
import { durationMs, stepFor } from '../explore/asked.ts';

/** A number that can stand over the lanes. */
export interface Value {
  readonly name: string;
  /** `reading`: history may have it; `emitted`: the rules made it; `events`: how many they were given. */
  readonly kind: 'reading' | 'emitted' | 'events';
  /** Labels that tell its series from each other. */
  readonly by: readonly string[];
}

const byAtMost = 5;

/** The numbers that decided, the most used first; how many events came in is always one of them. */
export function valuesOf(result: Backtest): readonly Value[] {
  const outcomes: readonly Outcome[] = result.against ? [result, result.against] : [result];
  const emitted = new Set(
    outcomes.flatMap((of) =>
      of.emitted.flatMap(({ name, metric }) => (name && metric !== undefined ? [name] : [])),
    ),
  );
  const used = new Map<string, { count: number; by: readonly string[] }>();
  for (const { decisions } of outcomes)
    for (const decision of decisions) {
      if (decision.kind !== 'alert' || decision.name === undefined) continue;
      const known = used.get(decision.name);
      if (known) known.count++;
      else used.set(decision.name, { count: 1, by: Object.keys(decision.key).slice(0, byAtMost) });
    }
  const readings = [...used]
    .filter(([name]) => !emitted.has(name))
    .toSorted(([, a], [, b]) => b.count - a.count)
    .map(([name, { by }]): Value => ({ name, kind: 'reading', by }));
  return [
    ...readings,
    ...[...emitted].map((name): Value => ({ name, kind: 'emitted', by: [] })),
    { name: 'events given to the rules', kind: 'events', by: [] },
  ];
}

type Frame = Pick<Backtest, 'from' | 'to'>;
type Points = ReadonlyMap<number, number>;

const answerOf = (
  { from, to }: Frame,
  every: number,
  series: readonly (readonly [name: string, points: Points])[],
): SeriesAnswer => ({
  from,
  to,
  every,
  aggregate: 'mean',
  definition: '',
  series: series.map(([name, points]) => ({
    labels: { side: name },
    points: [...points].toSorted(([a], [b]) => a - b),
    total: null,
  })),
  total: null,
  matched: 0,
  omitted: 0,
  elapsedMs: 0,
});

/** Windows may be wider than the buckets of a course: in wider ones their values make a line. */
const points = 300;
const widthFor = ({ from, to, every }: Backtest): number =>
  Math.max(every, durationMs(stepFor(to - from, points)) ?? 0);

/** How many events the rules were given, in each bucket. */
export function eventsAnswer(result: Backtest): SeriesAnswer {
  const every = widthFor(result);
  const sums = new Map<number, number>();
  for (const [start, events] of result.input.course) {
    const bucket = Math.floor(start / every) * every;
    sums.set(bucket, (sums.get(bucket) ?? 0) + events);
  }
  return answerOf(result, every, [['events', sums]]);
}

/** What the rules emitted under a name: the mean of each bucket, one line for each side. */
export function emittedAnswer(result: Backtest, name: string): SeriesAnswer {
  const every = widthFor(result);
  const meansOf = (of: Outcome): Points => {
    const sums = new Map<number, { sum: number; n: number }>();
    for (const { name: its, metric, time } of of.emitted) {
      if (its !== name || metric === undefined) continue;
      const start = Math.floor(time / every) * every;
      const known = sums.get(start) ?? { sum: 0, n: 0 };
      sums.set(start, { sum: known.sum + metric, n: known.n + 1 });
    }
    return new Map([...sums].map(([start, { sum, n }]) => [start, sum / n]));
  };
  const { against } = result;
  return answerOf(result, every, [
    ['candidate', meansOf(result)],
    ...(against ? [['live', meansOf(against)] as const] : []),
  ]);
}

/** The values that alerts named when they were decided: all that is known of a number made inside a rule. */
export function decidedAnswer(result: Backtest, name: string): SeriesAnswer {
  const pointsOf = (of: Outcome): Points =>
    new Map(
      of.decisions.flatMap((one) =>
        one.kind === 'alert' && one.name === name && one.value !== undefined
          ? [[Math.floor(one.at / result.every) * result.every, one.value] as const]
          : [],
      ),
    );
  const { against } = result;
  return answerOf(result, result.every, [
    ['candidate', pointsOf(result)],
    ...(against ? [['live', pointsOf(against)] as const] : []),
  ]);
}
