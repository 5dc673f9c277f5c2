import { useQuery } from '@tanstack/react-query';
import { gatesQuery } from '../gates/api.ts';
import { type StandingGate, standingGates } from '../gates/standing.ts';
import { heldBy } from './held.ts';

/** What keeps deploys out of each place now; nothing while it is not known. */
export function useHeld(): (app: string, environment: string) => StandingGate | undefined {
  const { data } = useQuery(gatesQuery);
  const gates = data ? standingGates(data) : [];
  return (app, environment) => heldBy(gates, app, environment);
}
