import { QueryClient, queryOptions } from '@tanstack/react-query';
import { api, ApiError } from './api.ts';

/** A refusal stays a refusal; only silence is worth another try. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiError && error.problem === undefined;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: worthRetrying,
      retryDelay: 800,
      refetchOnWindowFocus: false,
      // The browser's idea of being online says nothing about a server on the same machine.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** Who is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: api.session,
  staleTime: Infinity,
});

/** What has been seen, for pickers and completion; a minute old is fresh enough. */
export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: ({ signal }) => api.catalogue(signal),
  staleTime: 30_000,
  refetchInterval: 60_000,
});
