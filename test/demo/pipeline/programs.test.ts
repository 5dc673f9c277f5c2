import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Conservation,
  type Job,
  type Pipeline,
  type Running,
  openPipeline,
  until,
} from './pipeline.suite.ts';

// A lease longer than a starved process needs for one picture.
const quick = { ITEM_EVERY_MS: '50', POLL_MS: '100', LEASE_MS: '2500', LOOK_MS: '20' };

interface Health {
  readonly status: string;
  readonly service: string;
  readonly pid: number;
  readonly checks: Readonly<Record<string, { readonly status: string; readonly output: string }>>;
}

// A dozen processes start in some of them.
vi.setConfig({ testTimeout: 90_000 });

let pipeline: Pipeline;
beforeEach(() => {
  pipeline = openPipeline(quick);
});
afterEach(async () => pipeline.close());

const kept = async (queue: Running): Promise<Conservation> => queue.get('/conservation');
const jobsIn = async (queue: Running, query: string): Promise<readonly Job[]> =>
  (await queue.get<{ jobs: readonly Job[] }>(`/jobs?${query}`)).jobs;
const next = async (feeds: Running, fault: string): Promise<number> =>
  (await fetch(`${feeds.url}/next`, { method: 'POST', body: JSON.stringify({ fault }) })).status;
const onSite = (): readonly { readonly id: string; readonly title: string }[] => {
  const file = join(pipeline.store, 'public/items.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).items : [];
};

describe('every program', () => {
  it.each(['feeds', 'importer', 'queue', 'encoder', 'publisher'] as const)(
    '%s tells what it is, what is missing, how it is, and ends when it is told to',
    async (program) => {
      const env = { DEPLOYMENT_ENVIRONMENT: 'production', SERVICE_VERSION: 'abc1234' };
      const [help, missing, running] = await Promise.all([
        pipeline.run(program, ['--help'], {}),
        pipeline.run(program, [], { PORT: '0' }),
        pipeline.start(program, env),
      ]);
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out).toContain('STORE ');
      expect(missing.code).toBe(2);
      expect(missing.err).toMatch(/^\w+: set STORE .*\n$/);
      const answer = await fetch(`${running.url}/healthz`);
      const health = (await answer.json()) as Health;
      expect(health).toMatchObject({ service: program, version: 'abc1234', pid: running.pid });
      const metrics = await (await fetch(`${running.url}/metrics`)).text();
      expect(metrics).toMatch(/^process_resident_memory_bytes \d{7,}$/m);
      expect((await fetch(`${running.url}/nowhere`)).status).toBe(404);
      expect((await fetch(`${running.url}/healthz`, { method: 'PUT' })).status).toBe(405);
      expect(running.said[0]).toMatchObject({
        level: 'info',
        service: program,
        environment: 'production',
        time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
      });
      expect(await running.end('SIGTERM')).toBe(0);
      expect(running.said.at(-1)).toMatchObject({ msg: 'ended' });
    },
  );

  it('ends when whoever started it is gone', async () => {
    const queue = await pipeline.start('queue', { NEWSROOM_PARENT: '1' });
    expect(
      await until(
        () => queue.said.at(-1)?.['msg'],
        (msg) => msg === 'ended',
      ),
    ).toBe('ended');
  });

  it('says which port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const taken = await pipeline.run('queue', [], { PORT: `${port}`, STORE: pipeline.store });
    server.close();
    expect(taken).toMatchObject({ code: 2, err: expect.stringContaining(`127.0.0.1:${port}`) });
  });
});

describe('from the feeds onto the site', () => {
  it('takes RSS, Atom and a listing, each item once, over a restart of the importer and the queue', async () => {
    const feeds = await pipeline.start('feeds', { ITEMS: '12' });
    const [first, importer] = await Promise.all([
      pipeline.start('queue'),
      pipeline.start('importer'),
    ]);
    await until(
      async () => kept(first),
      ({ imported }) => imported >= 6,
    );
    await Promise.all([importer.end('SIGKILL'), first.end('SIGKILL')]);
    await Promise.all([
      pipeline.start('importer'),
      pipeline.start('encoder'),
      pipeline.start('publisher'),
    ]);
    // Without the queue process it goes on.
    const shown = await until(onSite, ({ length }) => length === 12);
    const queue = await pipeline.start('queue');
    expect(await kept(queue)).toMatchObject({ imported: 12, published: 12, lost: 0, twice: 0 });
    for (const feed of ['wire', 'city', 'coast'])
      expect(shown.filter(({ id }) => id.startsWith(`${feed}-`))).toHaveLength(4);
    const given = await feeds.get<{ count: number }>('/items');
    expect(given.count).toBe(12);
    // Sources are removed once they are not needed, and each item has its page.
    await until(
      () => readdirSync(join(pipeline.store, 'inbox')),
      ({ length }) => length === 0,
    );
    expect(readdirSync(join(pipeline.store, 'public/items'))).toHaveLength(12);
    const feed = readFileSync(join(pipeline.store, 'public/feed.xml'), 'utf8');
    expect(feed.match(/<item>/g)).toHaveLength(12);
  });

  it('gives a job back whose worker was killed, although nobody else came for it', async () => {
    await pipeline.start('feeds', { ITEMS: '9' });
    const queue = await pipeline.start('queue');
    await pipeline.start('importer');
    const encoder = await pipeline.start('encoder');
    await until(
      async () => jobsIn(queue, 'state=leased'),
      ({ length }) => length > 0,
    );
    await encoder.end('SIGKILL');
    await until(
      async () => jobsIn(queue, 'state=leased'),
      ({ length }) => length === 0,
    );
    const { workers } = await queue.get<{ workers: readonly { pid: number }[] }>('/workers');
    expect(workers.map(({ pid }) => pid)).toEqual([encoder.pid]);
  });

  it('the archive takes what leaves the site', async () => {
    await pipeline.start('feeds', { ITEMS: '9' });
    await pipeline.start('publisher', { ON_SITE: '3' });
    await Promise.all([pipeline.start('importer'), pipeline.start('encoder')]);
    const queue = await pipeline.start('queue');
    await until(
      async () => kept(queue),
      ({ published }) => published === 9,
    );
    await until(
      () => readdirSync(join(pipeline.store, 'encoded')),
      ({ length }) => length === 3,
    );
    expect(onSite()).toHaveLength(3);
    expect(readdirSync(join(pipeline.store, 'public/items'))).toHaveLength(3);
  });
});

describe('what goes wrong', () => {
  it('a corrupt file is dead after three tries, with the reason; a poison after three encoders', async () => {
    const feeds = await pipeline.start('feeds', { ITEMS: '14', ITEM_EVERY_MS: '1200' });
    expect([await next(feeds, 'corrupt'), await next(feeds, 'poison')]).toEqual([202, 202]);
    expect(await next(feeds, 'rotten')).toBe(400);
    const [queue] = await Promise.all([
      pipeline.start('queue'),
      pipeline.start('importer'),
      pipeline.start('publisher'),
    ]);
    // One encoder, that is started again whenever it died.
    let deaths = 0;
    const isSettled = ({ published, dead }: Conservation): boolean => published + dead === 14;
    let encoder = await pipeline.start('encoder');
    while (!isSettled(await kept(queue))) {
      if (encoder.said.at(-1)?.['msg'] === 'crashed') {
        deaths += 1;
        encoder = await pipeline.start('encoder');
      }
      await until(
        async () => kept(queue),
        (now) => isSettled(now) || encoder.said.at(-1)?.['msg'] === 'crashed',
      );
    }
    expect(await kept(queue)).toMatchObject({ imported: 14, published: 12, dead: 2, lost: 0 });
    expect(deaths).toBe(3);
    const dead = await jobsIn(queue, 'state=dead');
    const told = dead.toSorted((a, b) => a.attempts - b.attempts);
    expect(told.map((job) => [job.attempts, job.deaths, job.reason])).toEqual([
      [0, 3, 'its worker did not come back'],
      [3, 0, expect.stringMatching(/^it is no whole PNG/)],
    ]);
  });

  it('people requeue, cancel and bury jobs with the token, and nobody without', async () => {
    await pipeline.start('feeds', { ITEMS: '9' });
    const queue = await pipeline.start('queue');
    await pipeline.start('importer');
    const [job] = await until(
      async () => jobsIn(queue, ''),
      ({ length }) => length === 9,
    );
    const token = readFileSync(join(pipeline.store, 'queue.token'), 'utf8').trim();
    const act = async (id: number | undefined, action: string, bearer = token): Promise<number> => {
      const headers = { authorization: `Bearer ${bearer}` };
      return (await fetch(`${queue.url}/jobs/${id}/${action}`, { method: 'POST', headers })).status;
    };
    expect(await act(job?.id, 'cancel', 'guessed')).toBe(401);
    expect(await act(job?.id, 'cancel', '')).toBe(401);
    expect(await act(job?.id, 'cancel')).toBe(200);
    expect(await act(job?.id, 'cancel')).toBe(409);
    expect(await kept(queue)).toMatchObject({ waiting: 8, cancelled: 1, lost: 0 });
    expect(await act(job?.id, 'requeue')).toBe(200);
    expect(await act(job?.id, 'bury')).toBe(200);
    expect(await kept(queue)).toMatchObject({ waiting: 8, dead: 1, lost: 0 });
    expect(await act(999, 'cancel')).toBe(404);
    expect(await act(job?.id, 'praise')).toBe(404);
    const look = await queue.get<{ life: readonly { what: string }[] }>(`/jobs/${job?.id}`);
    expect(look.life.map(({ what }) => what)).toEqual([
      'enqueued',
      'cancelled',
      'requeued',
      'dead',
    ]);
  });

  it('a full store makes encoders refuse, and is said; what comes in waits, and nothing is lost', async () => {
    await pipeline.start('feeds', { ITEMS: '9' });
    const [queue, encoder] = await Promise.all([
      pipeline.start('queue'),
      pipeline.start('encoder'),
      pipeline.start('publisher'),
    ]);
    const quota = join(pipeline.store, 'quota');
    writeFileSync(quota, '0\n');
    await pipeline.start('importer');
    await until(
      async () => kept(queue),
      ({ imported }) => imported === 9,
    );
    const health = await until(
      async () => encoder.get<Health>('/healthz'),
      ({ status }) => status === 'fail',
    );
    expect(health.checks['store']?.output).toMatch(/^the store is full: \d+ of 0 bytes$/);
    expect(await kept(queue)).toMatchObject({ waiting: 9, published: 0 });
    // Nobody took a job only to give it back: refusing is no failure of a job.
    const jobs = await jobsIn(queue, 'stage=encode');
    expect(jobs.map(({ token, attempts }) => token + attempts)).toEqual(jobs.map(() => 0));
    expect(readdirSync(join(pipeline.store, 'encoded'))).toEqual([]);
    rmSync(quota);
    await until(
      async () => kept(queue),
      ({ published }) => published === 9,
    );
  });

  it('a slow feed is said; the others are read', async () => {
    const feeds = await pipeline.start('feeds', { ITEMS: '9' });
    const put = { method: 'PUT', body: JSON.stringify({ ms: 5_000 }) };
    expect((await fetch(`${feeds.url}/slow`, put)).status).toBe(200);
    const importer = await pipeline.start('importer', { WITHIN_MS: '300' });
    const failing = await until(
      async () => importer.get<Health>('/healthz'),
      ({ status }) => status === 'fail',
    );
    expect(failing.checks['feeds']?.output).toMatch(/wire: .*timeout/);
    await fetch(`${feeds.url}/slow`, { method: 'DELETE' });
    await until(
      async () => importer.get<Health>('/healthz'),
      ({ status }) => status === 'pass',
    );
  });
});
