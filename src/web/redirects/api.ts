import { queryOptions } from '@tanstack/react-query';
import type {
  ImportAnswer,
  RedirectMap,
  RedirectMapAnswer,
  RedirectMaps,
  RedirectUsage,
} from '../../server/api/contract-redirects.ts';
import { get, post, request } from '../kit/api.ts';

const base = '/api/v1/redirects';
const refreshMs = 15_000;
/** While one is verified. */
const soonMs = 1_000;
/** Twice that and a bit: one answer may be late. */
export const staleAfterMs = 45_000;
const part = encodeURIComponent;

/** Every map, and the environments that can be verified. */
export const mapsQuery = queryOptions({
  queryKey: ['redirects', 'list'],
  queryFn: ({ signal }) => get<RedirectMaps>(base, signal),
  refetchInterval: ({ state }) =>
    state.data?.maps.some(({ verifying }) => verifying) === true ? soonMs : refreshMs,
});

/** One map with what was found in it. */
export const mapQuery = (name: string) =>
  queryOptions({
    queryKey: ['redirects', 'one', name],
    queryFn: ({ signal }) => get<RedirectMapAnswer>(`${base}/${part(name)}`, signal),
    refetchInterval: ({ state }) => (state.data?.map.verifying ? soonMs : refreshMs),
  });

/** What real access says of a map. It looks through all of history: not asked again by itself. */
export const usageQuery = (name: string, days: number) =>
  queryOptions({
    queryKey: ['redirects', 'usage', name, days],
    queryFn: ({ signal }) => get<RedirectUsage>(`${base}/${part(name)}/usage?days=${days}`, signal),
    staleTime: 5 * 60_000,
    retry: false,
  });

/** Where the rows are, as they were imported. */
export const textPath = (name: string): string => `${base}/${part(name)}/text`;

/** Gives the server rows; they take the place of those of this name. Throws ApiError. */
export async function importMap(name: string, rows: Blob): Promise<ImportAnswer> {
  const response = await request(`${base}/${part(name)}`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
    body: rows,
  });
  return (await response.json()) as ImportAnswer; // by the server's own schema
}

/** Begins to ask for every row. Throws ApiError. */
export const verifyMap = (name: string, environment: string, own: boolean): Promise<RedirectMap> =>
  post(`${base}/${part(name)}/verify`, { environment, own });

/** Throws ApiError. */
export const removeMap = (name: string): Promise<unknown> =>
  request(`${base}/${part(name)}`, { method: 'DELETE' });
