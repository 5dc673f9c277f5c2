import type { StepRow, TryScenario, TryStep } from '../../server/api/contract-checks.ts';
import type { Message } from '../stream/sse.ts';

/** One scenario that is tried: its steps as they come, and how it ended. */
export interface Tried {
  readonly scenario: string;
  /** From 1; the steps are those of this one. */
  readonly attempt: number;
  readonly steps: readonly StepRow[];
  readonly end: TryScenario | undefined;
}

/** What came of a try so far. */
export interface Trial {
  readonly scenarios: readonly Tried[];
  /** Everything that was asked for was run, or it is said what kept it from that. */
  readonly isOver: boolean;
  readonly problem: string | null;
}

export const nothingTried: Trial = { scenarios: [], isOver: false, problem: null };

/** One message of a try taken in. */
export function took(before: Trial, { event, data }: Pick<Message, 'event' | 'data'>): Trial {
  // All made by the server from the same types.
  if (event === 'end') {
    const { problem } = JSON.parse(data) as { readonly problem: string | null };
    return { ...before, isOver: true, problem };
  }
  if (event === 'step') {
    const { scenario, attempt, ...step } = JSON.parse(data) as TryStep;
    return put(before, scenario, (was) => ({
      ...was,
      attempt,
      steps: attempt === was.attempt ? [...was.steps, step] : [step],
    }));
  }
  if (event !== 'scenario') return before;
  const end = JSON.parse(data) as TryScenario;
  return put(before, end.scenario, (was) => ({ ...was, end }));
}

/** Scenarios may have one name (rows of an outline): what has ended is not gone on with. */
function put(before: Trial, scenario: string, change: (was: Tried) => Tried): Trial {
  const { scenarios } = before;
  const at = scenarios.findIndex((one) => one.scenario === scenario && !one.end);
  const was = scenarios[at] ?? { scenario, attempt: 1, steps: [], end: undefined };
  const next = change(was);
  return {
    ...before,
    scenarios: at < 0 ? [...scenarios, next] : scenarios.map((one, i) => (i === at ? next : one)),
  };
}
