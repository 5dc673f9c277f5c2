import type { CheckDefinition, CheckState } from './definition.ts';
import type { CheckRun } from './run.ts';

/** A limit that a scenario sets, with what was measured. */
export interface Budget {
  readonly check: string;
  readonly name: string;
  readonly application: string | null;
  readonly environment: string;
  readonly label: string;
  readonly unit: string;
  /** From here on it is a warning, and a failure. At least one of them is there. */
  readonly warning: number | null;
  readonly critical: number | null;
  readonly last: number | null;
  /** The middle of all that was measured: one value alone is noise. */
  readonly median: number | null;
  readonly samples: number;
  /** By the median; `pending` with fewer than `fewestSamples`. */
  readonly state: CheckState | 'pending';
  /** The oldest first. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/** Fewer values say nothing of a budget. */
export const fewestSamples = 5;

/**
 * The budgets of a check, by label, over the runs that are given (the oldest first). The limits are
 * those of the last run: what was measured is held against what is asked now.
 */
export function budgetsOf(definition: CheckDefinition, runs: readonly CheckRun[]): Budget[] {
  const seen = new Map<string, { at: number; one: CheckRun['performance'][number] }[]>();
  for (const { started, performance } of runs)
    for (const one of performance) {
      const those = seen.get(one.label) ?? [];
      those.push({ at: started, one });
      seen.set(one.label, those);
    }
  return [...seen].flatMap(([label, values]) => {
    const last = values.at(-1)?.one;
    if (!last || (last.warning === undefined && last.critical === undefined)) return [];
    const { id, name, application, environment } = definition;
    const points = values.map(({ at, one }) => ({ at, value: one.value }));
    const { unit, warning = null, critical = null } = last;
    const middle = medianOf(points.map(({ value }) => value));
    return [
      {
        check: id,
        name,
        application: application ?? null,
        environment,
        label,
        unit,
        warning,
        critical,
        last: last.value,
        median: middle,
        samples: points.length,
        state: points.length < fewestSamples ? 'pending' : stateOf(middle, { warning, critical }),
        points,
      } satisfies Budget,
    ];
  });
}

function stateOf(
  value: number,
  { warning, critical }: { readonly warning: number | null; readonly critical: number | null },
): CheckState {
  if (critical !== null && value >= critical) return 'critical';
  return warning !== null && value >= warning ? 'warning' : 'ok';
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? high) + high) / 2 : high;
}
