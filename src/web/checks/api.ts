import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type {
  Budgets,
  CheckAnswer,
  CheckVerdict,
  Checks,
  FeatureAnswer,
  Features,
  Flakes,
  LintAnswer,
  RunDetail,
  SaveFeatureAnswer,
  StepsAnswer,
} from '../../server/api/contract-checks.ts';
import { get, post, request } from '../kit/api.ts';

const base = '/api/v1/checks';
const refreshMs = 5_000;
const calmMs = 30_000;
/** Twice that and a bit: one answer may be late. */
export const staleAfterMs = 15_000;
export const calmStaleAfterMs = 75_000;
const part = encodeURIComponent;

/** Every check with its last 60 slots, the environments, and what is wrong with features. */
export const checksQuery = queryOptions({
  queryKey: ['checks', 'list'],
  queryFn: ({ signal }) => get<Checks>(base, signal),
  refetchInterval: refreshMs,
});

/** One check with its runs and what happened to it. */
export const checkQuery = (id: string) =>
  queryOptions({
    queryKey: ['checks', 'one', id],
    queryFn: ({ signal }) => get<CheckAnswer>(`${base}/${part(id)}`, signal),
    refetchInterval: refreshMs,
  });

/** One run with its steps; it never changes, and is kept for some time only. */
export const runQuery = (id: string, slot: string) =>
  queryOptions({
    queryKey: ['checks', 'run', id, slot],
    queryFn: ({ signal }) => get<RunDetail>(`${base}/${part(id)}/runs/${part(slot)}`, signal),
    staleTime: Infinity,
  });

/** The picture of the browser when a run failed. */
export const screenshotPath = (id: string, slot: string): string =>
  `${base}/${part(id)}/runs/${part(slot)}/screenshot`;

/** The steps and tags that features may use; own ones come and go as their files are saved. */
export const stepsQuery = queryOptions({
  queryKey: ['checks', 'steps'],
  queryFn: ({ signal }) => get<StepsAnswer>(`${base}/steps`, signal),
  staleTime: calmMs,
  // They are refused while the thread of the checks begins.
  refetchInterval: ({ state }) => (state.data ? calmMs : refreshMs),
});

/** The files of features. */
export const featuresQuery = queryOptions({
  queryKey: ['checks', 'features'],
  queryFn: ({ signal }) => get<Features>(`${base}/features`, signal),
  refetchInterval: calmMs,
});

/** What stands in one of them. */
export const featureQuery = (file: string) =>
  queryOptions({
    queryKey: ['checks', 'feature', file],
    queryFn: ({ signal }) => get<FeatureAnswer>(`${base}/feature?file=${part(file)}`, signal),
    refetchInterval: calmMs,
  });

/** What would be wrong with a text. */
export const lintQuery = (file: string, text: string) =>
  queryOptions({
    queryKey: ['checks', 'lint', file, text],
    queryFn: ({ signal }) => post<LintAnswer>(`${base}/lint`, { file, text }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 10_000,
  });

/** Saves a feature; an empty text takes it away. Throws ApiError: 409 when somebody else saved. */
export async function saveFeature(
  file: string,
  text: string,
  revision: number,
): Promise<Static<typeof SaveFeatureAnswer>> {
  const response = await request(`${base}/feature`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ file, text, revision }),
  });
  return (await response.json()) as Static<typeof SaveFeatureAnswer>; // by the server's own schema
}

/** How often each check changes its mind. */
export const flakesQuery = queryOptions({
  queryKey: ['checks', 'flakes'],
  queryFn: ({ signal }) => get<Flakes>(`${base}/flakes`, signal),
  refetchInterval: calmMs,
});

/** The limits that scenarios set, with what was measured. */
export const budgetsQuery = queryOptions({
  queryKey: ['checks', 'budgets'],
  queryFn: ({ signal }) => get<Budgets>(`${base}/budgets`, signal),
  refetchInterval: calmMs,
});

/** What the checks say of a release in an environment. */
export const verdictQuery = (of: {
  readonly application: string;
  readonly environment: string;
  readonly version: string;
}) =>
  queryOptions({
    queryKey: ['checks', 'verdict', of],
    queryFn: ({ signal }) =>
      get<CheckVerdict>(`${base}/verdict?${new URLSearchParams(of).toString()}`, signal),
    refetchInterval: calmMs,
  });

/** Nobody is told of its failures until then, ms since the epoch. Throws ApiError. */
export const quarantine = (id: string, reason: string, until: number): Promise<unknown> =>
  post(`${base}/${part(id)}/quarantine`, { reason, until });

/** Ends that. Throws ApiError. */
export const liftQuarantine = (id: string): Promise<unknown> =>
  request(`${base}/${part(id)}/quarantine`, { method: 'DELETE' });

/** Runs a text as it stands, saved or not; answers messages as it goes. Throws ApiError. */
export const tryFeature = (
  asked: {
    readonly file: string;
    readonly text: string;
    readonly environment: string;
    readonly line?: number;
  },
  signal: AbortSignal,
): Promise<Response> =>
  request(`${base}/try`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(asked),
    signal,
  });
