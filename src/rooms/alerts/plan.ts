import type { Alert, MuteReason } from './alert.ts';
import { flaps } from './flap.ts';
import type { InhibitedBy } from './inhibit.ts';
import { shortName } from './names.ts';
import type { Message } from './notification.ts';
import type { Address, Policy } from './policy.ts';
import { rateState } from './rate.ts';
import { silenceState, silences } from './silence.ts';
import { type AlertsState, alertOf } from './state.ts';
import { wordsOf } from './wording.ts';

/** What the room's clockwork has to do at one moment. */
export type Due =
  | { readonly kind: 'tell'; readonly message: Message }
  | {
      readonly kind: 'mute';
      readonly alert: string;
      readonly change: number;
      readonly why: MuteReason;
    }
  | { readonly kind: 'settle'; readonly alert: string; readonly change: number };

export interface Plan {
  readonly due: readonly Due[];
  /** When to look again if nothing happens before: ms since the epoch; undefined: never. */
  readonly next: number | undefined;
}

/** Flapping is looked at again at least so often, ms: its minutes are no more exact than that. */
const settleEveryMs = 15_000;

/** What is due now, and when something will be. Pure: the same state and time, the same plan. */
export function plan(state: AlertsState, policy: Policy, now: number): Plan {
  const agenda = new Agenda(now);
  planAlerts(state, policy, agenda);
  planDigests(state, policy, agenda);
  for (const { starts, ends, ended } of state.silences.values())
    if (!ended) [starts, ends].forEach(agenda.later);
  return { due: agenda.due, next: agenda.next };
}

class Agenda {
  readonly now: number;
  readonly due: Due[] = [];
  next: number | undefined;

  constructor(now: number) {
    this.now = now;
  }

  readonly later = (time: number): void => {
    if (time > this.now) this.next = Math.min(time, this.next ?? time);
  };

  readonly tell = (at: number, message: () => Message): void => {
    if (at <= this.now) this.due.push({ kind: 'tell', message: message() });
    else this.later(at);
  };
}

function planAlerts(state: AlertsState, policy: Policy, agenda: Agenda): void {
  const { now, due } = agenda;
  const collecting: Collecting = {
    state,
    policy,
    muting: mutingOf(state, policy, now),
    buckets: new Map(),
  };
  for (const alert of candidates(state)) {
    if (alert.flapping) agenda.later(now + settleEveryMs);
    if (settles(alert, policy, now))
      due.push({ kind: 'settle', alert: alert.id, change: alert.change });
    const muted = collect(alert, collecting);
    if (muted) due.push(muted);
  }
  for (const bucket of collecting.buckets.values()) {
    const at = dueAt(bucket, state);
    if (at !== undefined) agenda.tell(at, () => messageOf(bucket, state));
  }
}

/** One message for what a receiver's rate limit held back, as soon as there is room for it. */
function planDigests(state: AlertsState, policy: Policy, agenda: Agenda): void {
  for (const to of state.receivers.keys()) {
    const { digest, held, free } = rateState(state, policy, to, agenda.now);
    if (digest) agenda.tell(agenda.now, () => digest);
    else if (held > 0) agenda.later(free);
  }
}

/** Open alerts, and resolved ones of which somebody knows only that they were open. */
function* candidates(state: AlertsState): Generator<Alert> {
  yield* state.open.values();
  const seen = new Set<string>();
  for (const { told } of state.groups.values())
    for (const id of told.keys()) {
      if (state.open.has(id) || seen.has(id)) continue;
      seen.add(id);
      const alert = alertOf(state, id);
      if (alert) yield alert;
    }
}

function settles(alert: Alert, policy: Policy, now: number): boolean {
  const { state, flapping, flap } = alert;
  return state === 'open' && flapping && !flaps({ ...flap, flapping }, now, policy.flapping);
}

type Muting = (alert: Alert) => MuteReason | undefined;

function mutingOf(state: AlertsState, policy: Policy, now: number): Muting {
  const inhibitedBy: InhibitedBy = policy.inhibitedBy(state.open.values());
  const active = [...state.silences.values()].filter(
    (silence) => silenceState(silence, now) === 'active',
  );
  return (alert) => {
    if (active.some((silence) => silences(silence, alert, now))) return 'silenced';
    return inhibitedBy(alert) === undefined ? undefined : 'inhibited';
  };
}

/** What one receiver is to hear of one group. */
interface Bucket {
  readonly address: Address;
  /** Those of which it does not know the last change. */
  readonly news: Alert[];
  /** Those that it knows to be open, and that nobody has acknowledged. */
  readonly waiting: Alert[];
}

interface Collecting {
  readonly state: AlertsState;
  readonly policy: Policy;
  readonly muting: Muting;
  readonly buckets: Map<string, Bucket>;
}

/** Puts an alert where it is to be told; gives back that nobody is told, when that is new. */
function collect(alert: Alert, { state, policy, muting, buckets }: Collecting): Due | undefined {
  const heard = policy.addresses(alert).map((address) => {
    const known = state.groups.get(address.group)?.told.get(alert.id);
    return { address, isNews: known === undefined ? isOpen(alert) : known !== alert.change };
  });
  const why = muting(alert);
  if (why !== undefined) return heard.some(({ isNews }) => isNews) ? muteOf(alert, why) : undefined;
  for (const { address, isNews } of heard) {
    const bucket = buckets.get(address.group) ?? { address, news: [], waiting: [] };
    buckets.set(address.group, bucket);
    if (isNews) bucket.news.push(alert);
    else if (isOpen(alert) && !alert.acknowledged) bucket.waiting.push(alert);
  }
  const swallowed = alert.flapping && (alert.swallowed ?? 0) > alert.change;
  return swallowed ? muteOf(alert, 'flapping') : undefined;
}

function isOpen(alert: Alert): boolean {
  return alert.state === 'open';
}

/** Said once for each change and reason. */
function muteOf({ id, change, muted }: Alert, why: MuteReason): Due | undefined {
  if (muted?.change === change && muted.why === why) return undefined;
  return { kind: 'mute', alert: id, change, why };
}

/**
 * A new group waits for others like it (`groupWait`), a known one keeps its distance
 * (`groupInterval`); what is open and acknowledged by nobody is told again (`repeatInterval`).
 */
function dueAt({ address, news, waiting }: Bucket, state: AlertsState): number | undefined {
  const lastAt = state.groups.get(address.group)?.lastAt;
  if (news.length > 0) {
    const first = Math.min(...news.map(({ changedAt }) => changedAt));
    const distant = lastAt === undefined ? 0 : lastAt + address.groupInterval;
    return Math.max(first + address.groupWait, distant);
  }
  return waiting.length > 0 && lastAt !== undefined ? lastAt + address.repeatInterval : undefined;
}

function messageOf({ address, news, waiting }: Bucket, state: AlertsState): Message {
  const repeated = news.length === 0;
  const { to, group } = address;
  const after = state.groups.get(group)?.last;
  const first = Math.min(...news.map(({ change }) => change));
  return {
    // Two that tell the same group of the same thing name it alike: the log keeps one of them.
    id: shortName(group, after ?? `from ${first}`),
    kind: 'alerts',
    to,
    group,
    ...wordsOf(repeated ? waiting : news, repeated),
  };
}
