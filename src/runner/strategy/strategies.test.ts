import { renameSync, rmSync } from 'node:fs';
import { afterEach, assert, describe, expect, test } from 'vitest';
import { haproxy } from '../balancer/haproxy.ts';
import { superviseInstances } from '../instance/supervisor.ts';
import { hasHaproxy, type Load, startLoad, until } from './front.suite.ts';
import { switched } from './steps.ts';
import { strategies } from './strategies.ts';
import type { JournalNote, Strategy } from './strategy.ts';
import { Killed, openYard, type Order, type Yard } from './yard.suite.ts';

let yard: Yard;
let load: Load | undefined;
afterEach(async () => {
  await load?.stop();
  load = undefined;
  await yard.stop();
});

const go = async (version: string, order: Order = {}): Promise<void> =>
  strategies[order.kind ?? 'blue-green'].forward(yard.ground(version, order));
const customers = (clients = 8, pause = 0): Load =>
  (load = startLoad(yard.front?.url('shop') ?? '', clients, pause));

describe.skipIf(!hasHaproxy)('blue-green', () => {
  const servers = ['blue1', 'blue2', 'green1', 'green2'];

  test('4,000 requests of 8 customers across the switch: none fails, both versions are seen', async () => {
    yard = await openYard(servers);
    await go('release_1', { count: 2 });
    expect(await yard.seen()).toEqual([
      'blue1 ready up release_1',
      'blue2 ready up release_1',
      'green1 maint unknown -',
      'green2 maint unknown -',
    ]);
    const { reached, failed, tally, stop } = customers();
    await reached(200);
    const ground = yard.ground('release_2', { count: 2 });
    await strategies['blue-green'].forward(ground);
    await reached(4_000);
    const before = tally.versions['release_1'];
    await reached(tally.requests + 200);
    await stop();
    expect({ failed: failed(), first: tally.firstFailure }).toEqual({ failed: 0 });
    expect(tally.requests).toBeGreaterThanOrEqual(4_000);
    expect(before).toBeGreaterThan(0);
    expect(tally.versions['release_2']).toBeGreaterThan(200);
    // After the switch nobody is at the old version.
    expect(tally.versions['release_1']).toBe(before);
    expect(await yard.seen()).toEqual([
      'blue1 maint unknown -',
      'blue2 maint unknown -',
      'green1 ready up release_2',
      'green2 ready up release_2',
    ]);
    expect(ground.said.filter((s) => s.startsWith('#'))).toEqual([
      '# starting-new',
      '# checking-new',
      '# switching',
      '# draining-old',
    ]);
    process.stdout.write(`${JSON.stringify(tally)}\n`);
  });

  test('slow requests of the old version are finished before it is stopped', async () => {
    yard = await openYard(['blue1', 'green1']);
    await go('release_1', { env: { SLOW: '300' } });
    const { reached, failed, stop } = customers(3);
    await reached(3);
    await go('release_2');
    await stop();
    expect(failed()).toBe(0);
  });

  test('the old one is kept for an instant way back, then it is gone', async () => {
    yard = await openYard(['blue1', 'green1']);
    await go('release_1');
    const pidOf = async (slot: string) =>
      (await yard.ground('x').instances.list()).find((s) => s.wish.slot === slot)?.process?.pid;
    const old = await pidOf('blue1');
    const notes: JournalNote[] = [];
    await go('release_2', { keepOld: 60, notes });
    expect(await yard.seen()).toEqual([
      'blue1 maint unknown release_1',
      'green1 ready up release_2',
    ]);
    await strategies['blue-green'].settled(yard.ground('release_2', { keepOld: 60, notes }));
    // A roll-back is a deploy of the old release: what still runs is only let in.
    const next: JournalNote[] = [];
    await go('release_1', { keepOld: 0.001, notes: next });
    expect(await pidOf('blue1')).toBe(old);
    expect(await yard.seen()).toEqual([
      'blue1 ready up release_1',
      'green1 maint unknown release_2',
    ]);
    const ground = yard.ground('release_1', { keepOld: 0.001, notes: next });
    await strategies['blue-green'].settled(ground);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const supervisor = supervise(60_000);
    await supervisor.look();
    await supervisor.close();
    expect(await yard.seen()).toEqual(['blue1 ready up release_1', 'green1 maint unknown -']);
  });

  test('a release that is not ready never meets a customer', async () => {
    yard = await openYard(['blue1', 'green1']);
    await go('release_1');
    const { reached, failed, tally, stop } = customers(2);
    const notes: JournalNote[] = [];
    const check = async (): Promise<void> => {
      await reached(tally.requests + 50);
      throw new Error('smoke: broken');
    };
    await expect(go('release_2', { notes, check })).rejects.toThrow('smoke: broken');
    await strategies['blue-green'].back(yard.ground('release_2', { notes }));
    await reached(tally.requests + 50);
    await stop();
    expect(failed()).toBe(0);
    expect(Object.keys(tally.versions)).toEqual(['release_1']);
    expect(await yard.seen()).toEqual(['blue1 ready up release_1', 'green1 maint unknown -']);
  });

  test('one that dies while it is checked is found out, although another answers for it', async () => {
    yard = await openYard(['blue1', 'green1']);
    await go('release_1');
    const check = async (): Promise<void> => {
      const all = yard.ground('x').instances;
      const green = (await all.list()).find((s) => s.wish.slot === 'green1');
      assert(green?.process);
      process.kill(green.process.pid, 'SIGKILL');
      await until('its death', async () =>
        (await all.list()).some((s) => s.wish.slot === 'green1' && !s.process),
      );
    };
    await expect(go('release_2', { check })).rejects.toMatchObject({
      code: 'TERR_RUNNER_STRATEGY',
      message: 'the new instance green1 died while it was checked',
    });
  });

  test('it is cancelled between steps', async () => {
    yard = await openYard(['blue1', 'green1']);
    await go('release_1');
    const cancel = new AbortController();
    const notes: JournalNote[] = [];
    const check = async (): Promise<void> => Promise.resolve(cancel.abort(new Error('cancelled')));
    const order = { notes, check, signal: cancel.signal };
    await expect(go('release_2', order)).rejects.toThrow('cancelled');
    expect(notes.some((n) => n.step === 'in')).toBe(false);
    // The same signal is no reason to stay half way.
    await strategies['blue-green'].back(yard.ground('release_2', order));
    expect(await yard.seen()).toEqual(['blue1 ready up release_1', 'green1 maint unknown -']);
    await expect(go('release_2', { notes })).rejects.toThrow('the way back has begun');
  });

  test('killed after the switch it can be finished in another process', async () => {
    yard = await openYard(['blue1', 'green1']);
    await go('release_1');
    const notes: JournalNote[] = [];
    const until_ = 1 + 2 * 4 + 1 + 1;
    await expect(go('release_2', { notes, diesAfter: until_ })).rejects.toThrow(Killed);
    expect(notes.at(-1)).toEqual({ step: 'drain', mark: 'doing' });
    expect(switched(notes)).toBe(true);
    await go('release_2', { notes });
    expect(await yard.seen()).toEqual(['blue1 maint unknown -', 'green1 ready up release_2']);
  });

  test('no way back: the old files are gone, and what serves is left alone', async () => {
    yard = await openYard(['blue1', 'green1']);
    await go('release_1');
    const notes: JournalNote[] = [];
    await go('release_2', { notes });
    rmSync(yard.folderOf('release_1'), { recursive: true });
    await expect(
      strategies['blue-green'].back(yard.ground('release_2', { notes })),
    ).rejects.toMatchObject({
      code: 'TERR_RUNNER_NOWAY',
      message: expect.stringMatching(
        /files of release_1 are gone .*green1 serve now, and were left so/,
      ) as string,
    });
    expect(await yard.seen()).toEqual(['blue1 maint unknown -', 'green1 ready up release_2']);
  });

  test('the first deploy has nothing to go back to, and says so', async () => {
    yard = await openYard(['blue1', 'green1']);
    const notes: JournalNote[] = [];
    await go('release_1', { notes });
    const ground = yard.ground('release_1', { notes });
    await strategies['blue-green'].back(ground);
    expect(ground.said).toContain('nothing served before: there is nothing to put back');
    expect(await yard.seen()).toEqual(['blue1 maint unknown -', 'green1 maint unknown -']);
  });
});

describe.skipIf(!hasHaproxy)('rolling', () => {
  test('over three instances no request fails, and never is more than one out', async () => {
    yard = await openYard(['a', 'b', 'c']);
    await go('release_1', { kind: 'rolling', count: 3 });
    const { reached, failed, tally, stop } = customers();
    await reached(200);
    const balancer = haproxy(yard.front?.socket ?? '');
    let most = 0;
    const watching = setInterval(() => {
      void balancer.servers('shop').then((all) => {
        most = Math.max(most, all.filter((s) => s.admin !== 'ready').length);
      });
    }, 10);
    await go('release_2', { kind: 'rolling', count: 3 });
    clearInterval(watching);
    await reached(tally.requests + 200);
    await stop();
    expect({ failed: failed(), first: tally.firstFailure }).toEqual({ failed: 0 });
    expect(most).toBe(1);
    expect(tally.versions['release_1']).toBeGreaterThan(0);
    expect(await yard.seen()).toEqual([
      'a ready up release_2',
      'b ready up release_2',
      'c ready up release_2',
    ]);
  });

  test('fewer and more instances', async () => {
    yard = await openYard(['a', 'b', 'c']);
    await go('release_1', { kind: 'rolling', count: 3 });
    const notes: JournalNote[] = [];
    await go('release_2', { kind: 'rolling', count: 2, notes });
    expect(await yard.seen()).toEqual([
      'a ready up release_2',
      'b ready up release_2',
      'c maint unknown -',
    ]);
    await strategies.rolling.back(yard.ground('release_2', { kind: 'rolling', notes }));
    expect(await yard.seen()).toEqual(['a', 'b', 'c'].map((name) => `${name} ready up release_1`));
  });

  test('a dead one is replaced first, and does not keep the others from it', async () => {
    yard = await openYard(['a', 'b']);
    await go('release_1', { kind: 'rolling', count: 2 });
    const { instances } = yard.ground('x');
    for (const { process: mark } of await instances.list()) {
      assert(mark);
      process.kill(mark.pid, 'SIGKILL');
    }
    await until('both down', async () =>
      (await yard.seen()).every((s) => s.includes('ready down -')),
    );
    await go('release_2', { kind: 'rolling', count: 2 });
    expect(await yard.seen()).toEqual(['a ready up release_2', 'b ready up release_2']);
  });

  test('no way back says which place stays new', async () => {
    yard = await openYard(['a', 'b']);
    await go('release_1', { kind: 'rolling', count: 2 });
    const notes: JournalNote[] = [];
    await go('release_2', { kind: 'rolling', count: 2, notes });
    renameSync(yard.folderOf('release_1'), yard.folderOf('moved'));
    await expect(
      strategies.rolling.back(yard.ground('release_2', { kind: 'rolling', notes })),
    ).rejects.toMatchObject({ code: 'TERR_RUNNER_NOWAY' });
    expect(await yard.seen()).toEqual(['a ready up release_2', 'b ready up release_2']);
  });
});

describe('restart', () => {
  const order = { kind: 'restart', count: 2 } as const;
  const answers = async (): Promise<string[]> => {
    const states = await yard.ground('x').instances.list();
    return Promise.all(
      states.map(async ({ wish }) => {
        const answer = await fetch(`http://127.0.0.1:${wish.port}/`, {
          headers: { connection: 'close' },
        });
        return `${wish.slot} ${await answer.text()}`;
      }),
    );
  };

  test('without a balancer, on ports of the environment, and back from every position', async () => {
    yard = await openYard([], 4);
    const notes: JournalNote[] = [];
    await go('release_1', { ...order, notes });
    expect(await answers()).toEqual(['1 release_1', '2 release_1']);
    const positions = notes.length;
    for (let at = 1; at <= positions; at += 1) {
      const killed: JournalNote[] = [];
      await expect(go('release_2', { ...order, notes: killed, diesAfter: at })).rejects.toThrow(
        Killed,
      );
      await strategies.restart.back(yard.ground('release_2', { ...order, notes: killed }));
      expect(await answers()).toEqual(['1 release_1', '2 release_1']);
    }
    await go('release_2', order);
    expect(await answers()).toEqual(['1 release_2', '2 release_2']);
  });
});

const kinds: [Strategy['kind'], readonly string[], number][] = [
  ['blue-green', ['blue1', 'green1'], 1],
  ['rolling', ['a', 'b'], 2],
];
describe.skipIf(!hasHaproxy).each(kinds)('%s killed at every position', (kind, servers, count) => {
  test('the way back ends with the old version, and no request fails', async () => {
    yard = await openYard(servers);
    const first: JournalNote[] = [];
    await go('release_1', { kind, count, notes: first });
    const positions = first.length;
    expect(positions).toBeGreaterThan(10);
    const { reached, failed, tally } = customers(4, 10);
    const supervisor = supervise(20);
    await reached(50);
    const states: string[] = [];
    for (let at = 1; at <= positions; at += 1) {
      const notes: JournalNote[] = [];
      await expect(go('release_2', { kind, count, notes, diesAfter: at })).rejects.toThrow(Killed);
      const killedAt = `${notes.at(-1)?.step} ${notes.at(-1)?.mark}`;
      // Killed once more on its way back, just after it began.
      await expect(
        strategies[kind].back(yard.ground('release_2', { kind, count, notes, diesAfter: 1 })),
      ).rejects.toThrow(Killed);
      await strategies[kind].back(yard.ground('release_2', { kind, count, notes }));
      const seen = await yard.seen();
      states.push(`${killedAt}: ${seen.filter((s) => s.endsWith('ready up release_1')).length}`);
      expect({ killedAt, new: seen.filter((s) => s.includes('release_2')) }).toEqual({
        killedAt,
        new: [],
      });
      expect({ killedAt, failed: failed(), when: tally.firstFailure }).toMatchObject({
        killedAt,
        failed: 0,
      });
    }
    expect(states.filter((s) => !s.endsWith(`: ${count}`))).toEqual([]);
    await reached(tally.requests + 50);
    expect(failed()).toBe(0);
    await supervisor.close();
    process.stdout.write(`${kind}: ${positions} positions, ${JSON.stringify(tally)}\n`);
  }, 60_000);
});

/** The runner's, which is at work all the time beside deploys. */
const supervise = (every: number) =>
  superviseInstances({
    home: yard.home,
    now: Date.now,
    random: () => 0,
    onEvent: () => undefined,
    pace: { every },
  });
