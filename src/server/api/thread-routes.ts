import { type PlacedEvent, decodeBatch } from '../../event/codec.ts';
import type { Log } from '../../log/log.ts';
import { findThings, suggestions } from '../../rooms/thread/find.ts';
import type { ThreadGraph } from '../../rooms/thread/graph.ts';
import { mentions } from '../../rooms/thread/mentions.ts';
import { threadOf } from '../../rooms/thread/walk.ts';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { tellMatches, tellThread } from '../thread/answer.ts';
import { answers } from './answers.ts';
import { Thread, ThreadQuery } from './contract-thread.ts';

/** GET /api/v1/thread */
export function addThreadRoutes(app: App, { threads, log, now }: Parts): void {
  app.get(
    '/api/v1/thread',
    {
      schema: {
        summary: 'What led to a commit, a deployment, an incident…, and what came of it',
        description:
          'When the text may mean several things, `matches` lists them and there is no thread: ask for the key of one.',
        tags: ['events'],
        querystring: ThreadQuery,
        response: answers(Thread, 400, 401, 403, 404, 503),
      },
    },
    async (request): Promise<Thread> => {
      const { of, direction = 'both' } = request.query;
      await threads.follower.reaches(log.stat('facts').next - 1);
      const { graph, offset } = threads.follower;
      const slots = await meant(graph, of, log);
      const at = now();
      const asOf = { time: at, offset };
      const matches = await tellMatches(graph, slots, log);
      const [only, ...others] = slots;
      if (only === undefined) throw notFound(graph, of);
      if (others.length > 0) return { of, matches, things: [], edges: [], cut: false, asOf };
      const thread = threadOf(graph, only);
      return { of, matches, ...(await tellThread(thread, { log, direction, now: at })), asOf };
    },
  );
}

async function meant(graph: ThreadGraph, of: string, log: Log): Promise<number[]> {
  const [, stream, offset] = /^(facts|readings)-(\d{1,15})$/.exec(of.trim()) ?? [];
  if (stream === undefined) return findThings(graph, of);
  const event = await eventAt(log, stream === 'facts' ? 'facts' : 'readings', Number(offset));
  if (!event) throw apiError('NOT_FOUND', `the log has no event ${of.trim()}`, { field: 'of' });
  const { about, edges } = mentions(event);
  const ends = edges.flatMap(({ from, to }) => [from, to]);
  const keys = about === undefined ? ends : [about];
  const slots = keys.flatMap((key) => graph.slots.get(key) ?? []);
  // A reading names a commit or a run without being a fact about it.
  return [...new Set(slots.length > 0 ? slots : named(graph, event))];
}

const naming = [
  'deployment.id',
  'incident.id',
  'vcs.ref.head.revision',
  'cicd.pipeline.run.id',
  'artifact.id',
];

function named(graph: ThreadGraph, { attributes = {} }: PlacedEvent): number[] {
  for (const name of naming) {
    const found = findThings(graph, attributes[name] ?? '');
    if (found.length > 0) return found;
  }
  return [];
}

async function eventAt(
  log: Log,
  stream: 'facts' | 'readings',
  offset: number,
): Promise<PlacedEvent | undefined> {
  const { first, next } = log.stat(stream);
  if (offset < first || offset >= next) return undefined;
  for await (const batch of log.read(stream, offset)) {
    const bytes = batch.bytes.subarray(0, batch.bytes.indexOf(0x0a) + 1);
    return decodeBatch({ ...batch, bytes, count: 1 })[0];
  }
  return undefined;
}

function notFound(graph: ThreadGraph, of: string) {
  const like = suggestions(graph, of);
  const hint = like.length === 0 ? '' : ` Did you mean ${like.join(', ')}?`;
  return apiError(
    'NOT_FOUND',
    `no fact names "${of}": looked among commits, tags, changes, runs, artefacts, deployments, incidents, tickets, cards and cases.${hint}`,
    { field: 'of' },
  );
}
