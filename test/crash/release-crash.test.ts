import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from '../../src/release/build.suite.ts';
import { scratchRepository } from '../../src/release/shop.suite.ts';
import { listEntries, loadRelease, placeOfArtefact } from '../../src/release/store.ts';
import { verifyArtefact } from '../../src/release/verify.ts';
import type { ReleaseOrders } from './release-child.ts';

const kills = 16;

/** Starts a build in a process of its own, and kills it so many ms after it has begun its work. */
async function buildFor(
  orders: ReleaseOrders,
  ms: number,
): Promise<{ readonly code: number | null; readonly took: number }> {
  const child = fork(join(import.meta.dirname, 'release-child.ts'), [JSON.stringify(orders)], {
    execArgv: ['--import', 'tsx'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  await once(child, 'message');
  const began = performance.now();
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  const [code] = await ended;
  clearTimeout(timer);
  return { code, took: performance.now() - began };
}

/** Whatever has the name of an artefact is whole, and whatever is remembered is there. */
async function expectWhole(store: string): Promise<void> {
  const names = readdirSync(store).includes('shop') ? readdirSync(join(store, 'shop')) : [];
  for (const name of names.filter((one) => one.startsWith('sha256-')))
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await verifyArtefact(join(store, 'shop', name), name.replace('-', ':'));
  for (const { version, digest } of await listEntries(store, 'shop')) {
    const release = await loadRelease(store, 'shop', version); // oxlint-disable-line no-await-in-loop -- one after the other
    expect(release.digest).toBe(digest);
    await verifyArtefact(placeOfArtefact(store, 'shop', digest), digest); // oxlint-disable-line no-await-in-loop -- one after the other
  }
}

test(
  'a build that is killed at any moment leaves no half artefact, and the next one is right',
  { timeout: 240_000 },
  async () => {
    const repository = scratchRepository();
    const files = Array.from({ length: 400 }, (_, i) => [`src/${i}.js`, `${i}\n`.repeat(2_000)]);
    repository.commit('first', {
      'territory.yaml': 'app: shop\nbuild: {run: "cp -r src out"}\n',
      ...(Object.fromEntries(files) as Record<string, string>),
    });
    repository.git('tag', 'v1');
    const { path } = repository;
    const undisturbed = await build({ path, tag: 'v1' });

    const newStore = (): string => mkdtempSync(join(tmpdir(), 'territory-release-'));
    let { took } = await buildFor({ path, store: newStore() }, 120_000);
    let store = newStore();
    let killed = 0;
    for (let i = 0; i < kills; i++) {
      // Moments all over its work, in no order. One that came to its end says how long that is.
      const moment = (took * ((i * 7) % kills)) / kills;
      const life = await buildFor({ path, store }, moment); // oxlint-disable-line no-await-in-loop -- one after the other
      await expectWhole(store); // oxlint-disable-line no-await-in-loop -- one after the other
      if (life.code === null) killed++;
      else [store, took] = [newStore(), Math.min(took, life.took)];
    }
    expect(killed).toBeGreaterThan(kills / 4);

    const last = await build({ path, tag: 'v1', store });
    expect(last.release.digest).toBe(undisturbed.release.digest);
    await expectWhole(store);
    // What the killed ones left is gone once something is built for the application again.
    repository.commit('second', { more: 'more' });
    repository.git('tag', 'v2');
    await build({ path, tag: 'v2', store });
    expect(
      readdirSync(join(store, 'shop')).filter((name) => name.startsWith('.building-')),
    ).toEqual([]);
  },
);
