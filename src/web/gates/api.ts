import { queryOptions } from '@tanstack/react-query';
import { get } from '../kit/api.ts';
import type { GatesNow } from './standing.ts';

const refreshMs = 10_000;

/** Windows, freezes, locks and post-its as they are now. */
export const gatesQuery = queryOptions({
  queryKey: ['releases', 'gates'],
  queryFn: async ({ signal }): Promise<GatesNow> => {
    const of = <Kind extends keyof GatesNow>(kind: Kind) =>
      get<Pick<GatesNow, Kind>>(`/api/v1/releases/${kind}`, signal);
    const [windows, freezes, locks, blocks] = await Promise.all([
      of('windows'),
      of('freezes'),
      of('locks'),
      of('blocks'),
    ]);
    return { ...windows, ...freezes, ...locks, ...blocks };
  },
  refetchInterval: refreshMs,
});
