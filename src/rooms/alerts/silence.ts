import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { roomError } from '../errors.ts';
import type { Context } from '../room.ts';
import type { Alert } from './alert.ts';
import { type Happening, Payload, defined, factOf } from './facts.ts';
import { type AlertMatches, matcherOf } from './labels.ts';

/** *Ignore*, as a decision of a person: alerts that match are told to nobody for a while. */
export interface Silence {
  readonly id: string;
  /** Over the labels of alerts. */
  readonly where: string;
  readonly reason: string;
  readonly by: string;
  readonly created: number;
  /** From `starts` until before `ends`: ms since the epoch, UTC. */
  readonly starts: number;
  readonly ends: number;
  /** By whom and when it was ended early. */
  readonly ended?: { readonly by: string; readonly at: number };
}

/** What someone asks for. */
export interface NewSilence {
  readonly where: string;
  readonly reason: string;
  /** Now when left out. */
  readonly starts?: number | undefined;
  readonly ends: number;
}

export type SilenceState = 'pending' | 'active' | 'expired' | 'ended';

const maxReason = 500;
const longest = 366 * 86_400_000;

/** How a silence stands at a moment. */
export function silenceState(silence: Silence, now: number): SilenceState {
  if (silence.ended) return 'ended';
  if (now < silence.starts) return 'pending';
  return now < silence.ends ? 'active' : 'expired';
}

const matchers = new WeakMap<Silence, AlertMatches>();

/** Whether a silence keeps an alert from being told now. */
export function silences(silence: Silence, alert: Alert, now: number): boolean {
  if (silenceState(silence, now) !== 'active') return false;
  const matches = matchers.get(silence) ?? matcherOf(silence.where);
  matchers.set(silence, matches);
  return matches(alert);
}

/** What the facts of one silence are about. */
export function silenceSubject(id: string): string {
  return `silence/${id}`;
}

/** Throws TERR_ROOM_INVALID, TERR_WHERE_… */
export function createSilence(asked: NewSilence, { now, actor, id }: Context): Draft {
  const { where, ends, starts = now } = asked;
  const reason = asked.reason.trim();
  if (where.trim() === '') throw invalid('where', 'say which alerts, e.g. service = "web"');
  matcherOf(where);
  if (reason === '' || reason.length > maxReason)
    throw invalid('reason', `say why, in 1 to ${maxReason} characters`);
  if (ends <= Math.max(starts, now))
    throw invalid('ends', 'a silence ends after now and its start');
  if (ends - now > longest) throw invalid('ends', 'a silence lasts a year at most; renew it then');
  return factOf('silence.created', {
    time: now,
    subject: silenceSubject(id),
    attributes: { actor },
    data: { where, reason, by: actor, starts: Math.max(starts, now), ends },
  });
}

/** Throws TERR_ROOM_STATE when it is over. */
export function endSilence(silence: Silence, { now, actor }: Context): Draft {
  const state = silenceState(silence, now);
  if (state === 'ended' || state === 'expired')
    throw roomError('STATE', `the silence is over (${state})`);
  return factOf('silence.ended', {
    time: now,
    subject: silenceSubject(silence.id),
    attributes: { actor },
    data: { by: actor },
  });
}

/** The silence after one fact about it. Pure and total. */
export function foldSilence(
  silence: Silence | undefined,
  happening: Happening,
  event: PlacedEvent,
): Silence | undefined {
  const payload = new Payload(event.data);
  const by = payload.text('by') ?? '';
  if (happening === 'silence.ended')
    return silence && { ...silence, ended: { by, at: event.time } };
  const where = payload.text('where');
  const ends = payload.number('ends');
  if (silence || where === undefined || ends === undefined || !parses(where)) return silence;
  return defined({
    id: event.subject?.slice(silenceSubject('').length) ?? '',
    where,
    reason: payload.text('reason') ?? '',
    by,
    created: event.time,
    starts: payload.number('starts') ?? event.time,
    ends,
  });
}

/** A later version may refuse what an earlier one took. */
function parses(where: string): boolean {
  try {
    matcherOf(where);
    return true;
  } catch {
    return false;
  }
}

function invalid(field: string, message: string) {
  return roomError('INVALID', message, { field });
}
