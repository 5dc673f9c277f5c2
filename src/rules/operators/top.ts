import { formatDuration } from '../../event/quantity.ts';
import type { Scope } from '../engine/scope.ts';
import type { OperatorKind, Surroundings } from '../engine/operator.ts';
import { ruleError } from '../errors.ts';
import { timeOf } from './event-time.ts';
import { written } from './look.ts';

type Labels = readonly string[];

/** What the operator knows of all keys. */
interface Ranking {
  /** The end of an interval for which it is woken, and the last one that was said, ms. */
  due: number;
  said: number;
  /** Keys that have a value. */
  live: Labels[];
  /** Keys that were said to be in it. */
  members: Labels[];
}

/** The last value of one key in an interval that ends at `end`; good until `until`, ms. */
interface Value {
  readonly end: number;
  time: number;
  value: number;
  until: number;
}

interface Candidate {
  readonly labels: Labels;
  readonly scope: Scope;
  readonly value: number;
  readonly name: string | undefined;
}

/** Of one key: its value in each interval that is open, oldest first. */
interface Entrant {
  values: Value[];
  name: string | undefined;
}

/**
 * At each `every`, aligned to the epoch, the `k` keys with the largest last value, largest first,
 * each as an event with its `rank` from 1; and for each key that was among them and is no more an
 * event with the state `expired`. A value counts in its interval, which ends with the moment that is
 * said; with a ttl until that is over. Equal values stand in the order of their keys. An event of an
 * interval that was said is late. Keeps a value for each key that has one, and holds it until then.
 */
export const top: OperatorKind = {
  stateful: true,
  retention: ({ every }) => Number(every),
  label: ({ k, every }) => `${written(k)} each ${formatDuration(Number(every))}`,
  start: (ctx) => {
    const every = Number(ctx.args['every']);
    const k = Number(ctx.args['k']);
    const { root, get, set, wakeAt, late, fields } = ctx;
    if (fields.length === 0)
      throw ruleError('ARGUMENT', 'top: there are no keys to compare; put a by() before it');
    return {
      event: (event, scope) => {
        const { metric, name } = event;
        if (metric === undefined) return;
        const time = timeOf(event);
        const end = Math.ceil(time / every) * every;
        const ranking = rankingOf(ctx);
        if (end <= ranking.said) return late();
        let entrant = get(scope) as Entrant | undefined;
        if (!entrant) {
          entrant = { values: [], name };
          set(scope, entrant);
          ranking.live.push(scope.labels);
        }
        entrant.name = name;
        const until = event.ttl === undefined ? end : time + event.ttl * 1000;
        enter(entrant, { end, time, value: metric, until });
        if (end >= ranking.due) return;
        ranking.due = end;
        wakeAt(root, end);
      },
      wake: (_, at) => {
        const ranking = rankingOf(ctx);
        if (ranking.due !== at) return;
        const candidates = candidatesAt(ctx, ranking, at);
        const chosen = candidates.toSorted(larger).slice(0, k);
        const left = ranking.members.filter((labels) => !includes(chosen, labels));
        ranking.said = at;
        ranking.members = chosen.map(({ labels }) => labels);
        ranking.due = Number.POSITIVE_INFINITY;
        if (ranking.live.length > 0 || ranking.members.length > 0) {
          ranking.due = at + every;
          wakeAt(root, ranking.due);
        }
        say(ctx, at, { chosen, left });
      },
      // Its labels stand in the ranking.
      holds: () => true,
    };
  },
};

function rankingOf({ root, get, set }: Surroundings): Ranking {
  const known = get(root) as Ranking | undefined;
  if (known) return known;
  const made = {
    due: Number.POSITIVE_INFINITY,
    said: Number.NEGATIVE_INFINITY,
    live: [],
    members: [],
  };
  set(root, made);
  return made;
}

/** Of two values of one interval the newer counts. */
function enter({ values }: Entrant, value: Value): void {
  const there = values.find(({ end }) => end === value.end);
  if (!there) {
    values.push(value);
    values.sort((a, b) => a.end - b.end);
  } else if (value.time >= there.time) Object.assign(there, value);
}

/** The keys that have a value at `at`, ms; the others are let go. */
function candidatesAt(ctx: Surroundings, ranking: Ranking, at: number): Candidate[] {
  const candidates: Candidate[] = [];
  ranking.live = ranking.live.filter((labels) => {
    const scope = ctx.scopeOf(labels);
    const entrant = scope && (ctx.get(scope) as Entrant | undefined);
    if (!scope || !entrant) return false;
    const { values, name } = entrant;
    const last = values.findLast(({ end, until }) => end <= at && (end === at || until >= at));
    if (last) candidates.push({ labels, scope, value: last.value, name });
    entrant.values = values.filter((one) => one.end > at || (one === last && one.until > at));
    if (entrant.values.length === 0) ctx.set(scope, undefined);
    return entrant.values.length > 0;
  });
  return candidates;
}

function larger(a: Candidate, b: Candidate): number {
  return b.value - a.value || (a.labels.join('\0') < b.labels.join('\0') ? -1 : 1);
}

function includes(candidates: readonly Candidate[], labels: Labels): boolean {
  return candidates.some((one) => one.labels.join('\0') === labels.join('\0'));
}

function say(
  { about, send, scopeOf }: Surroundings,
  at: number,
  { chosen, left }: { readonly chosen: readonly Candidate[]; readonly left: readonly Labels[] },
): void {
  for (const labels of left) {
    const scope = scopeOf(labels);
    if (scope) send(about(scope, at, { state: 'expired' }), scope);
  }
  for (const [i, { scope, value, name }] of chosen.entries())
    send(
      about(scope, at, {
        ...(name === undefined ? {} : { name }),
        metric: value,
        attributes: { rank: String(i + 1) },
      }),
      scope,
    );
}
