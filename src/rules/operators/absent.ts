import { formatDuration } from '../../event/quantity.ts';
import { labelsOfText } from '../engine/keys.ts';
import type { Scope } from '../engine/scope.ts';
import type { OperatorKind } from '../engine/operator.ts';
import { ruleError } from '../errors.ts';
import type { Arg } from '../language/plan.ts';
import { timeOf } from './event-time.ts';

interface Heard {
  /** When it was last heard, or the rule began, ms. */
  time: number;
  name: string | undefined;
  absent: boolean;
}

/**
 * Says `critical` when a key was silent for `time`, at that moment, with `since` (when it was last
 * heard) and the seconds of silence as `metric`; and `ok` at the event with which it is heard again,
 * however long that takes. The keys of `roster` are waited for from when the rule begins, seen or
 * not. An event that is older than the newest of its key changes nothing. Keeps a time, a name and
 * a flag a key, and holds an absent key against being forgotten.
 */
export const absent: OperatorKind = {
  stateful: true,
  retention: ({ time }) => Number(time),
  label: ({ time }) => `for ${formatDuration(Number(time))}`,
  start: ({ args, fields, send, get, set, wakeAt, about, scopeOf }) => {
    const time = Number(args['time']);
    const roster = rosterOf(args['roster'], fields);

    const say = (scope: Scope, at: number, { time: since, name, absent: silent }: Heard): void =>
      send(
        about(scope, at, {
          ...(name === undefined ? {} : { name }),
          state: silent ? 'critical' : 'ok',
          metric: (at - since) / 1000,
          since: silent ? since : at,
        }),
        scope,
      );

    return {
      begin: (now) => {
        for (const labels of roster) {
          const scope = scopeOf(labels);
          if (!scope || get(scope) !== undefined) continue;
          set(scope, { time: now, name: undefined, absent: false });
          wakeAt(scope, now + time);
        }
      },
      event: (event, scope) => {
        const at = timeOf(event);
        const heard = get(scope) as Heard | undefined;
        if (!heard) {
          set(scope, { time: at, name: event.name, absent: false });
          return wakeAt(scope, at + time);
        }
        if (at < heard.time) return;
        heard.name = event.name ?? heard.name;
        if (heard.absent) {
          heard.absent = false;
          // Never before the silence was said, however late it comes.
          say(scope, Math.max(at, heard.time + time), heard);
          wakeAt(scope, at + time);
        }
        heard.time = at;
      },
      wake: (scope, at) => {
        const heard = get(scope) as Heard | undefined;
        if (!heard || heard.absent) return;
        // Heard since this was asked for.
        if (heard.time + time > at) return wakeAt(scope, heard.time + time);
        heard.absent = true;
        say(scope, at, heard);
      },
      holds: (state) => (state as Heard).absent, // as it was set above
    };
  },
};

/** The keys that are expected. Throws TERR_RULE_ARGUMENT for a text that is none of these fields. */
function rosterOf(roster: Arg, fields: readonly string[]): readonly (readonly string[])[] {
  return ((roster ?? []) as readonly string[]).map((text) => {
    const labels = labelsOfText(text);
    if (fields.length > 0 && labels.length === fields.length) return labels;
    throw ruleError(
      'ARGUMENT',
      `roster: "${text}" is no key of by(${fields.join(', ')}); write its values with commas between`,
      { field: 'roster' },
    );
  });
}
