import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { chaosKinds } from '../../rooms/demo/chaos.ts';
import type { Demo } from '../../server/api/contract-demo.ts';
import { type Server, json, startServer } from '../../server/compose/running.suite.ts';
import type { Company } from '../company.ts';
import { doAsked } from './chaos.ts';
import type { Deeds, Do } from './deeds.ts';
import { tellStarted, tellStopped } from './telling.ts';

// A server is started and asked for real, also on a machine that has much else to do.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 20_000, interval: 50 };

/** As much of a company as chaos needs to hear and to tell. */
function companyOf(server: Server, stop: AbortController): Company {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await server.ask(path, body === undefined ? { method } : json(method, body));
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const company = {
    seed: 7,
    speed: 2,
    ports: { site: { production: { front: 7243 } } },
    tools: { front: 'built-in', encoder: 'javascript', migrations: 'site' },
    territory: { url: server.url, token: server.token, ask },
    say: () => undefined,
    signal: stop.signal,
    now: Date.now,
  };
  return company as unknown as Company; // the rest is for the deeds, which the test gives
}

const nothing: Do = async () => ({ said: 'done', over: async () => 'over' });
const all = (deeds: Partial<Deeds>): Deeds =>
  ({ ...Object.fromEntries(chaosKinds.map((kind) => [kind, nothing])), ...deeds }) as Deeds;

interface Running {
  readonly server: Server;
  readonly company: Company;
  readonly stop: () => Promise<void>;
  readonly shown: () => Promise<Demo>;
  readonly ask: (kind: string, on?: boolean) => Promise<unknown>;
  readonly comesTo: (kind: string, state: object) => Promise<void>;
}

async function running(deeds: Partial<Deeds>): Promise<Running> {
  const server = await startServer({ 'demo.enabled': true });
  const stopping = new AbortController();
  const company = companyOf(server, stopping);
  await vi.waitFor(
    async () => expect((await server.ask('/api/v1/demo')).status).toBe(200),
    patience,
  );
  await tellStarted(company);
  const shown = async (): Promise<Demo> => company.territory.ask('GET', '/api/v1/demo');
  await vi.waitFor(async () => expect((await shown()).running).toBe(true), patience);
  const done = doAsked(company, all(deeds));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await done;
  };
  onTestFinished(stop);
  return {
    server,
    company,
    stop,
    shown,
    ask: async (kind, on = true) =>
      company.territory.ask('POST', '/api/v1/demo/chaos', { kind, on }),
    comesTo: async (kind, state) =>
      vi.waitFor(async () => {
        expect((await shown()).chaos.find((one) => one.kind === kind)).toMatchObject(state);
      }, patience),
  };
}

const aborted = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

test('what is asked for is done once, is told, and ends when that is asked for', async () => {
  const done: string[] = [];
  const { ask, comesTo, shown } = await running({
    'slow-feed': async (ending) => {
      done.push('slow');
      const over = async (): Promise<string> => {
        await aborted(ending);
        done.push('as before');
        return 'the feeds answer at once';
      };
      return { said: 'the feeds take 8 s', over };
    },
  });
  expect(await shown()).toMatchObject({
    seed: 7,
    speed: 2,
    site: 'http://127.0.0.1:7243/',
    tools: [{ what: 'load balancer', found: 'the built-in front' }, {}, {}],
  });
  await ask('slow-feed');
  await comesTo('slow-feed', { state: 'running', said: 'the feeds take 8 s', by: 'admin' });
  await ask('slow-feed', false);
  await comesTo('slow-feed', { state: 'idle', said: 'the feeds answer at once' });
  expect(done).toEqual(['slow', 'as before']);
  await ask('slow-feed');
  await comesTo('slow-feed', { state: 'running' });
  expect(done).toEqual(['slow', 'as before', 'slow']);
});

test('what can not be done, and what does not end as it should, is told with why', async () => {
  const { ask, comesTo } = await running({
    'poison-job': async () => {
      throw new Error('the feeds do not answer');
    },
    'killed-encoder': async () => ({
      said: 'pid 7 got SIGKILL',
      over: async () => {
        throw new Error('no encoder runs after 60 s');
      },
    }),
  });
  await ask('poison-job');
  await comesTo('poison-job', { state: 'failed', said: 'the feeds do not answer' });
  await ask('killed-encoder');
  await comesTo('killed-encoder', { state: 'failed', said: 'no encoder runs after 60 s' });
  await expect(ask('poison-job')).resolves.toMatchObject({ state: 'asked' });
});

describe('with its company', () => {
  test('everything is undone', async () => {
    const undone: string[] = [];
    const lasting =
      (name: string): Do =>
      async (ending) => ({
        said: name,
        over: async () => {
          await aborted(ending);
          undone.push(name);
          return 'over';
        },
      });
    const { ask, comesTo, stop, company, shown } = await running({
      'full-disk': lasting('disk'),
      'payments-down': lasting('payments'),
    });
    await ask('full-disk');
    await ask('payments-down');
    await comesTo('full-disk', { state: 'running' });
    await comesTo('payments-down', { state: 'running' });
    await stop();
    expect(undone.toSorted()).toEqual(['disk', 'payments']);
    await tellStopped(company);
    await vi.waitFor(async () => expect((await shown()).running).toBe(false), patience);
  });
});
