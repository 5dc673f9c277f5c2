import { queryOptions } from '@tanstack/react-query';
import type { PlacedEvent } from '../../server/api/contract.ts';
import type { Thread } from '../../server/api/contract-thread.ts';
import { ApiError, get } from '../kit/api.ts';

/** Facts come seldom; a page that is left open is looked at again so often, ms. */
const refreshMs = 30_000;

/** The thread of what a text means. */
export const threadQuery = (of: string) =>
  queryOptions({
    queryKey: ['thread', of],
    queryFn: ({ signal }) =>
      get<Thread>(`/api/v1/thread?${new URLSearchParams({ of }).toString()}`, signal),
    refetchInterval: refreshMs,
    // That nothing is known by a name is an answer.
    retry: (count, error) => !isUnknown(error) && count < 2,
  });

/** Whether the server looked and knows nothing by that name. */
export const isUnknown = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404;

const naming = [
  'vcs.ref.head.revision',
  'cicd.pipeline.run.id',
  'artifact.id',
  'deployment.id',
  'incident.id',
];

/** Whether an event can be part of a thread: a fact, or a reading that names a commit or a run. */
export const mayHaveThread = (event: PlacedEvent): boolean =>
  event.stream === 'facts' || naming.some((name) => event.attributes?.[name] !== undefined);
