import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from '../kit/api.ts';
import type { Where, WhereApp } from '../../server/api/contract-releases.ts';

/** The server looks at what instances report as often. */
const refreshMs = 10_000;
/** Twice that and a bit: one answer may be late. */
export const staleAfterMs = 25_000;

/** What runs where, in all environments. */
export const whereQuery = queryOptions({
  queryKey: ['releases', 'where'],
  queryFn: ({ signal }) => get<Where>('/api/v1/releases/where', signal),
  refetchInterval: refreshMs,
});

/** One application, with its deploys. */
export const appQuery = (app: string) =>
  queryOptions({
    queryKey: ['releases', 'where', app],
    queryFn: ({ signal }) =>
      get<WhereApp>(`/api/v1/releases/where/${encodeURIComponent(app)}`, signal),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
