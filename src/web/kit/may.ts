import { useQuery } from '@tanstack/react-query';
import type { Role } from '../../server/api/contract.ts';
import { sessionQuery } from './queries.ts';

type Right = 'act' | 'administer';

const rolesThat: Readonly<Record<Right, readonly Role[]>> = {
  act: ['member', 'gatekeeper', 'admin'],
  administer: ['admin'],
};
const why: Readonly<Record<Right, string>> = {
  act: 'Your role may look only. A member may do this; an administrator gives out roles.',
  administer: 'Only an administrator may do this',
};

/** Why the person who is signed in may not do it; undefined: they may. The server decides anyway. */
export function useRefusal(right: Right): string | undefined {
  const { data } = useQuery(sessionQuery);
  if (data === undefined || rolesThat[right].includes(data.role)) return undefined;
  return why[right];
}
