import { queryOptions } from '@tanstack/react-query';
import type { Chosen, Library } from '../../server/api/contract-library.ts';
import { get, post, request } from '../kit/api.ts';
import type { RulesAnswer } from '../../server/api/contract-rules.ts';

/** Counts move all the time; this is how often they are asked for. */
export const refreshMs = 3_000;

/** Changes to rules. All throw ApiError. */
export const rulesApi = {
  start: async (name: string): Promise<void> => {
    await request(`/api/v1/rules/${encodeURIComponent(name)}/start`, { method: 'POST' });
  },
  choose: (id: string) =>
    post<Chosen>(`/api/v1/rules/library/${encodeURIComponent(id)}/choose`, {}),
};

/** Every rule file and every rule. */
export const rulesQuery = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => get<RulesAnswer>('/api/v1/rules', signal),
  refetchInterval: refreshMs,
});

/** What stands in a rule file. */
export const sourceQuery = (file: string) =>
  queryOptions({
    queryKey: ['rules', 'source', file],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ file });
      const answer = await request(`/api/v1/rules/source?${query.toString()}`, { signal });
      return answer.text();
    },
  });

/** The rules that come with Territory. */
export const libraryQuery = queryOptions({
  queryKey: ['rules', 'library'],
  queryFn: ({ signal }) => get<Library>('/api/v1/rules/library', signal),
});
