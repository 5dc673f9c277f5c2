import { describe, expect, test, vi } from 'vitest';
import type { Demo } from '../api/contract-demo.ts';
import { type Server, json, startServer } from '../compose/running.suite.ts';

const path = '/api/v1/demo';
// A server is started and asked for real, also on a machine that has much else to do.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 20_000, interval: 50 };
const shown = async (server: Server): Promise<Demo> =>
  (await (await server.ask(path)).json()) as Demo;

const fact = (happening: string, data: unknown) => ({
  type: `dev.cdeventsx.territory-demo.${happening}.0.1.0`,
  source: 'newsroom',
  subject: 'demo',
  data,
});
const started = fact('started', {
  seed: 1,
  speed: 1,
  site: 'http://127.0.0.1:7243/',
  tools: [{ what: 'front', found: 'built-in' }],
});

/** A server that watches a demo, of which it has heard. */
async function withDemo(): Promise<Server> {
  const server = await startServer({ 'demo.enabled': true });
  await server.send([started]);
  await vi.waitFor(
    async () => expect(await shown(server)).toMatchObject({ running: true }),
    patience,
  );
  return server;
}

type Headers = Readonly<Record<string, string>>;

const asks = (server: Server, kind: string, on?: boolean, more: Headers = {}) => {
  const headers = { 'content-type': 'application/json', ...more };
  const posted = json('POST', { kind, ...(on === undefined ? {} : { on }) });
  return server.askJson(`${path}/chaos`, { ...posted, headers });
};

const chaosOf = async (server: Server, kind: string) =>
  (await shown(server)).chaos.find((one) => one.kind === kind);

test('a server of which there is no demo says so', async () => {
  const server = await startServer();
  await server.send([started]);
  expect(await shown(server)).toMatchObject({ running: false, seed: null, startedAt: null });
  expect((await shown(server)).tour.map(({ happened }) => happened)).toEqual(Array(10).fill(null));
  expect(await asks(server, 'slow-feed')).toMatchObject({
    status: 409,
    code: 'TERR_NEWSROOM_NONE',
  });
});

test('chaos is asked for, and what the demo tells of it is shown', async () => {
  const server = await withDemo();
  expect(await shown(server)).toMatchObject({
    seed: 1,
    speed: 1,
    site: 'http://127.0.0.1:7243/',
    tools: [{ what: 'front', found: 'built-in' }],
  });
  const key = { 'idempotency-key': 'k1' };
  const asked = await asks(server, 'slow-feed', undefined, key);
  expect(asked).toMatchObject({ status: 200, kind: 'slow-feed', state: 'asked', by: 'admin' });
  // The same request sent again is carried out once; another one is refused.
  expect(await asks(server, 'slow-feed', undefined, key)).toMatchObject({ status: 200 });
  expect(await asks(server, 'slow-feed')).toMatchObject({ code: 'TERR_NEWSROOM_STATE' });
  await server.send([fact('chaosbegan', { kind: 'slow-feed', said: 'each answer takes 5 s' })]);
  await vi.waitFor(
    async () =>
      expect(await chaosOf(server, 'slow-feed')).toMatchObject({ state: 'running', lasts: true }),
    patience,
  );
  expect(await asks(server, 'slow-feed', false)).toMatchObject({ state: 'running', ending: true });
  await server.send([fact('chaosended', { kind: 'slow-feed', said: 'as before' })]);
  await vi.waitFor(
    async () =>
      expect(await chaosOf(server, 'slow-feed')).toMatchObject({
        state: 'idle',
        said: 'as before',
      }),
    patience,
  );
  const { story, tour } = await shown(server);
  expect(story.map(({ text }) => text)).toEqual([
    'Slow feed: as before',
    'Slow feed: each answer takes 5 s',
  ]);
  expect(tour.at(-1)?.happened?.text).toBe('Slow feed: each answer takes 5 s');
  await server.send([fact('stopped', {})]);
  await vi.waitFor(
    async () => expect(await shown(server)).toMatchObject({ running: false }),
    patience,
  );
  expect(await asks(server, 'slow-feed')).toMatchObject({ code: 'TERR_NEWSROOM_NONE' });
});

test('what was asked for comes back after a restart', async () => {
  const server = await withDemo();
  await asks(server, 'full-disk');
  await server.close();
  const again = await startServer({ 'demo.enabled': true, data: server.data });
  await vi.waitFor(
    async () =>
      expect(await chaosOf(again, 'full-disk')).toMatchObject({ state: 'asked', by: 'admin' }),
    patience,
  );
});

describe('who may', () => {
  const tokenOf = async (server: Server, may: string): Promise<Headers> => {
    const made = await server.askJson(
      '/api/v1/tokens',
      json('POST', { name: may, scope: { may } }),
    );
    return { authorization: `Bearer ${String(made['secret'])}` };
  };

  test('ask for chaos: not one who only reads', async () => {
    const server = await withDemo();
    const reader = await tokenOf(server, 'viewer');
    expect((await server.ask(path, { headers: reader })).status).toBe(200);
    expect(await asks(server, 'slow-feed', true, reader)).toMatchObject({ status: 403 });
    expect(await asks(server, 'earthquake')).toMatchObject({ status: 400 });
  });

  test('tell the story: not one who only sends', async () => {
    const server = await withDemo();
    const sender = await tokenOf(server, 'send');
    const told = (text: string) => fact('told', { kind: 'merged', text, who: 'mia' });
    const body = `${JSON.stringify(told('forged'))}\n`;
    const headers = { ...sender, 'content-type': 'application/x-ndjson' };
    const sent = await server.ask('/api/v1/events', { method: 'POST', headers, body });
    expect(sent.status).toBe(200);
    await server.send([told('true')]);
    await vi.waitFor(async () => expect((await shown(server)).story).not.toEqual([]), patience);
    expect((await shown(server)).story.map(({ text }) => text)).toEqual(['true']);
  });
});

test('architectures stand as they told last', { timeout: 30_000 }, async () => {
  const server = await withDemo();
  const reading = (service: string, data: unknown) => ({
    type: 'newsroom.architecture',
    name: 'newsroom.architecture',
    service,
    data,
  });
  await server.send([
    reading('one-program', { imported: 4, sees: ['nothing but that its process is there'] }),
    reading('processes', { imported: 9, waiting: 2, done: 7, lost: 0, twice: 0, restarts: 1 }),
  ]);
  // Without history, the follower of the log begins after 5 s.
  await vi.waitFor(
    async () =>
      expect((await shown(server)).architectures).toMatchObject(
        [
          { name: 'one-program', imported: 4, lost: null, sees: [/nothing/] },
          { name: 'threads', at: null, imported: null, sees: [] },
          { name: 'processes', imported: 9, waiting: 2, done: 7, lost: 0, restarts: 1 },
        ].map((one) => ({ ...one, sees: expect.any(Array) as unknown })),
      ),
    patience,
  );
});

test('counts itself where there is a demo', async () => {
  const server = await withDemo();
  await asks(server, 'kill-all-three');
  const itself = await (await server.ask('/api/v1/itself')).json();
  expect(JSON.stringify(itself)).toContain('story of the demo');
  const metrics = await (await server.ask('/metrics')).text();
  expect(metrics).toMatch(/territory_demo_asked(_total)?\b.* 1\n/);
});
