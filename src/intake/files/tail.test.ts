// oxlint-disable vitest/expect-expect -- they expect texts
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { checkDraft } from '../../event/check.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { has } from '../syslog/sending.suite.ts';
import { isRefused, type Refused } from '../decoded.ts';
import type { PollerContext } from '../poller.ts';
import { expand } from './glob.ts';
import { files } from './tail.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
});

const sorted = (texts: readonly string[]) => texts.toSorted((a, b) => (a < b ? -1 : 1));
const scratch = (): string => mkdtempSync(join(tmpdir(), 'territory-tail-'));

/** What outlives a restart: the notes, and what is on the log. */
class World {
  readonly notes = new Map<string, unknown>();
  readonly log = new Map<string, Draft>();
  readonly troubles: Refused[] = [];
  duplicates = 0;
  now = Date.UTC(2026, 5, 1, 12);
  /** Called before a delivery is durable; a kill is an error thrown here. */
  onDeliver: (() => void) | undefined;

  start(tail: readonly object[], settings: object = {}): () => Promise<void> {
    const ending = new AbortController();
    const context: PollerContext = {
      settings: { tail, interval: 50, maxLine: 1_000, ...settings },
      now: () => this.now,
      host: 'here',
      directory: '/nowhere',
      signal: ending.signal,
      notes: {
        get: (key) => this.notes.get(key),
        list: (prefix) => [...this.notes].filter(([key]) => key.startsWith(prefix)),
        set: (key, value) => Promise.resolve(void this.notes.set(key, value)),
        remove: (key) => Promise.resolve(void this.notes.delete(key)),
      },
      deliver: async (decoded) => {
        for (const one of decoded) {
          if (isRefused(one)) throw new Error(one.refused.message);
          if (!('draft' in checkDraft(one, defaultLimits, this.now))) throw new Error('refused');
          const identity = `${one.source} ${one.id}`;
          if (this.log.has(identity)) this.duplicates += 1;
          else this.log.set(identity, one);
        }
        this.onDeliver?.();
        return Promise.resolve({ accepted: 0, duplicates: 0, refused: 0, refusals: [] });
      },
      trouble: (_, refused) => void this.troubles.push(refused),
    };
    const done = files.run(context);
    const end = async () => {
      ending.abort();
      await done;
    };
    endings.push(end);
    return end;
  }

  get texts(): string[] {
    return [...this.log.values()].map(({ data }) =>
      typeof data === 'string' ? data : JSON.stringify(data),
    );
  }

  /** Waits until these are on the log, in this order. */
}

/** Waits until these are on the log, in this order. */
async function expectTexts(world: World, ...texts: readonly string[]): Promise<void> {
  // oxlint-disable-next-line vitest/no-standalone-expect -- of all tests
  await vi.waitFor(() => expect(world.texts).toEqual(texts), { timeout: 10_000, interval: 10 });
}

test('lines as they are written, the last one when it is complete', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.log')];
  writeFileSync(path, 'one\r\n\ntwo\nthr');
  world.start([{ path, from: 'start', service: 'shop', environment: 'prod' }]);
  await expectTexts(world, 'one', 'two');
  appendFileSync(path, 'ee\n');
  await expectTexts(world, 'one', 'two', 'three');
  expect([...world.log.values()].at(-1)).toMatchObject({
    type: 'log',
    source: '/files',
    service: 'shop',
    environment: 'prod',
    host: 'here',
    attributes: { 'log.file.path': path },
    data: 'three',
  });
});

test('from the end what is there already is left, half a line too', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.log')];
  writeFileSync(path, 'old\nhalf of');
  world.start([{ path }]);
  await vi.waitUntil(() => world.notes.size === 2);
  appendFileSync(path, ' an old one\nnew\n');
  await expectTexts(world, 'new');
});

test('JSON of pino, and what is none between', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.json')];
  const time = world.now - 1_000;
  writeFileSync(
    path,
    `{"level":50,"time":${time},"hostname":"web-1","msg":"late"}\nTypeError: x\n{"broken\n`,
  );
  world.start([{ path, from: 'start', format: 'json', service: 'shop' }]);
  await expectTexts(world, 'late', 'TypeError: x', '{"broken');
  const [first, second] = world.log.values();
  expect(first).toMatchObject({ time, host: 'web-1', service: 'shop', state: 'critical' });
  expect(second).toMatchObject({ host: 'here', service: 'shop' });
});

test('a line that is too long is cut once, however it is read', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.log')];
  world.start([{ path, from: 'start' }], { maxLine: 100 });
  const cut = `${'x'.repeat(100)}…`;
  writeFileSync(path, 'x'.repeat(5_000));
  await expectTexts(world, cut);
  appendFileSync(path, `${'x'.repeat(5_000)}\nnext\n${'y'.repeat(100)}\n`);
  await expectTexts(world, cut, 'next', 'y'.repeat(100));
  expect([...world.log.values()][0]?.attributes).toMatchObject({ 'log.cut': 'true' });
});

test('rotated by renaming: the end of the old file, then the new one', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.log')];
  writeFileSync(path, 'a\n');
  world.start([{ path, from: 'start' }]);
  await expectTexts(world, 'a');
  appendFileSync(path, 'b\n');
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'c\n');
  appendFileSync(`${path}.1`, 'late\nwithout end');
  await vi.waitFor(() => expect(sorted(world.texts)).toEqual(['a', 'b', 'c', 'late']), {
    timeout: 10_000,
  });
  world.now += 60_000;
  await vi.waitFor(() => expect(world.texts).toContain('without end'), { timeout: 10_000 });
  await vi.waitFor(() => expect(world.notes.size).toBe(2), { timeout: 10_000 });
});

test('rotated by copying and truncating: nothing twice, and what was written between is read from the copy', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.log')];
  writeFileSync(path, 'a, the first\n');
  const stop = world.start([{ path, from: 'start' }]);
  await expectTexts(world, 'a, the first');
  await stop();
  appendFileSync(path, 'b\n');
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  // As long as before, so that the size alone does not show it.
  appendFileSync(path, 'c, the third\nd\n');
  world.start([{ path, from: 'start' }]);
  await expectTexts(world, 'a, the first', 'b', 'c, the third', 'd');
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  appendFileSync(path, 'c, the third\n');
  await expectTexts(world, 'a, the first', 'b', 'c, the third', 'd', 'c, the third');
});

test('renamed while nobody looked', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.log')];
  writeFileSync(path, 'a\n');
  const stop = world.start([{ path, from: 'start' }]);
  await expectTexts(world, 'a');
  await stop();
  appendFileSync(path, 'b\n');
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'c\n');
  world.start([{ path }]);
  await vi.waitFor(() => expect(sorted(world.texts)).toEqual(['a', 'b', 'c']), {
    timeout: 10_000,
  });
});

test('a kill between delivery and note: read again, and known again', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.log')];
  writeFileSync(path, Array.from({ length: 5_000 }, (_, i) => `line ${i}\n`).join(''));
  for (let kill = 1; kill <= 3; kill++) {
    world.onDeliver = () => {
      throw new Error('killed');
    };
    const stop = world.start([{ path, from: 'start' }]);
    await vi.waitUntil(() => world.texts.length > 0);
    await stop();
    world.onDeliver = undefined;
  }
  world.start([{ path }]);
  await vi.waitUntil(() => world.texts.length === 5_000, { timeout: 10_000 });
  expect(world.duplicates).toBeGreaterThan(0);
  expect(new Set(world.texts).size).toBe(5_000);
});

test('patterns; new files from their start; packed ones not at all', async () => {
  const [world, directory] = [new World(), scratch()];
  mkdirSync(join(directory, 'deep/er'), { recursive: true });
  writeFileSync(join(directory, 'a.log'), 'old\n');
  world.start([{ path: join(directory, '**/*.log*') }]);
  await vi.waitUntil(() => world.notes.size === 2);
  writeFileSync(join(directory, 'deep/er/b.log'), 'new\n');
  writeFileSync(join(directory, 'c.log.gz'), 'packed\n');
  await expectTexts(world, 'new');
});

test('trouble is told once, and looked at again', async () => {
  const [world, directory] = [new World(), scratch()];
  const path = join(directory, 'shop.log');
  world.start([{ path, from: 'start' }]);
  await vi.waitUntil(() => world.troubles.length > 0);
  expect(world.troubles).toMatchObject([{ code: 'TERR_INTAKE_SOURCE', message: /ENOENT/ }]);
  writeFileSync(path, 'a\n');
  await expectTexts(world, 'a');
  unlinkSync(path);
  writeFileSync(path, 'b\n');
  await expectTexts(world, 'a', 'b');
});

test('what cannot be opened is told, and read once it can be', async () => {
  const [world, path] = [new World(), join(scratch(), 'shop.log')];
  // Also root cannot: a link to itself.
  symlinkSync('shop.log', path);
  world.start([{ path, from: 'start' }]);
  await vi.waitUntil(() => world.troubles.length > 0);
  expect(world.troubles).toMatchObject([{ code: 'TERR_INTAKE_SOURCE', message: /ELOOP/ }]);
  unlinkSync(path);
  writeFileSync(path, 'a\n');
  await expectTexts(world, 'a');
});

test.skipIf(!has('logrotate', '--version')).each([
  ['create', 'create'],
  ['copytruncate', 'copytruncate'],
  ['compress', 'create\n  compress'],
])("Debian's logrotate: %s", async (_, how) => {
  const [world, directory] = [new World(), scratch()];
  const path = join(directory, 'shop.log');
  const config = join(directory, 'logrotate.conf');
  writeFileSync(config, `${path} {\n  rotate 20\n  size 1\n  ${how}\n}\n`, { mode: 0o600 });
  chmodSync(directory, 0o700);
  writeFileSync(path, '');
  world.start([{ path, from: 'start' }]);
  const lines: string[] = [];
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 200; i++) {
      lines.push(`round ${round}, line ${i}`);
      appendFileSync(path, `${lines.at(-1)}\n`);
    }
    // Otherwise two rotations are done before anybody can look; what is packed then nobody reads.
    if (round % 2 === 0 || how.includes('compress'))
      await vi.waitUntil(() => world.texts.length === lines.length, { timeout: 10_000 });
    execFileSync('logrotate', ['--force', '--state', join(directory, 'state'), config]);
  }
  await vi.waitFor(() => expect(sorted(world.texts)).toEqual(sorted(lines)), {
    timeout: 20_000,
  });
});

test('what patterns name', async () => {
  const directory = scratch();
  mkdirSync(join(directory, 'x/y'), { recursive: true });
  for (const name of ['a.log', 'b.log', 'ab.txt', '.c.log', 'x/d.log', 'x/y/e.log', 'a[1].log'])
    writeFileSync(join(directory, name), '');
  const named = async (pattern: string) =>
    (await expand(join(directory, pattern))).map((path) => path.slice(directory.length + 1));
  expect(await named('*.log')).toEqual(['a.log', 'a[1].log', 'b.log']);
  expect(await named('?.log')).toEqual(['a.log', 'b.log']);
  expect(await named('[!a].log')).toEqual(['b.log']);
  expect(await named('{a,ab}.{log,txt}')).toEqual(['a.log', 'a.txt', 'ab.log', 'ab.txt']);
  expect(await named('{a,a?}.*')).toEqual(['a.log', 'ab.txt']);
  expect(await named('**/*.log')).toEqual(['a.log', 'a[1].log', 'b.log', 'x/d.log', 'x/y/e.log']);
  expect(await named('.*')).toEqual(['.c.log']);
  expect(await named('nowhere/*/x')).toEqual([]);
  expect(await named('plain')).toEqual(['plain']);
});
