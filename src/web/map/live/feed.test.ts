import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type {
  HealthWord,
  LiveHealth,
  MapAnswer,
  MapHealth,
} from '../../../server/api/contract-map.ts';
import { MapFeed } from './feed.ts';
import { unknownHealth } from './moment.ts';

const healthOf = (shown: HealthWord): MapHealth => ({ ...unknownHealth, shown });
const node = (id: string, shown: HealthWord): MapAnswer['nodes'][number] => ({
  id,
  quadrant: 'production',
  kind: 'app',
  title: id.toUpperCase(),
  anchor: false,
  release: false,
  roles: [],
  mix: {},
  names: {},
  metrics: [],
  links: [],
  processes: [],
  criticality: null,
  lastEvent: null,
  declared: { file: 'map.yaml', line: 1, column: 1 },
  health: healthOf(shown),
});
const answer = (revision: number, states: Record<string, HealthWord>, hash = 'h1'): MapAnswer => ({
  title: 'Shop',
  time: Date.now(),
  live: true,
  recorded: true,
  revision,
  version: { hash, time: 0, by: 'ada', offset: 1, added: [], removed: [], changed: [] },
  freshest: Date.now(),
  nodes: Object.entries(states).map(([id, shown]) => node(id, shown)),
  edges: [],
  processes: [],
  streams: [],
  problems: [],
});

/** A server that answers with what it is told to, and sends what it is told to. */
class Server {
  map = answer(10, { api: 'ok', db: 'ok' });
  past: MapAnswer | undefined;
  refuses = false;
  readonly asked: { readonly path: string; readonly headers: Headers }[] = [];
  #live: ReadableStreamDefaultController<Uint8Array> | undefined;

  readonly fetch = async (path: string, init: RequestInit = {}): Promise<Response> => {
    this.asked.push({ path, headers: new Headers(init.headers) });
    if (this.refuses) return new Response('', { status: 403 });
    if (path === '/api/v1/map') return Response.json(this.map);
    if (path.startsWith('/api/v1/map?at=')) return Response.json(this.past);
    return new Response(
      new ReadableStream<Uint8Array>({ start: (controller) => void (this.#live = controller) }),
    );
  };

  get isFollowed(): boolean {
    return this.#live !== undefined;
  }

  times(path: string): number {
    return this.asked.filter((one) => one.path === path).length;
  }

  send(event: string, data: unknown): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#live?.enqueue(new TextEncoder().encode(text));
  }

  health(revision: number, states: Record<string, HealthWord>): void {
    const message: LiveHealth = {
      revision,
      time: Date.now(),
      freshest: Date.now(),
      changes: Object.entries(states).map(([id, shown]) => ({ id, health: healthOf(shown) })),
    };
    this.send('health', message);
  }

  breakOff(): void {
    this.#live?.close();
    this.#live = undefined;
  }
}

let server = new Server();
const stops: (() => void)[] = [];
const shown = (feed: MapFeed, id: string): HealthWord => feed.health(id).shown;

/** A feed that follows. */
async function following(feed = new MapFeed()): Promise<MapFeed> {
  stops.push(feed.listeners.on('state', () => {}));
  await vi.waitUntil(() => server.isFollowed);
  return feed;
}

beforeEach(() => {
  server = new Server();
  vi.stubGlobal('fetch', server.fetch);
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => setTimeout(act, 1));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
});
// The globals stay as they are: a feed that nobody listens to goes on for some seconds, and looks at them.
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

test('it goes on from the revision that it has, and only who is concerned is told', async () => {
  const feed = await following();
  expect(server.asked.at(-1)?.headers.get('last-event-id')).toBe('10');
  expect([feed.state().kind, shown(feed, 'api'), shown(feed, 'nobody')]).toEqual([
    'live',
    'ok',
    'no-evidence',
  ]);
  const told: string[] = [];
  for (const id of ['api', 'db']) stops.push(feed.listeners.onHealth([id], () => told.push(id)));
  const model = feed.model();
  server.health(11, { db: 'down' });
  await vi.waitUntil(() => shown(feed, 'db') === 'down');
  expect(told).toEqual(['db']);
  expect(feed.model()).toBe(model);
  expect(feed.now()?.nodes.map(({ health }) => health.shown)).toEqual(['ok', 'down']);
});

test('many changes between two frames are one', async () => {
  const feed = await following();
  let told = 0;
  stops.push(feed.listeners.onHealth(['api', 'db'], () => told++));
  for (let revision = 11; revision < 40; revision++)
    server.health(revision, { api: revision % 2 ? 'down' : 'ok', db: 'degraded' });
  await vi.waitUntil(() => shown(feed, 'db') === 'degraded');
  await vi.waitUntil(() => shown(feed, 'api') === 'down');
  expect(told).toBeLessThan(10);
});

test('what was missed is fetched: a gap, another revision at the start, another map', async () => {
  const feed = await following();
  server.map = answer(15, { api: 'degraded', db: 'down' });
  server.health(15, { db: 'down' });
  await vi.waitUntil(() => shown(feed, 'api') === 'degraded');
  server.map = answer(20, { api: 'ok', db: 'ok' });
  server.send('map', { revision: 20, version: 'h1' });
  await vi.waitUntil(() => shown(feed, 'api') === 'ok');
  const model = feed.model();
  server.map = answer(21, { api: 'ok', mail: 'down' }, 'h2');
  server.send('model', { revision: 21, hash: 'h2' });
  await vi.waitUntil(() => shown(feed, 'mail') === 'down');
  expect(feed.model()).not.toBe(model);
  expect([feed.model()?.titleOf('mail'), shown(feed, 'db')]).toEqual(['MAIL', 'no-evidence']);
});

test('a connection that breaks off is made again, from where it was', async () => {
  const feed = await following();
  server.health(11, { db: 'down' });
  await vi.waitUntil(() => shown(feed, 'db') === 'down');
  server.breakOff();
  await vi.waitUntil(() => server.isFollowed, 5_000);
  expect(server.asked.at(-1)?.headers.get('last-event-id')).toBe('11');
  expect(feed.state().kind).toBe('live');
});

test('the past stands in the place of now, and what comes live waits behind it', async () => {
  const feed = await following();
  server.past = { ...answer(0, { api: 'down', db: 'down' }), live: false, time: 5_000 };
  await feed.showAt(5_000);
  expect(feed.state()).toEqual({ kind: 'past', at: 5_000, recorded: true });
  expect(shown(feed, 'api')).toBe('down');
  server.health(11, { db: 'at-risk' });
  await feed.showAt(5_000);
  expect(server.times('/api/v1/map?at=5000')).toBe(1);
  await vi.waitUntil(() => feed.freshest() !== undefined);
  await feed.showAt(undefined);
  await vi.waitUntil(() => shown(feed, 'db') === 'at-risk');
  expect([feed.state().kind, shown(feed, 'api')]).toEqual(['live', 'ok']);
});

test('of two moments that are asked for the last one is shown, whichever comes first', async () => {
  const feed = await following();
  let answerLate: (response: Response) => void = () => {};
  const late = new Promise<Response>((resolve) => (answerLate = resolve));
  const before = server.fetch;
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
    if (path.endsWith('at=1000')) return late;
    return before(path, init);
  });
  server.past = { ...answer(0, { api: 'down', db: 'ok' }), live: false, time: 2_000 };
  const first = feed.showAt(1_000);
  await feed.showAt(2_000);
  answerLate(Response.json({ ...answer(0, { api: 'ok', db: 'ok' }), live: false, time: 1_000 }));
  await first;
  expect(feed.state()).toMatchObject({ at: 2_000 });
});

test('a token asks for itself; a refusal ends it and is said', async () => {
  const feed = await following(new MapFeed('twb_secret'));
  expect(
    server.asked.every(({ headers }) => headers.get('authorization') === 'Bearer twb_secret'),
  ).toBe(true);
  expect(feed.identity).toBe('twb_secret');
  server.refuses = true;
  const refused = new MapFeed('twb_other');
  stops.push(refused.listeners.on('state', () => {}));
  await vi.waitUntil(() => refused.state().kind === 'error');
});
