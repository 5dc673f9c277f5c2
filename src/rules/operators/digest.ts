import type { Event } from '../../event/event.ts';
import { formatDuration } from '../../event/quantity.ts';
import type { Scope } from '../engine/scope.ts';
import type { OperatorKind } from '../engine/operator.ts';
import { textOf } from '../language/text.ts';
import { timeOf } from './event-time.ts';
import type { Result } from './fold/fold.ts';
import { written } from './look.ts';

interface Period {
  /** Its end, ms. */
  end: number;
  /** How many events and digests it let through. */
  passed: number;
  held: number;
  /** The first few that were held. */
  examples: Event[];
  last: Event | undefined;
}

const mostExamples = 3;

/**
 * The first `n` events of each period as they come; the others as one event at its end, with their
 * number as `metric`, three of them in `text`, and those as `data.examples` (rules.md 6.5). That one
 * is the first of the next period, so that never more than `n` (at least one) come in a period.
 * Periods are aligned to the epoch. An event of a period that is over counts in the one that runs:
 * nothing is lost. Keeps four events at most a key.
 */
export const digest: OperatorKind = {
  stateful: true,
  retention: ({ per }) => Number(per),
  label: ({ n, per }) => `${written(n)}, then one each ${formatDuration(Number(per))}`,
  start: ({ args, send, get, set, wakeAt, about }) => {
    const n = Number(args['n']);
    const per = Number(args['per']);

    const periodOf = (event: Event, scope: Scope): Period => {
      const end = Math.floor(timeOf(event) / per) * per + per;
      const known = get(scope) as Period | undefined;
      // While something is held the period goes on until it was said.
      if (known && (known.held > 0 || end <= known.end)) return known;
      const made = { end, passed: 0, held: 0, examples: [], last: undefined };
      set(scope, made);
      return made;
    };

    return {
      event: (event, scope) => {
        const period = periodOf(event, scope);
        if (period.passed < n) {
          period.passed++;
          return send(event, scope);
        }
        if (period.held++ === 0) wakeAt(scope, period.end);
        if (period.examples.length < mostExamples) period.examples.push(event);
        period.last = event;
      },
      wake: (scope, at) => {
        const period = get(scope) as Period | undefined;
        if (!period || period.held === 0) return;
        set(scope, { end: at + per, passed: 1, held: 0, examples: [], last: undefined });
        send(about(scope, at, digestOf(period)), scope);
      },
    };
  },
};

function digestOf({ held, examples, last }: Period): Result {
  const words = examples.map(wordsOf);
  const more = held > examples.length ? ', …' : '';
  const { name, state } = last ?? {};
  return {
    ...(name === undefined ? {} : { name }),
    ...(state === undefined ? {} : { state }),
    metric: held,
    attributes: { text: `${held} more: ${words.join(', ')}${more}` },
    data: {
      examples: examples.map(({ time, source, id }, i) => ({
        time,
        source,
        id,
        text: words[i] ?? '',
      })),
    },
  };
}

/** What a person would call the event. */
function wordsOf(event: Event): string {
  const text = textOf(event);
  if (text !== undefined) return text;
  const { type, name = type, state, metric } = event;
  return [name, state, metric].filter((one) => one !== undefined).join(' ');
}
