import type { PlacedEvent } from '../../event/codec.ts';
import { type Alert, type MuteReason, foldAlert, idOf } from './alert.ts';
import {
  type AlertHappening,
  type Happening,
  defined,
  happeningOf,
  isAlertHappening,
} from './facts.ts';
import { type Message, type Notification, type Told, messageOf } from './notification.ts';
import { type Scaling, foldScale } from './scale.ts';
import { type Silence, foldSilence } from './silence.ts';

/** How much is kept in memory; all of it stays on the log. */
export interface Bounds {
  readonly maxOpen: number;
  /** Resolved alerts that are remembered. */
  readonly maxClosed: number;
}

/** Silences, notifications and targets that are remembered. */
export const maxSilences = 1_000;
const maxLog = 2_000;
export const maxQueue = 10_000;
const maxTargets = 1_000;
const maxReceivers = 1_000;
const maxExamples = 3;
/** Times of a receiver's notifications that are remembered: a rate limit is not larger. */
export const maxRate = 1_000;

/** What one receiver was told of one group of alerts. */
export interface Group {
  /** Id of the last notification, and when it was queued. */
  readonly last: string;
  readonly lastAt: number;
  /** The alerts that it knows to be open, each with the change that it was told. */
  readonly told: ReadonlyMap<string, number>;
}

/** What one receiver was sent, for its rate limit. */
export interface Receiver {
  /** When its latest notifications were queued, ascending. */
  readonly queued: readonly number[];
  /** What was held back since its last digest: the first few titles, the first id, how many. */
  readonly held: {
    readonly count: number;
    readonly first: string;
    readonly titles: readonly string[];
  };
}

/** Everything that the room knows, from its facts. */
export interface AlertsState {
  readonly bounds: Bounds;
  readonly open: Map<string, Alert>;
  /** The resolved ones, the one resolved longest ago first. */
  readonly closed: Map<string, Alert>;
  readonly silences: Map<string, Silence>;
  /** Waiting to be sent, in their order. */
  readonly queue: Map<string, Notification>;
  /** Sent, failed or suppressed, the oldest first. */
  readonly log: Map<string, Notification>;
  readonly groups: Map<string, Group>;
  readonly receivers: Map<string, Receiver>;
  readonly scale: Map<string, Scaling>;
  /** Notifications that were not sent, by reason. */
  readonly suppressed: Record<string, number>;
  /** How often each bound made it forget something. */
  readonly forgotten: Record<
    'closed' | 'silences' | 'notifications' | 'receivers' | 'targets',
    number
  >;
}

export function startAlerts(bounds: Bounds): AlertsState {
  return {
    bounds,
    open: new Map(),
    closed: new Map(),
    silences: new Map(),
    queue: new Map(),
    log: new Map(),
    groups: new Map(),
    receivers: new Map(),
    scale: new Map(),
    suppressed: {},
    forgotten: { closed: 0, silences: 0, notifications: 0, receivers: 0, targets: 0 },
  };
}

/** An alert, open or remembered. */
export function alertOf(state: AlertsState, id: string): Alert | undefined {
  return state.open.get(id) ?? state.closed.get(id);
}

/** The room with one fact more. Total; see `Room.fold` for who owns the state. */
export function foldAlerts(state: AlertsState, event: PlacedEvent): AlertsState {
  const happening = happeningOf(event);
  if (happening === undefined) return state;
  const [subject] = happening.split('.');
  if (isAlertHappening(happening)) takeAlert(state, happening, event);
  else if (subject === 'silence') takeSilence(state, happening, event);
  else if (subject === 'scale') takeScale(state, happening, event);
  else takeNotification(state, happening, event);
  return state;
}

function takeAlert(state: AlertsState, happening: AlertHappening, event: PlacedEvent): void {
  const alert = foldAlert(alertOf(state, idOf(event)), happening, event);
  if (alert) putAlert(state, alert);
}

function putAlert(state: AlertsState, alert: Alert): void {
  const { open, closed, bounds, forgotten } = state;
  if (alert.state === 'open') {
    closed.delete(alert.id);
    open.set(alert.id, alert);
    return;
  }
  open.delete(alert.id);
  if (!closed.has(alert.id) && closed.size >= bounds.maxClosed) {
    forgotten.closed++;
    const oldest = dropOldest(closed);
    if (oldest !== undefined) leaveGroups(state, [oldest]);
  }
  closed.set(alert.id, alert);
}

function takeSilence(state: AlertsState, happening: Happening, event: PlacedEvent): void {
  const id = event.subject?.slice('silence/'.length) ?? '';
  const silence = foldSilence(state.silences.get(id), happening, event);
  if (!silence) return;
  if (!state.silences.has(id)) forgetSilences(state, event.received);
  state.silences.set(id, silence);
}

/** Those that are over give way, the oldest first. */
function forgetSilences({ silences, forgotten }: AlertsState, now: number): void {
  for (const [id, { ends, ended }] of silences) {
    if (silences.size < maxSilences) return;
    if (!ended && ends > now) continue;
    silences.delete(id);
    forgotten.silences++;
  }
}

function takeScale(state: AlertsState, happening: Happening, event: PlacedEvent): void {
  const target = event.subject?.slice('scale/'.length) ?? '';
  const scaling = foldScale(state.scale.get(target), happening, event);
  if (!scaling) return;
  // The least recently decided is the first to go.
  if (happening === 'scale.decided') state.scale.delete(target);
  state.scale.set(target, scaling);
  if (state.scale.size > maxTargets && dropOldest(state.scale) !== undefined)
    state.forgotten.targets++;
}

function takeNotification(state: AlertsState, happening: Happening, event: PlacedEvent): void {
  if (happening === 'notification.queued') takeQueued(state, event);
  else if (happening === 'notification.suppressed') takeSuppressed(state, event);
  else takeDone(state, happening, event);
}

function takeQueued(state: AlertsState, event: PlacedEvent): void {
  const message = messageOf(event);
  state.queue.set(message.id, { ...message, state: 'queued', queued: event.time });
  takeTold(state, message, event.received);
  countQueued(state, message, event.received);
}

function takeSuppressed(state: AlertsState, event: PlacedEvent): void {
  const message = messageOf(event);
  const { time, offset, received } = event;
  const why = event.attributes?.['why'] ?? '';
  record(state, { ...message, state: 'suppressed', queued: time, done: time, why });
  if (message.to === '') takeMuted(state, message, { why, offset });
  else takeTold(state, message, received);
  state.suppressed[why] = (state.suppressed[why] ?? 0) + 1;
  if (why === 'rate-limited') countHeld(state, message);
}

function takeDone(state: AlertsState, happening: Happening, event: PlacedEvent): void {
  const id = event.subject?.slice('notification/'.length) ?? '';
  const waiting = state.queue.get(id);
  if (!waiting) return;
  state.queue.delete(id);
  const outcome = happening === 'notification.sent' ? 'sent' : 'failed';
  const why = event.attributes?.['why'];
  record(state, { ...waiting, state: outcome, done: event.time, ...defined({ why }) });
}

function record({ log, forgotten }: AlertsState, notification: Notification): void {
  log.set(notification.id, notification);
  if (log.size <= maxLog) return;
  dropOldest(log);
  forgotten.notifications++;
}

/** A group knows now what it was told; one that knows of no open alert any more is over. */
function takeTold(state: AlertsState, message: Message, lastAt: number): void {
  const { group: key, open = {}, resolved = {}, id: last } = message;
  if (key === undefined) return;
  const told = new Map([...(state.groups.get(key)?.told ?? []), ...Object.entries(open)]);
  for (const id of Object.keys(resolved)) told.delete(id);
  if (told.size === 0) state.groups.delete(key);
  else state.groups.set(key, { last, lastAt, told });
}

/** Nobody is told of this change. Of an alert that is over, nobody will be told later either. */
function takeMuted(
  state: AlertsState,
  { open, resolved }: Message,
  { why, offset }: { readonly why: string; readonly offset: number },
): void {
  const mark = (told: Told = {}): void => {
    for (const [id, change] of Object.entries(told)) {
      const alert = alertOf(state, id);
      // `why` of a fact without a group is a MuteReason: see `Due`.
      const muted = { change, why: why as MuteReason, offset };
      if (alert) putAlert(state, { ...alert, muted });
    }
  };
  mark(open);
  mark(resolved);
  leaveGroups(state, Object.keys(resolved ?? {}));
}

function leaveGroups({ groups }: AlertsState, ids: readonly string[]): void {
  for (const [key, group] of groups) {
    if (!ids.some((id) => group.told.has(id))) continue;
    const told = new Map([...group.told].filter(([id]) => !ids.includes(id)));
    if (told.size === 0) groups.delete(key);
    else groups.set(key, { ...group, told });
  }
}

const nothingHeld: Receiver['held'] = { count: 0, first: '', titles: [] };

/** What a receiver was sent before anything was sent. */
export const newReceiver: Receiver = { queued: [], held: nothingHeld };

function countQueued(state: AlertsState, { to, kind }: Message, at: number): void {
  const { queued, held } = state.receivers.get(to) ?? newReceiver;
  const times = [...queued, at].slice(-maxRate);
  putReceiver(state, to, { queued: times, held: kind === 'digest' ? nothingHeld : held });
}

function countHeld(state: AlertsState, { to, id, title }: Message): void {
  const { queued, held } = state.receivers.get(to) ?? newReceiver;
  const titles = held.titles.length < maxExamples ? [...held.titles, title] : held.titles;
  const first = held.count === 0 ? id : held.first;
  putReceiver(state, to, { queued, held: { count: held.count + 1, first, titles } });
}

function putReceiver({ receivers, forgotten }: AlertsState, to: string, receiver: Receiver): void {
  receivers.delete(to);
  receivers.set(to, receiver);
  if (receivers.size <= maxReceivers) return;
  dropOldest(receivers);
  forgotten.receivers++;
}

function dropOldest(map: Map<string, unknown>): string | undefined {
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
  return oldest;
}
