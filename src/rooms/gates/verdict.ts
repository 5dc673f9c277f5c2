import { type Lock, type Window, isOver, stands } from './gate.ts';
import { type Lane, type Scope, covers, narrowness, scopeText } from './scope.ts';
import { parseSchedule } from './schedule/schedule.ts';
import { isOpen, nextChange } from './schedule/spans.ts';
import type { GatesState } from './state.ts';

/** The gates in the order in which they are asked and told. */
export const rules = ['window', 'freeze', 'lock', 'block'] as const;
export type Rule = (typeof rules)[number];

/** Who wants to bring what where. */
export interface Asked extends Lane {
  /** Undefined: not decided yet; a post-it then refuses it even if it names a safe version. */
  readonly version?: string | undefined;
  /** Who deploys; the holder of a lock is not kept by it. */
  readonly actor: string;
  /**
   * When the deploy began, ms since the epoch, for one that wants to go on. Locks, freezes and
   * post-its of later do not stop it; windows do unless they may be overrun.
   */
  readonly started?: number | undefined;
}

/** Why not, and what would change that. */
export interface Refusal {
  readonly rule: Rule;
  /** Of the gate; undefined where it is that no window is open. */
  readonly id?: string;
  readonly scope: Scope;
  readonly by?: string;
  /** A sentence. */
  readonly reason: string;
  /** When it ends by itself, ms since the epoch. */
  readonly until?: number;
  /** What would lift it before. */
  readonly lifts: string;
}

/** Whether a deploy may go out now. */
export interface Verdict {
  readonly may: boolean;
  /** In the order of `rules`; empty when it may. */
  readonly refusals: readonly Refusal[];
  /** What stops nobody and should be known. */
  readonly warnings: readonly Refusal[];
  /** Fencing token of the narrowest lock that the asking one holds here. */
  readonly token?: number;
}

/** Asks every gate. The same for the same state, question and time. */
export function mayDeploy(state: GatesState, asked: Asked, now: number): Verdict {
  const began = asked.started ?? now;
  const locks = [...state.locks.values()].filter(
    (lock) => covers(lock.scope, asked) && stands(lock, now),
  );
  const foreign = inOrder(locks).filter(({ by }) => by !== asked.actor);
  const held = inOrder(locks).findLast(({ by }) => by === asked.actor);
  const refusals = [
    ...windowRefusals(state, asked, now),
    ...freezeRefusals(state, asked, now),
    ...foreign.filter(({ warning, created }) => !warning && created <= began).map(lockRefusal),
    ...blockRefusals(state, asked, now),
  ];
  return {
    may: refusals.length === 0,
    refusals,
    warnings: foreign.filter(({ warning }) => warning).map(lockRefusal),
    ...(held && { token: held.offset }),
  };
}

/**
 * The earliest time at which no gate that is known now refuses; undefined when one of them has no
 * end, or that is not within 400 days.
 */
export function mayFrom(state: GatesState, asked: Asked, now: number): number | undefined {
  const fresh = { ...asked, started: undefined };
  let at = now;
  // Each step ends at least one refusal; a schedule that is open for a minute a day is not followed on.
  for (let step = 0; step < maxSteps; step++) {
    const { may, refusals } = mayDeploy(state, fresh, at);
    if (may) return at;
    const ends = refusals.map(({ until }) => until ?? Number.POSITIVE_INFINITY);
    const next = Math.max(...ends);
    if (!Number.isFinite(next) || next <= at) return undefined;
    at = next;
  }
  return undefined;
}

const maxSteps = 60;

/** Whether windows alone let it through: an active deny wins; any allow there must be one open. */
function windowRefusals(state: GatesState, asked: Asked, now: number): Refusal[] {
  const windows = inOrder(
    [...state.windows.values()].filter((one) => covers(one.scope, asked) && !isOver(one, now)),
  );
  const denies = windows.filter((one) => one.kind === 'deny' && opens(one, now));
  const allows = windows.filter((one) => one.kind === 'allow');
  const outside = allows.length > 0 && !allows.some((one) => opens(one, now));
  const { started } = asked;
  if (started !== undefined && mayGoOn({ windows, denies, allows, started })) return [];
  return [
    ...denies.map((one) => closedRefusal(one, now)),
    ...(outside ? [outsideRefusal(allows, now)] : []),
  ];
}

interface GoingOn {
  readonly windows: readonly Window[];
  /** Those that are open now. */
  readonly denies: readonly Window[];
  readonly allows: readonly Window[];
  readonly started: number;
}

/**
 * Argo CD's overrun: what was let through when it began goes on when every deny that is open may be
 * overrun; without one, when every allow may.
 */
function mayGoOn({ windows, denies, allows, started }: GoingOn): boolean {
  const crossed = denies.length > 0 ? denies : allows;
  if (!crossed.every(({ overrun }) => overrun)) return false;
  const then = windows.filter((one) => opens(one, started));
  const denied = then.some(({ kind }) => kind === 'deny');
  return !denied && (allows.length === 0 || then.some(({ kind }) => kind === 'allow'));
}

function opens({ schedule, zone }: Window, at: number): boolean {
  return isOpen(parseSchedule(schedule), zone, at);
}

function changeOf({ schedule, zone }: Window, now: number): number | undefined {
  return nextChange(parseSchedule(schedule), zone, now);
}

function closedRefusal(one: Window, now: number): Refusal {
  const until = changeOf(one, now);
  const why = one.reason === undefined ? '' : `: ${one.reason}`;
  return {
    rule: 'window',
    id: one.id,
    scope: one.scope,
    by: one.by,
    reason: `no deploys ${one.schedule} (${one.zone})${why}`,
    ...(until !== undefined && { until }),
    lifts: `the end of the window, or a gatekeeper: territory window remove ${one.id}`,
  };
}

function outsideRefusal(allows: readonly Window[], now: number): Refusal {
  const starts = allows.map((one) => changeOf(one, now) ?? Number.POSITIVE_INFINITY);
  const until = Math.min(...starts);
  const times = allows.map(({ schedule, zone }) => `${schedule} (${zone})`).join(' or ');
  return {
    rule: 'window',
    scope: inOrder(allows).at(-1)?.scope ?? {},
    reason: `deploys go out only ${times}`,
    ...(Number.isFinite(until) && { until }),
    lifts: 'the next window, or a gatekeeper who opens one: territory window add',
  };
}

function freezeRefusals(state: GatesState, asked: Asked, now: number): Refusal[] {
  const { started = now } = asked;
  return inOrder([...state.freezes.values()])
    .filter((one) => covers(one.scope, asked) && stands(one, now) && one.from <= started)
    .map(({ id, scope, by, reason, until }) => ({
      rule: 'freeze',
      id,
      scope,
      by,
      reason: `${scopeText(scope)} is frozen: ${reason}`,
      ...(until !== undefined && { until }),
      lifts: `a gatekeeper: territory unfreeze ${id}`,
    }));
}

function lockRefusal({ id, scope, by, reason, until }: Lock): Refusal {
  return {
    rule: 'lock',
    id,
    scope,
    by,
    reason: `${by} holds ${scopeText(scope)}: ${reason}`,
    until,
    lifts: `${by} or a gatekeeper: territory unlock ${id}`,
  };
}

function blockRefusals(state: GatesState, asked: Asked, now: number): Refusal[] {
  const { version, started = now } = asked;
  return inOrder([...state.blocks.values()])
    .filter((one) => covers(one.scope, asked) && stands(one, now) && one.created <= started)
    .filter(({ safe }) => safe === undefined || safe !== version)
    .map(({ id, scope, by, reason, safe, until }) => ({
      rule: 'block',
      id,
      scope,
      by,
      reason: `${scope.app} is blocked: ${reason}${safe === undefined ? '' : `; the safe version is ${safe}`}`,
      ...(until !== undefined && { until }),
      lifts: `${safe === undefined ? '' : `version ${safe}, or `}a gatekeeper: territory unblock ${id}`,
    }));
}

/** The widest first, then as they were set up: the same whatever the order in memory. */
function inOrder<G extends { readonly scope: Scope; readonly offset: number }>(
  gates: readonly G[],
): G[] {
  return gates.toSorted((a, b) => narrowness(a.scope) - narrowness(b.scope) || a.offset - b.offset);
}
