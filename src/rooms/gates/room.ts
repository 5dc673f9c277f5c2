import type { Draft } from '../../event/event.ts';
import { shortName } from '../alerts/names.ts';
import type { Context, Room } from '../room.ts';
import { gatesError } from './errors.ts';
import { factOf, gatesSource, heard } from './facts.ts';
import { type Block, type Freeze, type Lock, type Window, isOver } from './gate.ts';
import { type Scope, checkedScope, scopeText } from './scope.ts';
import { parseSchedule } from './schedule/schedule.ts';
import { checkedZone } from './schedule/zone.ts';
import {
  type GatesState,
  foldGates,
  lockOf,
  maxStanding,
  maxWindows,
  startGates,
} from './state.ts';

/** What people tell the room. `gatekeeper`: the one who says so may release. */
export type GatesCommand =
  | {
      readonly kind: 'lock';
      readonly scope: Scope;
      readonly reason: string;
      /** ms since the epoch; one hour from now when left out. */
      readonly until?: number | undefined;
      readonly warning?: boolean | undefined;
    }
  | { readonly kind: 'unlock'; readonly id: string; readonly gatekeeper: boolean }
  | {
      readonly kind: 'freeze';
      readonly scope: Scope;
      readonly reason: string;
      /** Now when left out. */
      readonly from?: number | undefined;
      /** Until it is ended when left out. */
      readonly until?: number | undefined;
    }
  | {
      readonly kind: 'block';
      readonly scope: Scope;
      readonly reason: string;
      readonly safe?: string | undefined;
      readonly until?: number | undefined;
    }
  | {
      readonly kind: 'window';
      readonly scope: Scope;
      readonly opens: Window['kind'];
      readonly schedule: string;
      readonly zone: string;
      readonly reason?: string | undefined;
      readonly overrun?: boolean | undefined;
    }
  | { readonly kind: 'unfreeze' | 'unblock' | 'remove-window'; readonly id: string };

export type GatesRoom = Room<GatesState, GatesCommand>;

/** How long a lock holds when nobody says. */
const leaseMs = 3_600_000;
const longestLease = 7 * 86_400_000;
const longest = 366 * 86_400_000;
const maxReason = 500;

/** The room of locks, freezes, post-its and windows. */
export const gatesRoom: GatesRoom = {
  name: 'gates',
  source: gatesSource,
  hears: heard,
  start: startGates,
  fold: foldGates,
  subjectOf,
  decide,
};

function subjectOf(state: GatesState, command: GatesCommand, id: string): string {
  switch (command.kind) {
    case 'lock':
      return `lock/${scopeText(checkedScope(command.scope))}`;
    case 'unlock':
      return `lock/${scopeText(lockHere(state, command.id).scope)}`;
    case 'freeze':
    case 'block':
    case 'window':
      return `${command.kind}/${shortName(id)}`;
    case 'unfreeze':
      return `freeze/${command.id}`;
    case 'unblock':
      return `block/${command.id}`;
    case 'remove-window':
      return `window/${command.id}`;
  }
}

function decide(state: GatesState, command: GatesCommand, context: Context): Draft | undefined {
  switch (command.kind) {
    case 'lock':
      return lock(state, command, context);
    case 'unlock':
      return unlock(state, command, context);
    case 'freeze':
      return freeze(state, command, context);
    case 'block':
      return block(state, command, context);
    case 'window':
      return declareWindow(state, command, context);
    case 'unfreeze':
      return ending('freeze.ended', here(state.freezes, command.id), context);
    case 'unblock':
      return ending('block.lifted', here(state.blocks, command.id), context);
    case 'remove-window':
      return ending('window.removed', here(state.windows, command.id), context);
  }
}

type Of<Kind extends GatesCommand['kind']> = GatesCommand & { readonly kind: Kind };

/** Takes the lease, or takes it for longer. Throws TERR_GATES_HELD while another has it. */
function lock(state: GatesState, asked: Of<'lock'>, context: Context): Draft {
  const { now, actor, id } = context;
  const scope = checkedScope(asked.scope);
  const until = untilOf(asked.until ?? now + leaseMs, now, longestLease);
  const subject = `lock/${scopeText(scope)}`;
  const held = state.locks.get(scopeText(scope));
  const data = { reason: reasonOf(asked.reason), until, warning: asked.warning ?? false };
  if (held === undefined || isOver(held, now)) {
    refuseMore(state.locks, now);
    return factOf('lock.acquired', context, {
      subject,
      scope,
      data: { id: shortName(id), ...data },
    });
  }
  if (held.by === actor)
    return factOf('lock.renewed', context, { subject, scope, data: { id: held.id, ...data } });
  throw gatesError(
    'HELD',
    `${held.by} holds ${scopeText(scope)} until ${iso(held.until)}: ${held.reason}`,
    { field: 'environment' },
  );
}

/** Throws TERR_GATES_UNKNOWN, TERR_GATES_FOREIGN. */
function unlock(state: GatesState, asked: Of<'unlock'>, context: Context): Draft | undefined {
  const held = lockHere(state, asked.id);
  if (isOver(held, context.now)) return undefined;
  if (held.by !== context.actor && !asked.gatekeeper)
    throw gatesError(
      'FOREIGN',
      `${held.by} holds this lock; ask for it, or ask a gatekeeper to release it`,
    );
  const subject = `lock/${scopeText(held.scope)}`;
  return factOf('lock.released', context, { subject, scope: held.scope, data: { id: held.id } });
}

function freeze(state: GatesState, asked: Of<'freeze'>, context: Context): Draft {
  const { now, id } = context;
  const from = asked.from ?? now;
  if (from - now > longest) throw invalid('from', 'a freeze begins within a year');
  const until =
    asked.until === undefined ? undefined : untilOf(asked.until, Math.max(from, now), longest);
  const data = { reason: reasonOf(asked.reason), from: Math.max(from, now), until };
  refuseMore(state.freezes, now);
  const subject = `freeze/${shortName(id)}`;
  return factOf('freeze.declared', context, { subject, scope: checkedScope(asked.scope), data });
}

function block(state: GatesState, asked: Of<'block'>, context: Context): Draft {
  const { now, id } = context;
  const scope = checkedScope(asked.scope);
  if (scope.app === undefined) throw invalid('app', 'a post-it names an application');
  const until = asked.until === undefined ? undefined : untilOf(asked.until, now, longest);
  const safe = asked.safe?.trim();
  if (safe === '' || (safe?.length ?? 0) > maxReason) throw invalid('safe', 'name one version');
  refuseMore(state.blocks, now);
  const data = { reason: reasonOf(asked.reason), safe, until };
  return factOf('block.noted', context, { subject: `block/${shortName(id)}`, scope, data });
}

function declareWindow(state: GatesState, asked: Of<'window'>, context: Context): Draft {
  const { opens: kind, overrun = false } = asked;
  parseSchedule(asked.schedule);
  const zone = checkedZone(asked.zone);
  refuseMore(state.windows, context.now, maxWindows);
  const reason = asked.reason === undefined ? undefined : reasonOf(asked.reason);
  const data = { kind, schedule: asked.schedule.trim(), zone, reason, overrun };
  const scope = checkedScope(asked.scope);
  const subject = `window/${shortName(context.id)}`;
  return factOf('window.declared', context, { subject, scope, data });
}

/** Ended twice is ended. */
function ending(
  happening: 'freeze.ended' | 'block.lifted' | 'window.removed',
  { id, gate }: { readonly id: string; readonly gate: Freeze | Block | Window },
  context: Context,
): Draft | undefined {
  if (isOver(gate, context.now)) return undefined;
  const subject = `${happening.split('.')[0] ?? ''}/${id}`;
  return factOf(happening, context, { subject, scope: gate.scope });
}

function here<G extends Freeze | Block | Window>(gates: ReadonlyMap<string, G>, id: string) {
  const gate = gates.get(id);
  if (gate) return { id, gate };
  throw unknown(id);
}

function lockHere(state: GatesState, id: string): Lock {
  const found = lockOf(state, id);
  if (found) return found;
  throw unknown(id);
}

/** Throws TERR_GATES_FULL when as many stand as may. */
function refuseMore(
  gates: ReadonlyMap<string, Lock | Freeze | Block | Window>,
  now: number,
  most = maxStanding,
): void {
  if (gates.size < most) return;
  const standing = [...gates.values()].filter((gate) => !isOver(gate, now)).length;
  if (standing >= most)
    throw gatesError('FULL', `${most} of them stand; end those that are not needed`);
}

function untilOf(until: number, from: number, most: number): number {
  if (until <= from) throw invalid('until', 'it ends after now and after its start');
  if (until - from <= most) return until;
  throw invalid('until', `it lasts ${most / 86_400_000} days at most; renew it then`);
}

function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason !== '' && reason.length <= maxReason) return reason;
  throw invalid('reason', `say why, in 1 to ${maxReason} characters`);
}

const iso = (ms: number): string => new Date(ms).toISOString();

function invalid(field: string, message: string) {
  return gatesError('INVALID', message, { field });
}

function unknown(id: string) {
  return gatesError('UNKNOWN', `there is no gate ${id.slice(0, 64)}, or it was over long ago`);
}
