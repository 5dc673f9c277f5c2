import type { Event } from '../../event/event.ts';
import { formatDuration } from '../../event/quantity.ts';
import { type Change, changeOf } from '../correlate/change.ts';
import { fieldName } from '../correlate/labels.ts';
import { suspects as suspectsOf } from '../correlate/suspects.ts';
import type { Key } from '../decision.ts';
import type { OperatorKind } from '../engine/operator.ts';
import type { Arg, RuleEvent } from '../language/plan.ts';
import type { AlertHints } from './alert.ts';
import { timeOf } from './event-time.ts';

/** So many changes are remembered; the oldest give way. */
const most = 1_000;
/** And so much longer than `before`, since a condition may be told of long after it began. */
const grace = 86_400_000;

/**
 * Adds the changes that came within `before` of the moment when the condition began (`since`, or the
 * event's time), or are told of at most `late` after it, and share its labels, most suspicious first, at most eight: see
 * `correlate/suspects.ts` for the order. An event `ok` has no suspects. A change that arrives later
 * than the event is not among them; no event is late. Remembers at most 1,000 changes, for all keys
 * together.
 */
export const suspects: OperatorKind = {
  stateful: true,
  retention: ({ before }) => Number(before),
  label: ({ before, on }) =>
    `${formatDuration(Number(before))} before, same ${(on as readonly string[]).join(', ')}`,
  start: ({ args, root, get, set, send, keyOf, full }) => {
    const settings = {
      before: Number(args['before']),
      late: Number(args['late'] ?? 0),
      on: args['on'] as readonly string[],
    };
    const upstreams = upstreamsOf(args['upstream']);

    const remember = (change: Change): void => {
      const known = (get(root) as Change[] | undefined) ?? [];
      const until = change.time - settings.before - grace;
      const changes = known.filter(({ time, source, id }) => {
        const isSame = id === change.id && source === change.source;
        return time >= until && !isSame;
      });
      changes.push(change);
      if (changes.length > most && changes.shift()) full();
      set(root, changes);
    };

    return {
      event: (event, scope, input) => {
        if (input === 1) {
          const change = changeOf(event);
          if (change) remember(change);
          return;
        }
        if (event.state === 'ok') return send(event, scope);
        const { since = timeOf(event) }: RuleEvent = event;
        const labels = labelsOf(event, keyOf(scope));
        const upstream = upstreams.get(labels['service'] ?? '') ?? [];
        const changes = (get(root) as readonly Change[] | undefined) ?? [];
        const found = suspectsOf({ since, labels }, changes, { ...settings, upstream });
        const passed: Event & AlertHints = { ...event, suspects: found };
        send(passed, scope);
      },
    };
  },
};

function upstreamsOf(arg: Arg): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries((arg ?? {}) as Readonly<Record<string, readonly string[]>>));
}

/** What an event is about, by the names of fields: the key says what the event does not. */
function labelsOf(event: Event, key: Key): Readonly<Record<string, string>> {
  const named: Record<string, string | undefined> = { ...event.attributes };
  for (const [field, value] of Object.entries(key)) named[fieldName(field)] ??= value || undefined;
  named['service'] = event.service ?? named['service'];
  named['host'] = event.host ?? named['host'];
  named['environment'] = event.environment ?? named['environment'];
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
