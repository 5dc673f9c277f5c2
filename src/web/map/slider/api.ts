import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import { get } from '../../kit/api.ts';
import { type Chosen, spanOf } from './window.ts';

const refreshMs = 15_000;
/** More changes than that are counted in the strip and not stepped through. */
const changesAtMost = 2_000;

/** What a timeline is asked for. */
export interface TimelineAsked {
  readonly chosen: Chosen;
  /** A time that it must hold, ms since the epoch; undefined: now. */
  readonly around: number | undefined;
  /** One node, or `process:<id>`; undefined: all. */
  readonly id?: string;
}

/** What was recorded of the map in a window. It goes on by itself while now is looked at. */
export const timelineQuery = ({ chosen, around, id }: TimelineAsked) =>
  queryOptions({
    queryKey: ['map', 'timeline', chosen, around, id],
    queryFn: ({ signal }) => {
      const { from, to } = spanOf(chosen, around, Date.now());
      const query = new URLSearchParams({
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        limit: String(changesAtMost),
        ...(id !== undefined && { id }),
      });
      return get<TimelineAnswer>(`/api/v1/map/timeline?${query.toString()}`, signal);
    },
    refetchInterval: around === undefined && !('span' in chosen) ? refreshMs : false,
    placeholderData: keepPreviousData,
  });
