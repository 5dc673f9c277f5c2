import type { Block, Freeze, Lock, Window } from './gate.ts';
import { type Scope, scopeText } from './scope.ts';
import { parseSchedule } from './schedule/schedule.ts';
import { type Span, openSpans } from './schedule/spans.ts';
import type { GatesState } from './state.ts';

/** Something that stands in the calendar. Times are ms since the epoch, UTC. */
export interface Entry {
  /** The same for the same thing, whenever and for whatever range it is asked. */
  readonly uid: string;
  readonly kind: 'allow' | 'deny' | 'freeze' | 'lock' | 'block' | 'deploy' | 'reserved' | 'queued';
  readonly from: number;
  /** Undefined: it has no end, or took no time. */
  readonly to?: number;
  readonly app?: string;
  readonly environment?: string;
  readonly title: string;
  readonly text: string;
  /** When it was last changed. */
  readonly changed: number;
}

/** A deploy as facts tell of it. */
export interface PastDeploy {
  /** The same for the same deploy. */
  readonly key: string;
  readonly app: string;
  readonly environment: string;
  readonly version: string | undefined;
  /** In the words of what runs where: succeeded, failed, … */
  readonly state: string;
  readonly started: number | undefined;
  /** When it ended, or was last told of. */
  readonly at: number;
  readonly actor: string | undefined;
  readonly reason: string | undefined;
}

/** A time that is kept for somebody. */
export interface Reserved {
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly by: string;
  readonly from: number;
  /** When it ends, or was ended. */
  readonly until: number;
  readonly reason: string | undefined;
  /** When it was last changed. */
  readonly changed: number;
}

/** A deploy that has not begun. */
export interface Queued {
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly version: string;
  /** When it is expected to begin. */
  readonly from: number;
  /** How long it is expected to take, ms. */
  readonly expected: number | undefined;
  readonly by: string;
  /** Why it waits. */
  readonly waits: readonly string[];
  readonly changed: number;
}

/** What is asked of deploys that are still to come. */
export interface Ahead {
  readonly reserved: readonly Reserved[];
  readonly queued: readonly Queued[];
}

const nothingAhead: Ahead = { reserved: [], queued: [] };

/** What is shown at most; more is cut and said. */
export const maxEntries = 5_000;
/** Of one window. */
const maxOccurrences = 400;

export interface Calendar {
  /** By their start. */
  readonly entries: readonly Entry[];
  /** How many were left out: from the end, and of windows that open very often. */
  readonly cut: number;
}

/**
 * Windows, freezes, locks, post-its with an end, deploys, those that wait and times that are
 * reserved, as far as they touch a range.
 */
export function calendarOf(
  state: GatesState,
  deploys: readonly PastDeploy[],
  range: Span,
  ahead: Ahead = nothingAhead,
): Calendar {
  let cut = 0;
  const all = [
    ...[...state.windows.values()].flatMap((one) => {
      const found = windowEntries(one, range).filter((entry) => touches(entry, range));
      cut += Math.max(0, found.length - maxOccurrences);
      return found.slice(0, maxOccurrences);
    }),
    ...[...state.freezes.values()].flatMap(freezeEntries),
    ...[...state.locks.values()].flatMap(lockEntries),
    ...[...state.blocks.values()].flatMap(blockEntries),
    ...deploys.map(deployEntry),
    ...ahead.reserved.map(reservedEntry),
    ...ahead.queued.map(queuedEntry),
  ].filter((entry) => touches(entry, range));
  all.sort((a, b) => a.from - b.from || (a.uid < b.uid ? -1 : 1));
  return { entries: all.slice(0, maxEntries), cut: cut + Math.max(0, all.length - maxEntries) };
}

/** What has no end goes on. */
function touches({ kind, from, to }: Entry, range: Span): boolean {
  const moment = kind === 'deploy' || kind === 'queued';
  const end = to ?? (moment ? from + 1 : Number.POSITIVE_INFINITY);
  return from < range.to && end > range.from;
}

/** So far outside the range, and as long as it lasts, a span is followed to its true ends; what goes on longer has none. */
const margin = 8 * 86_400_000;

function windowEntries(one: Window, range: Span): Entry[] {
  const schedule = parseSchedule(one.schedule);
  const beyond = margin + (schedule.kind === 'cron' ? schedule.lasts : 0);
  const edge = { from: range.from - beyond, to: range.to + beyond };
  const until = one.ended?.at ?? Number.POSITIVE_INFINITY;
  return openSpans(schedule, one.zone, edge)
    .filter(({ from }) => from < until)
    .flatMap((span) => {
      // What goes beyond the edge is named by its window alone: the edge moves with the question.
      const begins = span.from === edge.from ? undefined : span.from;
      const from = Math.max(begins ?? one.created, one.created);
      const to = Math.min(span.to, until);
      if (from >= to) return [];
      return [
        {
          uid: `window-${one.id}-${begins ?? 'always'}`,
          kind: one.kind,
          from,
          ...((span.to < edge.to || to === until) && { to }),
          ...namesOf(one.scope),
          title: `${one.kind === 'allow' ? 'Deploys' : 'No deploys'}: ${scopeText(one.scope)}`,
          text: lines(one.reason, `${one.schedule} (${one.zone})`, `declared by ${one.by}`),
          changed: changed(one),
        },
      ];
    });
}

function freezeEntries(one: Freeze): Entry[] {
  const to = one.ended?.at ?? one.until;
  // Ended before it began: it never was.
  if (to !== undefined && to <= one.from) return [];
  const title = `Freeze: ${scopeText(one.scope)}`;
  const text = lines(one.reason, `declared by ${one.by}`, to === undefined && 'until it is ended');
  return [
    entryOf(one, { uid: `freeze-${one.id}`, kind: 'freeze', from: one.from, to, title, text }),
  ];
}

function lockEntries(one: Lock): Entry[] {
  const to = one.ended?.at ?? one.until;
  const title = `${one.warning ? 'Warning' : 'Lock'}: ${scopeText(one.scope)} (${one.by})`;
  const uid = `lock-${one.id}`;
  return [entryOf(one, { uid, kind: 'lock', from: one.created, to, title, text: one.reason })];
}

/** One without an end is no date. */
function blockEntries(one: Block): Entry[] {
  if (one.until === undefined) return [];
  const to = one.ended?.at ?? one.until;
  const title = `Blocked: ${scopeText(one.scope)}`;
  const safe = one.safe !== undefined && `the safe version is ${one.safe}`;
  const text = lines(one.reason, safe, `noted by ${one.by}`);
  return [
    entryOf(one, { uid: `block-${one.id}`, kind: 'block', from: one.created, to, title, text }),
  ];
}

type Shown = Pick<Entry, 'uid' | 'kind' | 'from' | 'title' | 'text'> & {
  readonly to: number | undefined;
};

function entryOf(gate: Freeze | Lock | Block, { to, ...shown }: Shown): Entry {
  const end = to === undefined ? {} : { to };
  return { ...shown, ...end, ...namesOf(gate.scope), changed: changed(gate) };
}

function deployEntry(deploy: PastDeploy): Entry {
  const { key, app, environment, version, state, started, at, actor, reason } = deploy;
  const from = started ?? at;
  return {
    uid: `deploy-${key}`,
    kind: 'deploy',
    from,
    ...(at > from && { to: at }),
    app,
    environment,
    title: `${app} ${version ?? '(version unknown)'} to ${environment}: ${state}`,
    text: lines(reason, actor !== undefined && `by ${actor}`),
    changed: at,
  };
}

function reservedEntry(one: Reserved): Entry {
  const { id, app, environment, by, from, until, reason } = one;
  return {
    uid: `reservation-${id}`,
    kind: 'reserved',
    from,
    to: until,
    app,
    environment,
    title: `Reserved: ${scopeText({ app, environment })} (${by})`,
    text: lines(reason),
    changed: one.changed,
  };
}

function queuedEntry(one: Queued): Entry {
  const { id, app, environment, version, from, expected, by, waits } = one;
  return {
    // Not that of the deploy that it becomes: a calendar would move what it has seen done.
    uid: `queued-${id}`,
    kind: 'queued',
    from,
    ...(expected !== undefined && expected > 0 && { to: from + expected }),
    app,
    environment,
    title: `Queued: ${app} ${version} to ${environment}`,
    text: lines(...waits, `asked for by ${by}`),
    changed: one.changed,
  };
}

const changed = (gate: Freeze | Lock | Block | Window): number => gate.ended?.at ?? gate.created;

function namesOf({ app, environment }: Scope) {
  return { ...(app !== undefined && { app }), ...(environment !== undefined && { environment }) };
}

function lines(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join('\n');
}
