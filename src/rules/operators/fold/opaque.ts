import type { Args, RuleEvent } from '../../language/plan.ts';
import type { Step } from '../../language/window.ts';
import { shown } from '../look.ts';
import { type Fold, fold, metric, type Result } from './fold.ts';

interface Own {
  state: unknown;
}

/**
 * A rule's own fold. Its states cannot be merged, so a sliding window keeps one for each of its
 * steps, and a late event never makes one session of two. Keeps what its `step` answers, which is
 * to be bounded and plain data.
 */
export function opaque({ seed, step, finish }: Args): Fold {
  const next = step as Step<unknown>; // as `Window.fold` took them
  const end = finish as (state: unknown) => number | Result | undefined | null;
  return fold<Own, RuleEvent>({
    // A seed that a step changes must not be the seed of the next window.
    make: () => ({ state: structuredClone(seed) }),
    item: shown,
    add: (kept, event) => {
      kept.state = next(kept.state, event);
      return kept;
    },
    merge: undefined,
    results: ({ state }) => {
      const made = end(state);
      if (made === undefined || made === null) return [];
      return typeof made === 'number' ? metric(made) : [made];
    },
    empty: undefined,
  });
}
