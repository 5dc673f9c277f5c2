import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import type {
  MapCheckAnswer,
  MapDraftAnswer,
  MapSource,
  NewMapSource,
} from '../../../server/api/contract-map-source.ts';
import { get, post, request } from '../../kit/api.ts';

const path = '/api/v1/map/source';

/** The text of the map as it is now. */
export const sourceQuery = queryOptions({
  queryKey: ['map', 'source'],
  queryFn: ({ signal }) => get<MapSource>(path, signal),
  refetchInterval: 15_000,
});

/** What would be wrong with a text. */
export const checkQuery = (text: string) =>
  queryOptions({
    queryKey: ['map', 'check', text],
    queryFn: ({ signal }) => post<MapCheckAnswer>('/api/v1/map/check', { text }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 10_000,
  });

/** Who declared what when. */
export const versionsQuery = queryOptions({
  queryKey: ['map', 'timeline', 'versions'],
  queryFn: ({ signal }) =>
    get<TimelineAnswer>('/api/v1/map/timeline?from=1970-01-01T00:00:00Z&limit=1', signal),
  refetchInterval: 60_000,
});

/** A map made of what was seen. Throws ApiError. */
export const askDraft = (): Promise<MapDraftAnswer> => get<MapDraftAnswer>('/api/v1/map/draft');

/** Writes the text. Throws ApiError: 409 when another was written in between. */
export async function saveSource(body: NewMapSource): Promise<MapSource> {
  const response = await request(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as MapSource; // the server's own schema made it
}
