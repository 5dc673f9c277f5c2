import type { PastDeploy } from '../../rooms/gates/calendar.ts';
import * as gate from '../../rooms/gates/gate.ts';
import { type Scope, covers, scopeText } from '../../rooms/gates/scope.ts';
import { parseSchedule } from '../../rooms/gates/schedule/schedule.ts';
import { isOpen, nextChange } from '../../rooms/gates/schedule/spans.ts';
import type { Asked, Refusal, Verdict } from '../../rooms/gates/verdict.ts';
import type { Block, Freeze, GateRefusal, GatesVerdict, Lock, Window } from './contract-gates.ts';

/** Deploys that are named under a freeze. */
const maxPassed = 20;

/** A verdict as the API gives it. */
export function verdictView(
  { version, ...asked }: Asked,
  { token, ...verdict }: Verdict,
  { now, from }: { readonly now: number; readonly from: number | undefined },
): GatesVerdict {
  return {
    may: verdict.may,
    app: asked.app,
    environment: asked.environment,
    version: version ?? null,
    actor: asked.actor,
    time: now,
    from: from ?? null,
    refusals: verdict.refusals.map(refusalView),
    warnings: verdict.warnings.map(refusalView),
    token: token ?? null,
  };
}

function refusalView({ id, scope, by, until, ...refusal }: Refusal): GateRefusal {
  const rest = { id: id ?? null, scope: scopeText(scope), by: by ?? null, until: until ?? null };
  return { ...refusal, ...rest };
}

export function lockView(one: gate.Lock, now: number): Lock {
  const state = one.ended ? 'released' : gate.stands(one, now) ? 'held' : 'expired';
  const { reason, until, warning, offset: token } = one;
  return { ...common(one), reason, until, warning, state, token };
}

/** `deploys`: to tell those that went out all the same. */
export function freezeView(one: gate.Freeze, deploys: readonly PastDeploy[], now: number): Freeze {
  const over = gate.isOver(one, now);
  const passed = passedBy(one, deploys);
  return {
    ...common(one),
    reason: one.reason,
    from: one.from,
    until: one.until ?? null,
    state: over ? 'over' : now < one.from ? 'pending' : 'active',
    enforced: passed.length > 0 ? 'broken' : 'onAsk',
    passed: passed.slice(0, maxPassed),
  };
}

/** What began between its start and its end. */
function passedBy(one: gate.Freeze, deploys: readonly PastDeploy[]): Freeze['passed'] {
  const end = Math.min(one.ended?.at ?? Infinity, one.until ?? Infinity);
  return deploys
    .filter((deploy) => covers(one.scope, deploy))
    .map(({ app, environment, version, started, at }) => {
      return { app, environment, version: version ?? null, time: started ?? at };
    })
    .filter(({ time }) => time >= one.from && time < end)
    .toSorted((a, b) => b.time - a.time);
}

export function blockView(one: gate.Block, now: number): Block {
  return {
    ...common(one),
    reason: one.reason,
    safe: one.safe ?? null,
    until: one.until ?? null,
    state: gate.isOver(one, now) ? 'over' : 'active',
  };
}

export function windowView(one: gate.Window, now: number): Window {
  const { kind, schedule, zone, overrun, reason } = one;
  const times = parseSchedule(schedule);
  const removed = gate.isOver(one, now);
  return {
    ...common(one),
    kind,
    schedule,
    zone,
    reason: reason ?? null,
    overrun,
    state: removed ? 'removed' : isOpen(times, zone, now) ? 'open' : 'closed',
    changes: removed ? null : (nextChange(times, zone, now) ?? null),
  };
}

function common(one: gate.Lock | gate.Freeze | gate.Block | gate.Window) {
  const { id, scope, by, created, ended } = one;
  return { id, scope: scopeText(scope), ...namesOf(scope), by, created, ...(ended && { ended }) };
}

function namesOf({ app, environment }: Scope) {
  return { ...(app !== undefined && { app }), ...(environment !== undefined && { environment }) };
}
