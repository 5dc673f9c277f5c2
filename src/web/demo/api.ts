import { queryOptions, useQuery } from '@tanstack/react-query';
import type { AskChaos, Demo } from '../../server/api/contract-demo.ts';
import { api, get, post } from '../kit/api.ts';

const base = '/api/v1/demo';
/** While somebody looks at it. */
const liveMs = 2_000;
const calmMs = 15_000;
/** Where none lives, or the server has no demo at all. */
const noneMs = 60_000;
/** A browser is opened while the company still starts: so often it is asked soon again. */
const eagerTimes = 36;
const eagerMs = 5_000;
/** Several times that: one answer may be late. */
export const staleAfterMs = 12_000;
const curvesMs = 10_000;

/** The demo: whether it lives, its story, its chaos, its architectures, the tour. */
const demoQuery = (everyMs: number) =>
  queryOptions({
    queryKey: ['demo', 'now'],
    queryFn: ({ signal }) => get<Demo>(base, signal),
    refetchInterval: ({ state }) =>
      state.data?.running === true
        ? everyMs
        : state.dataUpdateCount < eagerTimes
          ? eagerMs
          : noneMs,
    staleTime: everyMs,
  });

/** For what stands on every page: asked calmly. */
export const calmDemoQuery = demoQuery(calmMs);
/** For what is about it. */
export const liveDemoQuery = demoQuery(liveMs);

/** Whether a demo lives that this server watches. */
export const useIsDemo = (): boolean => useQuery(calmDemoQuery).data?.running === true;

/** Asks for chaos or for its end; the demo does it a moment later. Throws ApiError. */
export const askChaos = (asked: AskChaos): Promise<unknown> => post(`${base}/chaos`, asked);

/** What the architectures told of themselves in the last minutes. */
export const curvesQuery = queryOptions({
  queryKey: ['demo', 'curves'],
  queryFn: ({ signal }) =>
    api.series(
      {
        where: 'name =~ "newsroom.items.%"',
        last: '15m',
        every: '10s',
        aggregate: 'max',
        by: ['label.architecture', 'name'],
        top: 30,
      },
      signal,
    ),
  refetchInterval: curvesMs,
});
