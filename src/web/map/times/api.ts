import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { FlowAnswer } from '../../../server/api/contract-map-flow.ts';
import { get } from '../../kit/api.ts';
import { type TimesSearch, windowOf } from './search.ts';

/** The window moves with the clock; a minute late is early enough for times in hours. */
const refreshMs = 60_000;
/** The facts are read anew after a start: that is refused for moments only. */
const againMs = 3_000;

/** The times of one stream in the window that an address asks for. */
export const flowQuery = (stream: string, search: TimesSearch) =>
  queryOptions({
    queryKey: ['map', 'flow', stream, search.last, search.from, search.to],
    queryFn: ({ signal }) => {
      const { from, to } = windowOf(search, Date.now());
      const query = new URLSearchParams({
        stream,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
      });
      return get<FlowAnswer>(`/api/v1/map/flow?${query.toString()}`, signal);
    },
    refetchInterval: ({ state }) => (state.status === 'error' ? againMs : refreshMs),
    placeholderData: keepPreviousData,
  });
