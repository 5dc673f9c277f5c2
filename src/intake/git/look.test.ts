import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../event/check.ts';
import { validateCDEvent } from '../../event/cdevents/validate.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { isRefused } from '../decoded.ts';
import { type Looking, lookAt } from './look.ts';
import { Mirror } from './mirror.ts';
import { Repositories } from './repository.suite.ts';

const second = 1_700_000_000;
const source = 'https://git.example.org/acme/shop.git';

/** Looks at a remote again and again, at times of its own. */
class Watch {
  readonly #mirror: Mirror;
  #before: number | undefined;

  constructor(place: string, url: string) {
    this.#mirror = new Mirror(`${place}/mirrors`, url, new AbortController().signal);
  }

  async look(now: number, more: Partial<Looking> = {}): Promise<Draft[]> {
    const seen: Draft[] = [];
    await lookAt({
      mirror: this.#mirror,
      about: { source, repository: 'shop', withEmails: false },
      since: undefined,
      before: this.#before,
      context: {
        now: () => now,
        signal: new AbortController().signal,
        deliver: (decoded) => {
          seen.push(...[...decoded].flatMap((one) => (isRefused(one) ? [] : [one])));
          return Promise.resolve({ accepted: 0, duplicates: 0, refused: 0, refusals: [] });
        },
      },
      ...more,
    });
    this.#before = now;
    return seen;
  }
}

const ids = (drafts: readonly Draft[]): (string | undefined)[] => drafts.map(({ id }) => id);

describe('a remote', () => {
  test('is told once, then what is new: commits, tags, branches', async () => {
    const repository = new Repositories();
    const first = repository.commit('Begin (#1)', second);
    repository.git('push', '-q', 'origin', 'main');
    const watch = new Watch(repository.place, repository.bare);
    const begun = await watch.look((second + 60) * 1000);
    expect(begun).toMatchObject([
      {
        id: `commit/${first}`,
        time: second * 1000,
        source,
        attributes: {
          'vcs.repository.url.full': 'https://git.example.org/acme/shop',
          'vcs.ref.head.name': 'main',
          'vcs.ref.head.revision': first,
          'vcs.change.id': '1',
        },
      },
    ]);
    expect(await watch.look((second + 120) * 1000)).toEqual([]);

    repository.git('checkout', '-q', '-b', 'cart');
    const next = repository.commit('Cart\n\nCard: ABC-12', second + 130);
    repository.git('tag', '-a', 'v1', '-m', 'One');
    repository.git('push', '-q', 'origin', 'cart', 'v1');
    const cart = await watch.look((second + 180) * 1000);
    expect(cart).toMatchObject([
      { id: `commit/${next}`, attributes: { 'card.id': 'ABC-12' } },
      { id: `tag/v1@${next}`, attributes: { 'vcs.ref.head.type': 'tag' } },
      {
        id: `branch-created/cart@${next}`,
        type: 'dev.cdevents.branch.created.0.3.0',
        subject: 'branch/cart',
        time: (second + 130) * 1000,
      },
    ]);
    expect(validateCDEvent(cart[2]?.data)).toEqual({ kind: 'valid' });
    for (const one of cart)
      expect(checkDraft(one, defaultLimits, Date.now())).toHaveProperty('draft');
  });

  test('moves forward, is forced, merges and loses branches', async () => {
    const repository = new Repositories();
    const first = repository.commit('Begin', second);
    repository.git('push', '-q', 'origin', 'main', 'main:old');
    const watch = new Watch(repository.place, repository.bare);
    await watch.look((second + 60) * 1000);

    const wrong = repository.commit('Wrong', second + 70);
    repository.git('push', '-q', 'origin', 'main');
    expect((await watch.look((second + 120) * 1000))[1]).toMatchObject({
      id: `branch-updated/main@${first}..${wrong}`,
      type: 'dev.cdeventsx.territory-branch.updated.0.1.0',
      time: (second + 70) * 1000,
      data: { branch: 'main', before: first, after: wrong, forced: false, commits: 1 },
    });

    repository.git('reset', '-q', '--hard', first);
    const right = repository.commit('Right', second + 10);
    repository.git('push', '-q', '--force', 'origin', 'main');
    repository.git('push', '-q', 'origin', '--delete', 'old');
    const forced = await watch.look((second + 180) * 1000);
    expect(forced).toMatchObject(
      [
        { id: `commit/${right}` },
        // Made before the look before: when it was pushed is known no better than now.
        {
          id: `branch-updated/main@${wrong}..${right}`,
          time: (second + 180) * 1000,
          data: { forced: true },
        },
        { id: `branch-deleted/old@${first}`, type: 'dev.cdevents.branch.deleted.0.3.0' },
      ].sort(
        (a, b) =>
          Number(a.id.startsWith('branch-deleted')) - Number(b.id.startsWith('branch-deleted')),
      ),
    );
    expect(validateCDEvent(forced[2]?.data)).toEqual({ kind: 'valid' });
  });

  test('is told again after a delivery that failed, with the same ids', async () => {
    const repository = new Repositories();
    repository.commit('Begin', second);
    repository.git('push', '-q', 'origin', 'main');
    const watch = new Watch(repository.place, repository.bare);
    const context = {
      now: Date.now,
      signal: new AbortController().signal,
      deliver: () => Promise.reject(new Error('full')),
    };
    await expect(watch.look(1, { context })).rejects.toThrow('full');
    expect(await watch.look(2)).toHaveLength(1);
  });

  test('since a time', async () => {
    const repository = new Repositories();
    repository.commit('Old', second);
    const recent = repository.commit('Recent', second + 1_000);
    repository.git('push', '-q', 'origin', 'main');
    const watch = new Watch(repository.place, repository.bare);
    expect(ids(await watch.look(3, { since: (second + 500) * 1000 }))).toEqual([
      `commit/${recent}`,
    ]);
    expect(await watch.look(4, { since: (second + 500) * 1000 })).toEqual([]);
  });

  test('that is not there is said in git’s words', async () => {
    const repository = new Repositories();
    const watch = new Watch(repository.place, `${repository.place}/nowhere.git`);
    await expect(watch.look(1)).rejects.toMatchObject({ code: 'TERR_INTAKE_SOURCE' });
    const strange = new Watch(repository.place, 'ext::sh -c touch% /tmp/owned');
    await expect(strange.look(1)).rejects.toThrow(/ext/);
  });

  test('behind a git daemon', async () => {
    const repository = new Repositories();
    const first = repository.commit('Begin', second);
    repository.git('push', '-q', 'origin', 'main');
    const port = await freePort();
    const daemon = spawn(
      'git',
      [
        'daemon',
        '--export-all',
        '--reuseaddr',
        '--listen=127.0.0.1',
        `--port=${port}`,
        `--base-path=${repository.place}`,
      ],
      { stdio: 'ignore', detached: true },
    );
    try {
      const watch = new Watch(repository.place, `git://127.0.0.1:${port}/shop.git`);
      await expect
        .poll(() => watch.look(1).then(ids, () => 'not yet'), { timeout: 10_000 })
        .toEqual([`commit/${first}`]);
    } finally {
      await stop(daemon);
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listens on TCP
  server.close();
  await once(server, 'close');
  return port;
}

/** git daemon is a child of git: the group of both is ended. */
async function stop(daemon: ChildProcess): Promise<void> {
  const ended = once(daemon, 'exit');
  if (daemon.pid !== undefined) process.kill(-daemon.pid);
  await ended;
}
