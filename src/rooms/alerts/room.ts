import type { Draft } from '../../event/event.ts';
import type { AlertDecision, NotifyDecision, ScaleDecision } from '../../rules/decision.ts';
import { roomError } from '../errors.ts';
import type { Context, Room } from '../room.ts';
import type { Alert } from './alert.ts';
import { acknowledge, decideAlert, resolveByHand, settle, unacknowledge } from './decide-alert.ts';
import { alertsSource, defined, heard } from './facts.ts';
import { alertId, alertSubject, shortName } from './names.ts';
import {
  type Message,
  doneFact,
  notificationSubject,
  queuedFact,
  suppressedFact,
} from './notification.ts';
import type { Due } from './plan.ts';
import type { Policy } from './policy.ts';
import { rateState } from './rate.ts';
import { decideScale, scaleSubject, scaled } from './scale.ts';
import {
  type NewSilence,
  createSilence,
  endSilence,
  silenceState,
  silenceSubject,
} from './silence.ts';
import {
  type AlertsState,
  alertOf,
  foldAlerts,
  maxQueue,
  maxSilences,
  startAlerts,
} from './state.ts';
import { wordsOf } from './wording.ts';

/** What the room can be told to do: by rules, by people, by its own clockwork, by the senders. */
export type AlertsCommand =
  | {
      readonly kind: 'decided';
      readonly decision: AlertDecision | NotifyDecision | ScaleDecision;
      /** Its place among those of the same rule, key and time, from 0. */
      readonly nth: number;
    }
  | {
      readonly kind: 'acknowledge' | 'unacknowledge' | 'resolve';
      readonly alert: string;
      readonly note?: string | undefined;
    }
  | { readonly kind: 'silence'; readonly silence: NewSilence }
  | { readonly kind: 'end-silence'; readonly silence: string }
  | Due
  /** `why`: it was given up. */
  | { readonly kind: 'sent'; readonly notification: string; readonly why?: string }
  | {
      readonly kind: 'scaled';
      readonly target: string;
      readonly id: string;
      readonly ok: boolean;
      readonly said: string;
    };

export type AlertsRoom = Room<AlertsState, AlertsCommand>;

const maxTitle = 500;
const maxBody = 20_000;

/** The room of alerts, silences, notifications and scaling, with its settings. */
export function alertsRoom(policy: Policy): AlertsRoom {
  return {
    name: 'alerts',
    source: alertsSource,
    hears: heard,
    start: () => startAlerts(policy.bounds),
    fold: foldAlerts,
    subjectOf,
    decide: (state, command, context) => decide({ state, policy, context }, command),
  };
}

/** The natural name of a command that is the same whenever it comes again; people's have none. */
export function idOfCommand(command: AlertsCommand, state: AlertsState): string | undefined {
  switch (command.kind) {
    case 'decided':
      return idOfDecided(command);
    case 'tell':
      return `tell/${command.message.id}`;
    case 'mute':
      return `mute/${muteId(command, state)}`;
    case 'settle':
      return `settle/${command.alert}/${command.change}`;
    case 'sent':
      return `sent/${command.notification}`;
    case 'scaled':
      return `scaled/${command.id}`;
    case 'acknowledge':
    case 'unacknowledge':
    case 'resolve':
    case 'silence':
    case 'end-silence':
      return undefined;
  }
}

/** A message or an order is the same whenever it comes; of an alert, the place counts as well. */
function idOfDecided({ decision, nth }: AlertsCommand & { kind: 'decided' }): string {
  return decision.kind !== 'alert' || nth === 0 ? decision.id : `${decision.id}/${nth}`;
}

function subjectOf(state: AlertsState, command: AlertsCommand, id: string): string {
  switch (command.kind) {
    case 'decided':
      return subjectOfDecision(command.decision);
    case 'silence':
      return silenceSubject(shortName(id));
    case 'end-silence':
      return silenceSubject(command.silence);
    case 'tell':
      return notificationSubject(command.message.id);
    case 'sent':
      return notificationSubject(command.notification);
    case 'scaled':
      return scaleSubject(command.target);
    case 'mute':
      return notificationSubject(muteId(command, state));
    case 'acknowledge':
    case 'unacknowledge':
    case 'resolve':
    case 'settle':
      return alertHere(state, command.alert).subject;
  }
}

function subjectOfDecision(decision: AlertDecision | NotifyDecision | ScaleDecision): string {
  if (decision.kind === 'alert') return alertSubject(decision.rule, decision.key);
  if (decision.kind === 'scale') return scaleSubject(decision.target);
  return notificationSubject(shortName(decision.id));
}

/** The same mute again after another one is another. */
function muteId({ alert, change, why }: Due & { kind: 'mute' }, state: AlertsState): string {
  const before = alertOf(state, alert)?.muted?.offset ?? 0;
  return shortName('mute', alert, String(change), why, String(before));
}

interface Deciding {
  readonly state: AlertsState;
  readonly policy: Policy;
  readonly context: Context;
}

function decide(deciding: Deciding, command: AlertsCommand): Draft | undefined {
  const { state, context, policy } = deciding;
  switch (command.kind) {
    case 'decided':
      return decideForRule(deciding, command);
    case 'acknowledge':
      return acknowledge(alertHere(state, command.alert), command.note, context);
    case 'unacknowledge':
      return unacknowledge(alertHere(state, command.alert), command.note, context);
    case 'resolve':
      return resolveByHand(alertHere(state, command.alert), command.note, context);
    case 'silence':
      return silence(deciding, command.silence);
    case 'end-silence':
      return endSilence(silenceHere(state, command.silence), context);
    case 'tell':
      return tell(deciding, command.message, context.now);
    case 'mute':
      return mute(deciding, command);
    case 'settle':
      return settle(alertHere(state, command.alert), context.now, policy.flapping);
    case 'sent':
      return sent(deciding, command);
    case 'scaled':
      return scaled(state.scale.get(command.target), command, context.now);
  }
}

function decideForRule(
  deciding: Deciding,
  { decision, nth }: AlertsCommand & { kind: 'decided' },
): Draft | undefined {
  const { state, policy } = deciding;
  if (decision.kind === 'scale')
    return decideScale(
      state.scale.get(decision.target),
      decision,
      policy.cooldownOf(decision.target),
    );
  if (decision.kind === 'notify') return notify(deciding, decision);
  const alert = alertOf(state, alertId(decision.rule, decision.key));
  const fact = decideAlert(alert, { ...decision, nth }, policy.flapping);
  if (fact && alert?.state !== 'open') refuseMore(state);
  return fact;
}

function refuseMore({ open, bounds }: AlertsState): void {
  if (open.size >= bounds.maxOpen)
    throw roomError(
      'FULL',
      `${bounds.maxOpen} alerts are open (alerts.maxOpen); the rule may have too many keys`,
    );
}

function notify(deciding: Deciding, decision: NotifyDecision): Draft | undefined {
  const { rule, key, to, title, body, at, id } = decision;
  const { service, host, environment } = key;
  return tell(
    deciding,
    {
      id: shortName(id),
      kind: 'message',
      to,
      title: title.slice(0, maxTitle),
      body: body.slice(0, maxBody),
      ...defined({ rule, service, host, environment }),
    },
    at,
  );
}

/** Puts a message into the queue, unless its receiver has had enough. */
function tell({ state, policy, context }: Deciding, message: Message, time: number) {
  if (state.queue.has(message.id) || state.log.has(message.id)) return undefined;
  if (rateState(state, policy, message.to, context.now).limited)
    return suppressedFact(message, 'rate-limited', time);
  if (state.queue.size >= maxQueue) return suppressedFact(message, 'queue-full', time);
  return queuedFact(message, time);
}

function mute({ state, context }: Deciding, command: Due & { kind: 'mute' }): Draft | undefined {
  const alert = alertHere(state, command.alert);
  const { change, why } = command;
  if (alert.muted?.change === change && alert.muted.why === why) return undefined;
  const words = wordsOf([alert], false);
  const message = { ...words, id: muteId(command, state), kind: 'alerts', to: '' } as const;
  return suppressedFact(message, why, context.now);
}

function sent({ state, context }: Deciding, command: AlertsCommand & { kind: 'sent' }) {
  const waiting = state.queue.get(command.notification);
  return waiting && doneFact(waiting, command.why, context.now);
}

function silence({ state, context }: Deciding, asked: NewSilence): Draft {
  const standing = [...state.silences.values()].filter((one) => {
    const stands = silenceState(one, context.now);
    return stands === 'active' || stands === 'pending';
  });
  if (standing.length >= maxSilences)
    throw roomError('FULL', `there are ${maxSilences} silences; end some of them`);
  return createSilence(asked, { ...context, id: shortName(context.id) });
}

/** Throws TERR_ROOM_UNKNOWN. */
function alertHere(state: AlertsState, id: string): Alert {
  const alert = alertOf(state, id);
  if (alert) return alert;
  throw roomError('UNKNOWN', `there is no alert ${id.slice(0, 64)}, or it was resolved long ago`);
}

function silenceHere(state: AlertsState, id: string) {
  const found = state.silences.get(id);
  if (found) return found;
  throw roomError('UNKNOWN', `there is no silence ${id.slice(0, 64)}`);
}
