import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { NodeDetail, SimulateAnswer } from '../../../server/api/contract-map-detail.ts';
import { get } from '../../kit/api.ts';
import { isUnknown } from '../../thread/api.ts';

/** Health comes live with the map; this is for what the map does not carry. */
const refreshMs = 20_000;

/** What is known of one node or process beside what the map says of it; `at` ms, undefined: now. */
export const detailQuery = (id: string, at?: number) =>
  queryOptions<NodeDetail>({
    queryKey: ['map', 'node', id, at],
    queryFn: ({ signal }) => {
      const then = at === undefined ? '' : `?at=${Math.round(at)}`;
      return get<NodeDetail>(`/api/v1/map/nodes/${encodeURIComponent(id)}${then}`, signal);
    },
    // While the slider moves; of another node it would be another's.
    placeholderData: (before) => (before?.id === id ? before : undefined),
    refetchInterval: at === undefined && refreshMs,
    // That the map has no such node is an answer.
    retry: (count, error) => !isUnknown(error) && count < 2,
  });

/** What would happen if these nodes were down. */
export const simulateQuery = (down: readonly string[]) =>
  queryOptions({
    queryKey: ['map', 'simulate', ...down],
    queryFn: ({ signal }) =>
      get<SimulateAnswer>(
        `/api/v1/map/simulate?${new URLSearchParams({ down: down.join(',') }).toString()}`,
        signal,
      ),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
