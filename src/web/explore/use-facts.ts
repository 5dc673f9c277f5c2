import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { PlacedEvent, SeriesAnswer } from '../../server/api/contract.ts';
import { api } from '../kit/api.ts';

const marksAtMost = 300;
/** Not what was told to whom: there is one of these for every alert, and more. */
const telling = 'type =~ "dev.cdevents%" and not type =~ "dev.cdeventsx.territory-notification.%"';
const none: readonly PlacedEvent[] = [];

/** The facts of a chart's range, to be marked over it: the newest where there are too many. */
export function useFacts(answer: SeriesAnswer | undefined): readonly PlacedEvent[] {
  const { from, to } = answer ?? { from: 0, to: 0 };
  const found = useQuery({
    queryKey: ['facts', from, to],
    queryFn: ({ signal }) =>
      api.events({ where: telling, from, to, order: 'newest', limit: marksAtMost }, signal),
    enabled: answer !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  return found.data?.events ?? none;
}
