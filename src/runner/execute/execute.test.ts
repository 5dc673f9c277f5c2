import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, assert, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../../release/shop.suite.ts';
import { hasHaproxy, startLoad, until } from '../strategy/front.suite.ts';
import { readEnding } from './folder.ts';
import type { ProgressLine } from './progress.ts';
import { type Shop, buildShop, openShop } from './shop.suite.ts';

const store = scratchFolder();
let built: { readonly store: string; readonly digests: Readonly<Record<string, string>> };
beforeAll(async () => {
  built = { store, digests: await buildShop(store) };
});
afterAll(() => rmSync(store, { recursive: true, force: true }));

let shop: Shop;
afterEach(async () => shop.close());

/** Stages as they were told last: `switching done`. */
function stagesOf(folder: string): readonly string[] {
  const stages = new Map<string, string>();
  for (const line of linesOf(folder))
    if (line.kind === 'stage') stages.set(line.stage.stage, line.stage.state);
  return [...stages].map(([stage, state]) => `${stage} ${state}`);
}

const linesOf = (folder: string): readonly ProgressLine[] =>
  readFileSync(join(folder, 'progress.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ProgressLine);

const smokeOf = (folder: string): readonly string[] =>
  linesOf(folder).flatMap((line) =>
    line.kind === 'smoke' ? [`${line.smoke.scenario} ${line.smoke.state}`] : [],
  );

/** Stops the process of a deploy as it comes to some word of its log: as a kill, nothing is put right. */
async function killedAt(folder: string, words: string): Promise<void> {
  const controller = new AbortController();
  const running = shop.execute(folder, false, controller.signal).catch(() => undefined);
  const from = shop.log().length;
  await until(words, async () => Promise.resolve(shop.log().slice(from).includes(words)));
  controller.abort(new Error('killed'));
  await running;
}

describe.skipIf(!hasHaproxy)('a deploy', () => {
  test('goes through its stages, and customers notice nothing; a rollback leaves the database', async () => {
    shop = await openShop(built);
    const first = shop.folder('release_1');
    expect(await shop.execute(first)).toMatchObject({ result: 'succeeded', serves: 'release_1' });
    const load = startLoad(shop.front.url('shop'), 4);
    const second = shop.folder('release_2', { previous: 'release_1' });
    expect(await shop.execute(second)).toEqual({
      result: 'succeeded',
      stage: 'watching',
      serves: 'release_2',
    });
    expect(readEnding(second)?.result).toBe('succeeded');
    expect(stagesOf(second)).toEqual([
      'starting done',
      'fetching done',
      'verifying-artefact done',
      'migrating done',
      'starting-new done',
      'checking-new done',
      'switching done',
      'draining-old done',
      'watching done',
    ]);
    expect(await shop.serves()).toEqual(['release_2']);
    expect(shop.applied()).toBe('0001_orders\n0002_paid\n');
    const back = shop.folder('release_1', { kind: 'rollback', previous: 'release_2' });
    expect(await shop.execute(back)).toMatchObject({ result: 'succeeded', serves: 'release_1' });
    expect(stagesOf(back)).toContain('migrating skipped');
    expect(shop.applied()).toBe('0001_orders\n0002_paid\n');
    expect(await shop.serves()).toEqual(['release_1']);
    await load.stop();
    expect({ failed: load.failed(), first: load.tally.firstFailure }).toEqual({ failed: 0 });
    expect(shop.log()).not.toContain(shop.secret);
  });

  test('a version that does not become ready is never seen by customers', async () => {
    shop = await openShop(built);
    await shop.execute(shop.folder('release_1'));
    const load = startLoad(shop.front.url('shop'), 4);
    const folder = shop.folder('release_bad', { previous: 'release_1' });
    const ending = await shop.execute(folder);
    expect(ending).toMatchObject({ result: 'failed', stage: 'checking-new', serves: 'release_1' });
    expect(ending.reason).toMatch(/\/healthcheck\/ready answers 500, 5 s after its start/);
    expect(stagesOf(folder)).toContain('checking-new failed');
    await load.stop();
    expect({ failed: load.failed(), versions: Object.keys(load.tally.versions) }).toEqual({
      failed: 0,
      versions: ['release_1'],
    });
    expect(await shop.serves()).toEqual(['release_1']);
  });

  test('a new version that fails its smoke test never reaches the front', async () => {
    shop = await openShop(built);
    await shop.execute(shop.folder('release_1'));
    const load = startLoad(shop.front.url('shop'), 4);
    const folder = shop.folder('release_smoked', { previous: 'release_1' });
    const ending = await shop.execute(folder);
    expect(ending).toMatchObject({ result: 'failed', stage: 'checking-new', serves: 'release_1' });
    expect(ending.reason).toMatch(/smoke test: 1 of 2 failed: It sells: port \d+: .*Buy now/s);
    expect(smokeOf(folder)).toEqual([
      'It answers running',
      'It answers passed',
      'It sells running',
      'It sells failed',
    ]);
    await load.stop();
    expect({ failed: load.failed(), versions: Object.keys(load.tally.versions) }).toEqual({
      failed: 0,
      versions: ['release_1'],
    });
  });

  test('a rollback is not held up by a smoke test that is red now, and tells of it', async () => {
    shop = await openShop(built);
    await shop.execute(shop.folder('release_1'));
    const back = { previous: 'release_1', kind: 'rollback' } as const;
    const folder = shop.folder('release_smoked', back);
    const ending = await shop.execute(folder);
    expect(ending).toMatchObject({ result: 'succeeded', serves: 'release_smoked' });
    expect(smokeOf(folder)).toContain('It sells failed');
    expect(shop.log()).toContain('a rollback is not held up by it');
  });

  test('what goes bad while it is watched is rolled back, and so is what the server calls bad', async () => {
    shop = await openShop(built);
    await shop.execute(shop.folder('release_1'));
    const folder = shop.folder('release_watched', { previous: 'release_1' });
    const running = shop.execute(folder);
    await until('the watch', async () =>
      Promise.resolve(shop.log().includes('watching release_watched')),
    );
    const [bad] = (await shop.instances()).filter(({ wish }) => wish.version === 'release_watched');
    assert(bad?.process);
    process.kill(bad.process.pid, 'SIGUSR2');
    const ending = await running;
    expect(ending).toMatchObject({ result: 'rolled-back', stage: 'watching', serves: 'release_1' });
    expect(ending.reason).toMatch(/went bad after the switch: \/healthcheck\/ready answers 500/);
    const again = shop.folder('release_watched', { previous: 'release_1' });
    writeFileSync(join(again, 'bad'), 'the alert "errors of shop" is red since 10:01\n');
    expect(await shop.execute(again)).toMatchObject({
      result: 'rolled-back',
      reason: 'the alert "errors of shop" is red since 10:01',
      serves: 'release_1',
    });
    expect(await shop.serves()).toEqual(['release_1']);
  });

  test('a cancelled one is taken back from where it is', async () => {
    shop = await openShop(built);
    const early = shop.folder('release_1');
    writeFileSync(join(early, 'cancel'), 'ben: not now\n');
    expect(await shop.execute(early)).toMatchObject({
      result: 'cancelled',
      reason: 'ben: not now',
    });
    expect(await shop.instances()).toEqual([]);
    const folder = shop.folder('release_watched');
    const running = shop.execute(folder);
    await until('the watch', async () =>
      Promise.resolve(shop.log().includes('watching release_watched')),
    );
    writeFileSync(join(folder, 'cancel'), 'ben: wrong one\n');
    expect(await running).toMatchObject({
      result: 'cancelled',
      stage: 'watching',
      reason: 'ben: wrong one',
      serves: null,
    });
    expect(await shop.serves()).toEqual([]);
  });

  test('a rehearsal goes forward, back and forward again, and measures the way back', async () => {
    shop = await openShop(built);
    await shop.execute(shop.folder('release_1'));
    const nothing = await shop.execute(shop.folder('release_1', { kind: 'rehearsal' }));
    expect(nothing.reason).toContain('no other version stands there');
    const folder = shop.folder('release_2', { kind: 'rehearsal', previous: 'release_1' });
    const ending = await shop.execute(folder);
    expect(ending).toMatchObject({ result: 'succeeded', serves: 'release_2' });
    expect(ending.backSeconds).toBeGreaterThan(0);
    expect(shop.log()).toContain('rehearsed: going back to release_1 took');
    expect(await shop.serves()).toEqual(['release_2']);
  });

  test.each([
    ['release_2', 'files are what was built', /killed before anything/, 'release_1'],
    ['release_2', 'starts green1', /was killed$/, 'release_1'],
    ['release_2', 'customers are sent to', /killed after the switch: release_2/, 'release_2'],
  ])(
    'one of %s that is killed at "%s" is brought to its end',
    async (version, at, reason, serves) => {
      shop = await openShop(built);
      await shop.execute(shop.folder('release_1'));
      const load = startLoad(shop.front.url('shop'), 4);
      const folder = shop.folder(version, { previous: 'release_1' });
      await killedAt(folder, at);
      const ending = await shop.execute(folder, true);
      expect(ending.result).toBe('failed');
      expect(ending.reason).toMatch(reason);
      expect(await shop.serves()).toEqual([serves]);
      const next = await shop.execute(shop.folder('release_3', { previous: serves }));
      expect(next).toMatchObject({ result: 'succeeded', serves: 'release_3' });
      await load.stop();
      expect({ failed: load.failed(), first: load.tally.firstFailure }).toEqual({ failed: 0 });
    },
  );

  test('what can not be run here is refused before anything is touched', async () => {
    shop = await openShop(built);
    const config = join(shop.home, 'runner.yaml');
    const text = readFileSync(config, 'utf8');
    writeFileSync(config, text.replace(/ {4}values.*\n/, ''));
    expect(await shop.execute(shop.folder('release_1'))).toMatchObject({
      result: 'failed',
      stage: 'fetching',
      reason: expect.stringContaining('API_KEY: required, without a value in production'),
    });
    writeFileSync(config, text.replace('production:', 'staging:'));
    expect(await shop.execute(shop.folder('release_1'))).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('has no environment production any more'),
    });
    expect(await shop.instances()).toEqual([]);
  });
});
