import { defined } from '../alerts/facts.ts';
import type { Happening } from './facts.ts';
import { type Policy, openPolicy } from './record.ts';
import { type DeploysState, type Fact, byOf, maxReservations } from './state.ts';

/** Folds what is about environments and reservations; false: the fact is about something else. */
export function foldArranged(state: DeploysState, happening: Happening, fact: Fact): boolean {
  const { environment } = fact.event;
  if (environment === undefined) return false;
  if (happening === 'environment.declared') state.environments.set(environment, policyIn(fact));
  else if (happening === 'environment.removed') state.environments.delete(environment);
  else if (happening === 'reservation.made') foldReservation(state, fact);
  else if (happening === 'reservation.released') foldRelease(state, fact);
  else return false;
  return true;
}

/** A member that is missing or wrong is as where nothing is declared. */
function policyIn({ payload }: Fact): Policy {
  const asked = payload.text('acknowledgements');
  const approvals = payload.number('approvals') ?? openPolicy.approvals;
  return {
    after: payload.text('after') ?? openPolicy.after,
    approvals: Math.max(0, Math.floor(approvals)),
    acknowledgements: asked === 'ask' || asked === 'require' ? asked : 'off',
    newest: payload.flag('newest'),
    perHour: payload.number('perHour') ?? openPolicy.perHour,
    rehearse: payload.flag('rehearse'),
    checks: payload.text('checks') ?? openPolicy.checks,
  };
}

function foldReservation({ reservations }: DeploysState, fact: Fact): void {
  const { event, payload } = fact;
  const { service: app, environment, offset } = event;
  const [id, from, until] = [payload.text('id'), payload.number('from'), payload.number('until')];
  if (app === undefined || environment === undefined) return;
  if (id === undefined || from === undefined || until === undefined) return;
  const reason = payload.text('reason');
  reservations.set(
    id,
    defined({ id, app, environment, by: byOf(fact), from, until, reason, offset }),
  );
  if (reservations.size <= maxReservations) return;
  for (const [old, one] of reservations) {
    if (one.ended === undefined && one.until > event.time) continue;
    reservations.delete(old);
    return;
  }
}

function foldRelease({ reservations }: DeploysState, fact: Fact): void {
  const id = fact.payload.text('id') ?? '';
  const one = reservations.get(id);
  if (!one || one.ended) return;
  reservations.set(id, { ...one, ended: { by: byOf(fact), at: fact.event.time } });
}
