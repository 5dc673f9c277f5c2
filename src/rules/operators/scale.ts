import type { Event } from '../../event/event.ts';
import { formatDuration } from '../../event/quantity.ts';
import type { Scope } from '../engine/scope.ts';
import type { OperatorKind } from '../engine/operator.ts';
import type { RuleEvent } from '../language/plan.ts';
import { compileTemplate } from '../language/template.ts';
import { isOutOfOrder, timeOf } from './event-time.ts';
import { shown, written } from './look.ts';

/** How many there should be, by one event. */
interface Wish {
  readonly target: string;
  readonly want: number;
  readonly value: number | undefined;
}

interface ScaleState {
  /** What was decided last, and when, ms. */
  want: number;
  at: number;
  /** What the newest event wants, while it is too early to decide. */
  wish: Wish | undefined;
  waiting: boolean;
  /** Of the newest event, ms. */
  time: number;
}

/**
 * *Scale*: what `want` answers, rounded up and kept between `min` and `max`, whenever it differs
 * from what was decided before; the first is always decided. Within `cooldown` of a decision there is
 * no other: at its end the newest wish counts. An answer that is not a finite number is left out; an
 * event that is older than the newest of its key is late. Keeps three numbers and one wish a key.
 */
export const scale: OperatorKind = {
  stateful: true,
  label: ({ target, min, max, cooldown }) =>
    `${written(target)} ${written(min)}–${written(max)}, every ${formatDuration(Number(cooldown))} at most`,
  start: ({ args, get, set, wakeAt, late, decide }) => {
    const min = Number(args['min']);
    const max = Number(args['max']);
    const cooldown = Number(args['cooldown']);
    const targetOf = compileTemplate(args['target'] as string);
    const wanted = args['want'] as (event: RuleEvent) => number; // as `scaleNode` took it

    const wishOf = (event: Event): Wish | undefined => {
      const want = wanted(shown(event));
      if (typeof want !== 'number' || !Number.isFinite(want)) return undefined;
      const clamped = Math.min(max, Math.max(min, Math.ceil(want)));
      return { target: targetOf(event), want: clamped, value: event.metric };
    };
    const say = (scope: Scope, at: number, { target, want, value }: Wish): void =>
      decide(
        { kind: 'scale', at, target, want, min, max, ...(value === undefined ? {} : { value }) },
        scope,
      );

    return {
      event: (event, scope) => {
        const wish = wishOf(event);
        if (!wish) return;
        const time = timeOf(event);
        const state = get(scope) as ScaleState | undefined;
        if (!state) {
          set(scope, { want: wish.want, at: time, wish: undefined, waiting: false, time });
          return say(scope, time, wish);
        }
        if (isOutOfOrder(state, time)) return late();
        state.wish = wish.want === state.want ? undefined : wish;
        if (!state.wish) return;
        if (time >= state.at + cooldown) {
          settle(state, time);
          return say(scope, time, wish);
        }
        if (state.waiting) return;
        state.waiting = true;
        wakeAt(scope, state.at + cooldown);
      },
      wake: (scope, at) => {
        const state = get(scope) as ScaleState | undefined;
        if (!state) return;
        state.waiting = false;
        const { wish } = state;
        if (!wish) return;
        if (at < state.at + cooldown) {
          state.waiting = true;
          return wakeAt(scope, state.at + cooldown);
        }
        settle(state, at);
        say(scope, at, wish);
      },
    };
  },
};

function settle(state: ScaleState, at: number): void {
  state.want = state.wish?.want ?? state.want;
  state.at = at;
  state.wish = undefined;
}
