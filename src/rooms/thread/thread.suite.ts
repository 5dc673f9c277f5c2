import type { PlacedEvent } from '../../event/codec.ts';
import type { Json } from '../../event/event.ts';
import { findThings } from './find.ts';
import { fold } from './fold.ts';
import { type Bounds, ThreadGraph } from './graph.ts';
import { type Thread, threadOf } from './walk.ts';

export const noon = Date.UTC(2026, 0, 15, 12);
export const minute = 60_000;
export const small: Bounds = { things: 2_000, edges: 8_000, events: 1_000 };

export type Fields = Partial<Omit<PlacedEvent, 'offset'>> & { readonly type: string };

/** Facts as the log gives them, a minute apart where they say no time. */
export function facts(list: readonly Fields[]): PlacedEvent[] {
  return list.map((fields, at) => {
    const time = noon + at * minute;
    const rest = { id: `e${at}`, source: '/ci', time, received: time, stream: 'facts' } as const;
    return { ...rest, ...fields, offset: at + 1 };
  });
}

export const commit = (
  sha: string,
  parents: readonly string[] = [],
  more: Record<string, Json> = {},
): Fields => ({
  type: 'dev.cdeventsx.territory-commit.created.0.1.0',
  id: `commit/${sha}`,
  source: 'https://github.com/acme/shop.git',
  subject: `commit/${sha}`,
  attributes: {
    'vcs.repository.url.full': 'https://github.com/acme/shop.git',
    'vcs.ref.head.revision': sha,
  },
  data: { sha, parents, title: `Change ${sha.slice(0, 4)}`, ...more },
});

export const cdevent = (
  what: string,
  id: string,
  content: Record<string, Json>,
  more: {
    readonly attributes?: Record<string, string>;
    readonly context?: Record<string, Json>;
  } = {},
): Fields => ({
  type: `dev.cdevents.${what}.0.3.0`,
  subject: id,
  ...(more.attributes && { attributes: more.attributes }),
  data: { context: { ...more.context }, subject: { id, content } },
});

export const sha = (letter: string): string => letter.repeat(40);

export function graphOf(events: readonly PlacedEvent[], bounds = small): ThreadGraph {
  const graph = new ThreadGraph(bounds);
  for (const event of events) fold(graph, event);
  return graph;
}

/** The thread of the only thing that a text means. Throws when it is not one. */
export function follow(graph: ThreadGraph, text: string): Thread {
  const [slot, ...others] = findThings(graph, text);
  if (slot === undefined || others.length > 0)
    throw new Error(`${text}: ${[slot, ...others].map((one) => graph.keyAt(one ?? 0)).join(', ')}`);
  return threadOf(graph, slot);
}

/** A thread in words: the sides, and the edges between short names. */
export function told(thread: Thread): { up: string[]; down: string[]; edges: string[] } {
  const short = (key: string): string => key.replace(/([0-9a-z])\1{39}/, '$1');
  const side = (of: string): string[] =>
    thread.things.filter((thing) => thing.side === of).map(({ key }) => short(key));
  const edges = thread.edges.map(({ from, kind, to }) => `${short(from)} ${kind} ${short(to)}`);
  return { up: side('up'), down: side('down'), edges };
}

export const repository = { 'vcs.repository.url.full': 'https://github.com/acme/shop' };
const [a, b, d] = ['a', 'b', 'd'].map(sha) as [string, string, string];

/** From an idea to a trouble, as GitHub, a build server and a pager tell it. */
export const story: readonly Fields[] = [
  cdevent(
    'ticket.created',
    'ticket/acme/shop/7',
    {},
    {
      attributes: { ...repository, 'ticket.id': 'acme/shop#7' },
    },
  ),
  commit(a, [d]),
  cdevent(
    'change.created',
    'change/acme/shop/12',
    { description: 'Baskets, fixes #7' },
    {
      attributes: { ...repository, 'vcs.change.id': '12', 'vcs.ref.head.revision': a },
    },
  ),
  cdevent(
    'change.merged',
    'change/acme/shop/12',
    {},
    {
      attributes: {
        ...repository,
        'vcs.change.id': '12',
        'vcs.ref.head.revision': b,
        'vcs.change.head.revision': a,
      },
    },
  ),
  commit(b, [d, a]),
  cdevent(
    'pipelinerun.finished',
    'pipelinerun/9000000001',
    {},
    {
      attributes: {
        ...repository,
        'cicd.pipeline.run.id': '9000000001',
        'vcs.ref.head.revision': b,
      },
    },
  ),
  cdevent(
    'artifact.packaged',
    'pkg:oci/shop@sha256%3A0b31b1c02ff458ad9b7b81cbdf8f028b',
    {},
    {
      attributes: { 'cicd.pipeline.run.id': '9000000001' },
    },
  ),
  {
    ...cdevent('service.deployed', 'shop', {
      environment: { id: 'production' },
      artifactId: 'pkg:oci/shop@sha256%3A0b31b1c02ff458ad9b7b81cbdf8f028b?repository_url=x',
    }),
    id: 'deploy-1',
  },
  {
    type: 'dev.cdeventsx.territory-alert.opened.0.1.0',
    source: 'territory/alerts',
    service: 'shop',
    data: { alert: 'ffaa', suspects: [{ source: '/ci', id: 'deploy-1', what: 'shop deployed' }] },
  },
  cdevent('incident.detected', 'INC-42', {
    environment: { id: 'production' },
    service: { id: 'shop' },
    artifactId: 'sha256:0b31b1c02ff458ad9b7b81cbdf8f028b',
    ticketURI: 'https://github.com/acme/shop/issues/8',
  }),
];
