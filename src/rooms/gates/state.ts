import type { PlacedEvent } from '../../event/codec.ts';
import { Payload, defined } from '../alerts/facts.ts';
import { type Happening, happeningOf } from './facts.ts';
import { type Block, type Freeze, type Lock, type Window, isOver } from './gate.ts';
import { type Scope, scopeText } from './scope.ts';
import { parseSchedule } from './schedule/schedule.ts';
import { checkedZone } from './schedule/zone.ts';

/** Of each kind so many may stand. */
export const maxStanding = 500;
/** So many windows: each is asked each time. */
export const maxWindows = 100;
/** Of each kind so many are remembered, those that are over with them. */
export const maxKept = 2_000;

/** What the room knows: a fold of its facts. */
export interface GatesState {
  /** The last lock of each scope, by the scope's text. */
  readonly locks: Map<string, Lock>;
  /** The others by their id, in the order in which they were set up. */
  readonly freezes: Map<string, Freeze>;
  readonly blocks: Map<string, Block>;
  readonly windows: Map<string, Window>;
}

export function startGates(): GatesState {
  return { locks: new Map(), freezes: new Map(), blocks: new Map(), windows: new Map() };
}

/** The last lock of a scope, which may have run out. */
export function lockOf(state: GatesState, id: string): Lock | undefined {
  for (const lock of state.locks.values()) if (lock.id === id) return lock;
  return undefined;
}

/** The state with one fact more. Total: what makes no sense changes nothing. */
export function foldGates(state: GatesState, event: PlacedEvent): GatesState {
  const happening = happeningOf(event);
  if (happening) folds[happening](state, { event, payload: new Payload(event.data) });
  return state;
}

interface Fact {
  readonly event: PlacedEvent;
  readonly payload: Payload;
}

const folds: Readonly<Record<Happening, (state: GatesState, fact: Fact) => void>> = {
  'lock.acquired': ({ locks }, fact) => {
    const { payload } = fact;
    const until = payload.number('until');
    if (until === undefined) return;
    const gate = gateOf(fact);
    const { warning, reason } = { warning: payload.flag('warning'), reason: reasonIn(fact) };
    locks.delete(scopeText(gate.scope));
    keep(locks, [scopeText(gate.scope), { ...gate, reason, until, warning }], fact);
  },
  'lock.renewed': ({ locks }, { event, payload }) => {
    const key = scopeText(scopeOf(event));
    const lock = locks.get(key);
    const until = payload.number('until');
    if (!lock || until === undefined) return;
    const warning = payload.flag('warning');
    locks.set(key, { ...lock, until, warning, reason: payload.text('reason') ?? lock.reason });
  },
  'lock.released': ({ locks }, fact) => endIn(locks, scopeText(scopeOf(fact.event)), fact),
  'freeze.declared': ({ freezes }, fact) => {
    const { event, payload } = fact;
    const gate = gateOf(fact);
    const from = payload.number('from') ?? event.time;
    const times = defined({ from, until: payload.number('until') });
    keep(freezes, [gate.id, { ...gate, reason: reasonIn(fact), ...times }], fact);
  },
  'freeze.ended': ({ freezes }, fact) => endIn(freezes, idOf(fact.event), fact),
  'block.noted': ({ blocks }, fact) => {
    const { payload } = fact;
    const gate = gateOf(fact);
    const { app } = gate.scope;
    if (app === undefined) return;
    const rest = defined({ safe: payload.text('safe'), until: payload.number('until') });
    const scope = { ...gate.scope, app };
    keep(blocks, [gate.id, { ...gate, scope, reason: reasonIn(fact), ...rest }], fact);
  },
  'block.lifted': ({ blocks }, fact) => endIn(blocks, idOf(fact.event), fact),
  'window.declared': ({ windows }, fact) => {
    const { payload } = fact;
    const kind = payload.text('kind');
    const schedule = payload.text('schedule') ?? '';
    const zone = payload.text('zone') ?? 'UTC';
    if ((kind !== 'allow' && kind !== 'deny') || !canBeRead(schedule, zone)) return;
    const gate = gateOf(fact);
    const rest = defined({ reason: payload.text('reason'), overrun: payload.flag('overrun') });
    keep(windows, [gate.id, { ...gate, kind, schedule, zone, ...rest }], fact);
  },
  'window.removed': ({ windows }, fact) => endIn(windows, idOf(fact.event), fact),
};

function gateOf({ event, payload }: Fact) {
  return {
    id: payload.text('id') ?? idOf(event),
    scope: scopeOf(event),
    by: payload.text('by') ?? '',
    created: event.time,
    offset: event.offset,
  };
}

const scopeOf = ({ service, environment }: PlacedEvent): Scope =>
  defined({ app: service, environment });

const reasonIn = ({ payload }: Fact): string => payload.text('reason') ?? '';

const idOf = ({ subject = '' }: PlacedEvent): string => subject.slice(subject.indexOf('/') + 1);

/** A window of before, when a name of a zone was known that is no more, can be asked nothing. */
function canBeRead(schedule: string, zone: string): boolean {
  try {
    parseSchedule(schedule);
    checkedZone(zone);
    return true;
  } catch {
    return false;
  }
}

function endIn<G extends Lock | Freeze | Block | Window>(
  gates: Map<string, G>,
  key: string,
  { event, payload }: Fact,
): void {
  const gate = gates.get(key);
  if (!gate || gate.ended) return;
  gates.set(key, { ...gate, ended: { by: payload.text('by') ?? '', at: event.time } });
}

/** Adds a gate, and forgets the first that are over when there are too many. */
function keep<G extends Lock | Freeze | Block | Window>(
  gates: Map<string, G>,
  [key, gate]: readonly [string, G],
  { event }: Fact,
): void {
  if (!gates.has(key)) gates.set(key, gate);
  if (gates.size <= maxKept) return;
  for (const [old, one] of gates) {
    if (!isOver(one, event.time)) continue;
    gates.delete(old);
    if (gates.size <= maxKept) return;
  }
}
