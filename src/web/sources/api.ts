import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { IssuedToken, NewToken } from '../../server/api/contract.ts';
import type { IntakesAnswer, SendersAnswer } from '../../server/api/contract-intakes.ts';
import type {
  AddedWebhook,
  NewWebhook,
  PreviewAnswer,
  RecentBodies,
  WebhookPreview,
  Webhooks,
} from '../../server/api/contract-webhooks.ts';
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

/** The addresses that take webhooks. */
export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ signal }) => get<Webhooks>('/api/v1/webhooks', signal),
});

/** What came to one of them last, to try mappings on. */
export const recentBodiesQuery = (name: string) =>
  queryOptions({
    queryKey: ['webhooks', name, 'recent'],
    queryFn: ({ signal }) =>
      get<RecentBodies>(`/api/v1/webhooks/${encodeURIComponent(name)}/recent`, signal),
  });

/** What a body would become. */
export const previewQuery = (asked: WebhookPreview) =>
  queryOptions({
    queryKey: ['webhooks', 'preview', asked],
    queryFn: ({ signal }) => post<PreviewAnswer>('/api/v1/webhooks/preview', asked, signal),
    placeholderData: keepPreviousData,
  });

/** Changes. All throw ApiError. */
export const sourcesApi = {
  /** A token that may send events and nothing else; its secret is told this once. */
  issueToken: (name: string): Promise<IssuedToken> =>
    post<IssuedToken>('/api/v1/tokens', { name, scope: { may: 'send' } } satisfies NewToken),
  addWebhook: (wanted: NewWebhook): Promise<AddedWebhook> =>
    post<AddedWebhook>('/api/v1/webhooks', wanted),
  removeWebhook: async (name: string): Promise<void> => {
    await request(`/api/v1/webhooks/${encodeURIComponent(name)}`, { method: 'DELETE' });
  },
  forget: async (intake: string, sender: string): Promise<void> => {
    const of = new URLSearchParams({ intake, sender }).toString();
    await request(`/api/v1/senders?${of}`, { method: 'DELETE' });
  },
};
