import { queryOptions } from '@tanstack/react-query';
import type { IssuedToken, NewToken } from '../../server/api/contract.ts';
import type { IntakesAnswer, SendersAnswer } from '../../server/api/contract-intakes.ts';
import { get, post, request } from '../kit/api.ts';

/** Whoever adds a source waits for its first event before the page. */
const refreshMs = 2_000;

/** Every way in. */
export const intakesQuery = queryOptions({
  queryKey: ['intakes'],
  queryFn: ({ signal }) => get<IntakesAnswer>('/api/v1/intakes', signal),
  refetchInterval: refreshMs,
});

/** Everybody who has sent something. */
export const sendersQuery = queryOptions({
  queryKey: ['senders'],
  queryFn: ({ signal }) => get<SendersAnswer>('/api/v1/senders', signal),
  refetchInterval: refreshMs,
});

/** Changes. All throw ApiError. */
export const sourcesApi = {
  /** A token that may send events and nothing else; its secret is told this once. */
  issueToken: (name: string): Promise<IssuedToken> =>
    post<IssuedToken>('/api/v1/tokens', { name, scope: { may: 'send' } } satisfies NewToken),
  forget: async (intake: string, sender: string): Promise<void> => {
    const of = new URLSearchParams({ intake, sender }).toString();
    await request(`/api/v1/senders?${of}`, { method: 'DELETE' });
  },
};
