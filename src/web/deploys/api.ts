import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  Deploy,
  Deploys,
  NewDeploy,
  Plan,
  Queue,
  Reservation,
} from '../../server/api/contract-deploys.ts';
import { get, post, request } from '../kit/api.ts';

const base = '/api/v1/deploys';
const refreshMs = 5_000;
/** Twice that and a bit: one answer may be late. */
export const staleAfterMs = 15_000;

/** What runs, what is next and what waits, environment by environment. */
export const queueQuery = queryOptions({
  queryKey: ['deploys', 'queue'],
  queryFn: ({ signal }) => get<Queue>(`${base}/queue`, signal),
  refetchInterval: refreshMs,
});

/** Those of the past and of now, the newest first. */
export const deploysQuery = queryOptions({
  queryKey: ['deploys', 'list'],
  queryFn: ({ signal }) => get<Deploys>(`${base}?limit=100`, signal),
  refetchInterval: refreshMs,
});

/** What would happen; asked anew as what is asked for changes. */
export const planQuery = (asked: NewDeploy) =>
  queryOptions({
    queryKey: ['deploys', 'plan', asked],
    queryFn: ({ signal }) => post<Plan>(`${base}/plan`, asked, signal),
    enabled: asked.app !== '' && asked.version !== '' && asked.environment !== '',
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });

/** Asks for a deploy. Throws ApiError. */
export const askFor = (asked: NewDeploy): Promise<Deploy> => post(base, asked);

/** Asks for the way back. Throws ApiError. */
export const rollBack = (asked: {
  readonly app: string;
  readonly environment: string;
  readonly reason?: string;
}): Promise<Deploy> => post(`${base}/rollback`, asked);

/** What people say to a deploy. */
export type Word = 'cancel' | 'approve' | 'acknowledge' | 'object';

/** Says it. Throws ApiError. */
export const say = (id: string, word: Word, text: string): Promise<Deploy> =>
  post(`${base}/${encodeURIComponent(id)}/${word}`, text === '' ? {} : { text });

/** Keeps a time for somebody. Throws ApiError. */
export const reserve = (asked: {
  readonly app: string;
  readonly environment: string;
  readonly from: number;
  readonly minutes: number;
}): Promise<Reservation> => post(`${base}/reservations`, asked);

/** Gives it back. Throws ApiError. */
export const giveBack = async (id: string): Promise<void> => {
  await request(`${base}/reservations/${encodeURIComponent(id)}`, { method: 'DELETE' });
};

/** The stream of one deploy and its log, from an offset of the log on. */
export const followPath = (id: string, offset: number): string =>
  `${base}/${encodeURIComponent(id)}/follow?offset=${offset}`;
