import type { Draft, Json } from '../../event/event.ts';
import type { AlertDecision, Severity } from '../../rules/decision.ts';
import { roomError } from '../errors.ts';
import type { Context } from '../room.ts';
import type { Alert, Evidence } from './alert.ts';
import { type Happening, defined, factOf } from './facts.ts';
import { type FlapThresholds, flaps, observeChange, steady } from './flap.ts';
import { alertLabels } from './labels.ts';
import { alertId, alertSubject } from './names.ts';

/** New words or values of an alert that stays as bad as it is become a fact at most so often, ms. */
const restateMs = 60_000;
const maxTitle = 500;
const maxSuspects = 10;
/** Characters of JSON; an operator's details beyond are left out, and it is said. */
const maxDetails = 8_192;

/** A decision with its place among those of the same rule, key and time, from 0. */
export interface OrderedDecision extends AlertDecision {
  readonly nth: number;
}

/** What came before the last decision that made a fact, and comes again. */
function isLate({ decidedAt, decidedNth }: Alert, { at, nth }: OrderedDecision): boolean {
  return at < decidedAt || (at === decidedAt && nth <= decidedNth);
}

/**
 * The fact that a rule's decision makes of an alert; undefined when it says nothing new or comes too
 * late (a rule that runs again after a crash). It depends on event time only: the same decisions in
 * the same order make the same facts, whenever they are carried out.
 */
export function decideAlert(
  alert: Alert | undefined,
  decision: OrderedDecision,
  thresholds: FlapThresholds,
): Draft | undefined {
  const { at, severity } = decision;
  if (alert && isLate(alert, decision)) return undefined;
  const open = alert?.state === 'open' ? alert : undefined;
  if (severity === (open?.condition ?? 'ok')) return open && restated(open, decision);
  const before = alert ?? { flap: steady, flapping: false };
  const flap = { ...observeChange(before.flap, at), flapping: open?.flapping ?? false };
  const flapping = flaps(flap, at, thresholds);
  const [happening, about] = changed(open, severity, flapping);
  return ruleFact(happening, decision, about);
}

function changed(
  open: Alert | undefined,
  severity: Severity,
  flapping: boolean,
): [Happening, { flapping: boolean }] {
  if (!open) return ['alert.opened', { flapping }];
  if (severity === 'ok' && !flapping) return ['alert.resolved', { flapping: false }];
  return ['alert.updated', { flapping }];
}

/** As bad as before, in other words or with another value. */
function restated(open: Alert, decision: OrderedDecision): Draft | undefined {
  const same = decision.title === open.title && decision.value === open.value;
  if (same || open.condition === 'ok' || decision.at - open.decidedAt < restateMs) return undefined;
  return ruleFact('alert.updated', decision, { flapping: open.flapping });
}

function ruleFact(
  happening: Happening,
  decision: OrderedDecision,
  { flapping }: { readonly flapping: boolean },
): Draft {
  const { rule, key, severity: condition } = decision;
  const alert = alertId(rule, key);
  const said = { ...decision, title: decision.title.slice(0, maxTitle) };
  return factOf(happening, {
    ...alertLabels({ ...said, severity: condition }),
    time: decision.at,
    subject: alertSubject(rule, key),
    data: defined({
      alert,
      key: { ...key },
      condition,
      flapping,
      nth: decision.nth === 0 ? undefined : decision.nth,
      ...evidenceData(said),
    }),
  });
}

function evidenceData(evidence: Evidence): { readonly [key: string]: Json | undefined } {
  const { title, since, team, runbook, value, name, suspects, details } = evidence;
  const large = details !== undefined && JSON.stringify(details).length > maxDetails;
  return {
    title,
    since,
    team,
    runbook,
    value,
    name,
    suspects: suspects?.slice(0, maxSuspects).map((one) => ({ ...one, because: [...one.because] })),
    details: large ? { leftOut: `details of more than ${maxDetails} characters` } : details,
  };
}

/** What ends the flapping of an alert that has become quiet; undefined while it goes on. */
export function settle(alert: Alert, now: number, thresholds: FlapThresholds): Draft | undefined {
  if (alert.state !== 'open' || !alert.flapping) return undefined;
  if (flaps({ ...alert.flap, flapping: true }, now, thresholds)) return undefined;
  const over = alert.condition === 'ok';
  return ownFact(over ? 'alert.resolved' : 'alert.updated', alert, now, {
    condition: alert.condition,
    flapping: false,
    settled: true,
    ...evidenceData(alert),
  });
}

/** Someone takes an alert on. Throws TERR_ROOM_STATE when it is over, or taken on already. */
export function acknowledge(alert: Alert, note: string | undefined, context: Context): Draft {
  refuseResolved(alert);
  const { acknowledged } = alert;
  if (acknowledged)
    throw roomError(
      'STATE',
      `${acknowledged.by} has acknowledged it at ${new Date(acknowledged.at).toISOString()}`,
    );
  return commanded('alert.acknowledged', alert, note, context);
}

/** Takes an acknowledgement back. Throws TERR_ROOM_STATE when there is none. */
export function unacknowledge(alert: Alert, note: string | undefined, context: Context): Draft {
  refuseResolved(alert);
  if (!alert.acknowledged) throw roomError('STATE', 'nobody has acknowledged it');
  return commanded('alert.unacknowledged', alert, note, context);
}

/** Someone says that it is over: its rule may be gone. Throws TERR_ROOM_STATE when it is. */
export function resolveByHand(alert: Alert, note: string | undefined, context: Context): Draft {
  refuseResolved(alert);
  return commanded('alert.resolved', alert, note, context);
}

function refuseResolved(alert: Alert): void {
  if (alert.state === 'resolved')
    throw roomError(
      'STATE',
      `it was resolved at ${new Date(alert.resolvedAt ?? 0).toISOString()}; there is nothing to do`,
    );
}

function commanded(
  happening: Happening,
  alert: Alert,
  note: string | undefined,
  { now, actor }: Context,
): Draft {
  return ownFact(happening, alert, now, { by: actor, note });
}

function ownFact(
  happening: Happening,
  alert: Alert,
  time: number,
  data: { readonly [key: string]: Json | undefined },
): Draft {
  const severity = happening === 'alert.resolved' ? 'ok' : alert.severity;
  return factOf(happening, {
    ...alertLabels({ ...alert, severity }),
    time,
    subject: alert.subject,
    data: defined({ alert: alert.id, title: alert.title, ...data }),
  });
}
