import type { Draft } from '../../event/event.ts';
import { shortName } from '../alerts/names.ts';
import type { Context } from '../room.ts';
import { checkedName, invalid, optionalText } from './checked.ts';
import type { Arrange } from './command.ts';
import { deploysError } from './errors.ts';
import { factOf } from './facts.ts';
import { type Policy, type ReservationRecord, openPolicy } from './record.ts';
import { type DeploysState, maxEnvironments, maxReservations } from './state.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const longest = 8 * 60 * minute;
const shortest = 5 * minute;
const farthest = 90 * day;
const maxApprovals = 6;
const maxPerHour = 1_000;

/** The subject of what is set up beside deploys. */
export function arrangeSubject(state: DeploysState, command: Arrange): string {
  if (command.kind === 'environment' || command.kind === 'remove-environment')
    return `environment/${checkedName(command.environment, 'environment')}`;
  // One after the other in one environment, since two must not overlap.
  if (command.kind === 'reserve')
    return `reservation/${checkedName(command.environment, 'environment')}`;
  return `reservation/${reservationHere(state, command.reservation).environment}`;
}

/**
 * Environments and reservations. Throws TERR_DEPLOYS_UNKNOWN, TERR_DEPLOYS_INVALID,
 * TERR_DEPLOYS_RESERVED, TERR_DEPLOYS_FOREIGN, TERR_DEPLOYS_FULL.
 */
export function arrange(
  state: DeploysState,
  command: Arrange,
  context: Context,
): Draft | undefined {
  const subject = arrangeSubject(state, command);
  switch (command.kind) {
    case 'environment':
      return declare(state, command, { context, subject });
    case 'remove-environment': {
      const environment = checkedName(command.environment, 'environment');
      if (!state.environments.has(environment))
        throw deploysError('UNKNOWN', `no environment ${environment} is declared`);
      return factOf('environment.removed', context, { subject, environment });
    }
    case 'reserve':
      return reserve(state, command, { context, subject });
    case 'release':
      return release(state, command, { context, subject });
  }
}

interface Making {
  readonly context: Context;
  readonly subject: string;
}
type Of<Kind extends Arrange['kind']> = Arrange & { readonly kind: Kind };

function declare(
  state: DeploysState,
  command: Of<'environment'>,
  { context, subject }: Making,
): Draft | undefined {
  const environment = checkedName(command.environment, 'environment');
  const known = state.environments.get(environment);
  if (!known && state.environments.size >= maxEnvironments)
    throw deploysError('FULL', `${maxEnvironments} environments are declared`);
  const policy = checkedPolicy(merged(known ?? openPolicy, command.changes));
  refuseCircles(state, environment, policy);
  if (known && JSON.stringify(known) === JSON.stringify(policy)) return undefined;
  return factOf('environment.declared', context, { subject, environment, data: { ...policy } });
}

function merged(known: Policy, changes: Of<'environment'>['changes']): Policy {
  const { after, approvals, acknowledgements, newest, perHour, rehearse, checks } = changes;
  return {
    after: after === undefined ? known.after : after,
    approvals: approvals ?? known.approvals,
    acknowledgements: acknowledgements ?? known.acknowledgements,
    newest: newest ?? known.newest,
    perHour: perHour === undefined ? known.perHour : perHour,
    rehearse: rehearse ?? known.rehearse,
    checks: checks === undefined ? known.checks : checks,
  };
}

function checkedPolicy(policy: Policy): Policy {
  const { after, approvals, perHour, checks } = policy;
  if (!Number.isInteger(approvals) || approvals < 0 || approvals > maxApprovals)
    throw invalid('approvals', `0 to ${maxApprovals} gatekeepers approve`);
  if (perHour !== null && (!Number.isInteger(perHour) || perHour < 1 || perHour > maxPerHour))
    throw invalid('perHour', `1 to ${maxPerHour} deploys an hour`);
  if (checks !== null) refuseNoGate(checks, after);
  return { ...policy, after: after === null ? null : checkedName(after, 'environment') };
}

/** A tag that means nothing would be asked for nothing. */
function refuseNoGate(checks: string, after: string | null): void {
  if (!/^@[\p{L}\p{N}_-]{1,60}$/u.test(checks))
    throw invalid('checks', `"${checks.slice(0, 60)}" is no tag of checks, such as @gate`);
  if (after !== null) return;
  const which = 'the checks of the environment before are asked: say which one it is (after)';
  throw invalid('checks', which);
}

/** An environment that comes after itself can never be deployed to. */
function refuseCircles({ environments }: DeploysState, name: string, policy: Policy): void {
  let { after } = policy;
  for (let step = 0; after !== null && step <= maxEnvironments; step++) {
    if (after === name) throw invalid('after', `${name} would come after itself`);
    after = environments.get(after)?.after ?? null;
  }
}

function reserve(state: DeploysState, command: Of<'reserve'>, { context, subject }: Making): Draft {
  const { from, until } = command;
  const { now, actor, id } = context;
  const environment = checkedName(command.environment, 'environment');
  if (!(until - from >= shortest && until - from <= longest))
    throw invalid('minutes', 'a reservation is for 5 to 480 minutes');
  if (until <= now || from - now > farthest)
    throw invalid('from', 'it ends after now and begins within 90 days');
  const standing = [...state.reservations.values()].filter((one) => !isOver(one, now));
  if (standing.length >= maxReservations)
    throw deploysError('FULL', `${maxReservations} reservations stand; release some`);
  const other = standing.find(
    (one) =>
      one.environment === environment && one.from < until && one.until > from && one.by !== actor,
  );
  if (other)
    throw deploysError(
      'RESERVED',
      `${other.by} has ${environment} from ${iso(other.from)} until ${iso(other.until)}`,
      { field: 'from' },
    );
  return factOf('reservation.made', context, {
    subject,
    app: checkedName(command.app, 'app'),
    environment,
    data: { id: reservationIdOf(id), from, until, reason: optionalText(command.reason, 'reason') },
  });
}

/** The id of the reservation that a command of this id makes. */
export function reservationIdOf(commandId: string): string {
  return shortName('reservation', commandId).slice(0, 12);
}

function release(
  state: DeploysState,
  { reservation, gatekeeper }: Of<'release'>,
  { context, subject }: Making,
): Draft | undefined {
  const one = reservationHere(state, reservation);
  if (isOver(one, context.now)) return undefined;
  if (one.by !== context.actor && !gatekeeper)
    throw deploysError('FOREIGN', `${one.by} has reserved it; ask for it, or ask a gatekeeper`);
  const { app, environment, id } = one;
  return factOf('reservation.released', context, { subject, app, environment, data: { id } });
}

function reservationHere({ reservations }: DeploysState, id: string): ReservationRecord {
  const one = reservations.get(id);
  if (one) return one;
  throw deploysError('UNKNOWN', `there is no reservation ${id.slice(0, 64)}, or it is forgotten`);
}

/** Whether a reservation was released or has run out. */
export function isOver({ ended, until }: ReservationRecord, now: number): boolean {
  return ended !== undefined || until <= now;
}

const iso = (ms: number): string => new Date(ms).toISOString();
