import type { Static } from 'typebox';
import type { CheckRunRow, PerformanceValue } from '../../server/api/contract-checks.ts';
import type { LimitLine } from '../kit/LimitChart.tsx';
import type { Unit } from '../kit/units.ts';
import { unitOfValue } from './words.ts';

type Run = Static<typeof CheckRunRow>;

/** One number of a check over its runs. */
export interface Measured {
  readonly label: string;
  readonly unit: Unit;
  /** Slots, ms, ascending. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly limits: readonly LimitLine[];
}

/** What runs measured, label by label, and how long they took; oldest first. */
export function measuredIn(runs: readonly Run[]): readonly Measured[] {
  const oldest = runs.toSorted((a, b) => a.slot - b.slot);
  const rows = withSilences(oldest, ({ slot }) => slot);
  const times = rows.map(({ time }) => time);
  const labels = [
    ...new Set(oldest.flatMap(({ performance }) => performance.map(({ label }) => label))),
  ];
  const took: Measured = {
    label: 'how long it took',
    unit: 'milliseconds',
    times,
    values: rows.map(({ one }) => one?.durationMs ?? null),
    limits: [],
  };
  const measured = labels.map((label): Measured => {
    const found = rows.map(({ one }) => one?.performance.find((value) => value.label === label));
    const last = found.findLast((one) => one !== undefined);
    return {
      label,
      unit: unitOfValue(last?.unit ?? ''),
      times,
      values: found.map((one) => one?.value ?? null),
      limits: last ? limitsOf(last) : [],
    };
  });
  return [...measured, took];
}

/** What stands at a time, and nothing where there was none for long: a line does not go on through silence. */
export function withSilences<T>(
  oldest: readonly T[],
  timeOf: (one: T) => number,
): readonly { readonly time: number; readonly one?: T }[] {
  const times = oldest.map(timeOf);
  const distances = times.slice(1).map((time, i) => time - (times[i] ?? time));
  const usual = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
  return oldest.flatMap((one, i) => {
    const time = times[i] ?? 0;
    const isLong = (distances[i - 1] ?? 0) > 3 * usual;
    return isLong ? [{ time: time - usual }, { time, one }] : [{ time, one }];
  });
}

/** The lines that a value is held against. */
export const limitsOf = (of: {
  readonly [severity in LimitLine['severity']]?: PerformanceValue['value'] | null | undefined;
}): LimitLine[] =>
  (['warning', 'critical'] as const).flatMap((severity) => {
    const value = of[severity];
    return value === null || value === undefined ? [] : [{ severity, value }];
  });

/** The first slot of each version but the first that is known, ms. */
export function versionChanges(runs: readonly Run[]): readonly number[] {
  const changes: number[] = [];
  let known: string | null = null;
  for (const { slot, release } of runs.toSorted((a, b) => a.slot - b.slot)) {
    if (release === null) continue;
    if (known !== null && known !== release) changes.push(slot);
    known = release;
  }
  return changes;
}
