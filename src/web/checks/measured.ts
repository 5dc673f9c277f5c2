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
  const times = oldest.map(({ slot }) => slot);
  const labels = [
    ...new Set(oldest.flatMap(({ performance }) => performance.map(({ label }) => label))),
  ];
  const took: Measured = {
    label: 'how long it took',
    unit: 'milliseconds',
    times,
    values: oldest.map(({ durationMs }) => durationMs),
    limits: [],
  };
  const measured = labels.map((label): Measured => {
    const found = oldest.map(({ performance }) => performance.find((one) => one.label === label));
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
