import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlacedEvent, decodeBatch, encodeDrafts } from '../../event/codec.ts';
import { type Draft, streamNames } from '../../event/event.ts';
import { openLmdbLog } from '../../log/lmdb/lmdb-log.ts';
import type { Log } from '../../log/log.ts';
import { runHere } from '../running.suite.ts';

const fact = 'dev.cdeventsx.acme-review.finished.0.1.0';
let place: string;
let clock = Date.UTC(2026, 0, 1);

const openAt = (name: string, role: 'writer' | 'reader' = 'writer'): Promise<Log> =>
  openLmdbLog({ dir: join(place, name, 'log'), role, now: () => clock, reserveBytes: 0 });

async function append(log: Log, source: string, drafts: readonly Draft[]): Promise<void> {
  clock += 1_000;
  const encoded = encodeDrafts(drafts, source);
  for (const stream of streamNames) {
    const lines = encoded[stream];
    if (lines !== undefined) await log.append(stream, lines);
  }
}

async function everything(name: string): Promise<PlacedEvent[]> {
  const log = await openAt(name, 'reader');
  const events: PlacedEvent[] = [];
  for (const stream of streamNames)
    for await (const batch of log.read(stream, 1)) events.push(...decodeBatch(batch));
  await log.close();
  return events;
}

/** Names of files and directories are meant within `place`. */
const inPlace = (...args: readonly string[]) =>
  runHere(args.map((arg, index) => (isName(arg, args[index - 1]) ? join(place, arg) : arg)));

const isName = (arg: string, before = ''): boolean =>
  !arg.startsWith('-') && /^(--data|--out|restore)$/.test(before);

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'territory-backup-'));
  const log = await openAt('old');
  await append(log, '/a', [
    { type: fact, id: 'one', subject: 'review/1', data: { title: 'ünï "quoted"\n' } },
    { type: 'metric', name: 'm', metric: 1 },
  ]);
  await append(log, '/b', [{ type: 'metric', id: 'x', time: 1_700_000_000_000, metric: 2 }]);
  for (let n = 0; n < 50; n++)
    await append(log, '/c', [
      { type: 'metric', metric: n },
      { type: fact, subject: 'review/2' },
    ]);
  // What retention took away: the export starts later than offset 1.
  await log.trim('readings', 3);
  await log.close();
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('export and restore', { timeout: 60_000 }, () => {
  test('give back the same events at the same offsets, also while a writer has the log', async () => {
    const writer = await openAt('old');
    const exported = await inPlace('export', '--data', 'old', '--out', 'all.ndjson.gz');
    await writer.close();
    expect(exported).toMatchObject({ code: 0, out: '' });
    const restored = await inPlace('restore', 'all.ndjson.gz', '--data', 'new', '--json');
    expect(restored).toMatchObject({ code: 0 });
    const before = await everything('old');
    expect(JSON.parse(restored.out)).toEqual({ facts: 51, readings: before.length - 51 });
    expect(before.find(({ stream }) => stream === 'readings')?.offset).toBe(3);
    expect(await everything('new')).toEqual(before);
  });

  test('a restored log goes on: versions, identities and offsets are those of the old one', async () => {
    const log = await openAt('new');
    expect(log.version('review/1')).toBe(1);
    expect(log.version('review/2')).toBe(51);
    const { facts } = encodeDrafts(
      [
        { type: fact, id: 'one' },
        { type: fact, id: 'two' },
      ],
      '/a',
    );
    if (facts === undefined) throw new Error('facts are facts');
    expect(await log.append('facts', facts)).toMatchObject({
      first: 52,
      count: 1,
      duplicates: [0],
    });
    await log.close();
  });

  test('a directory that holds something is left alone', async () => {
    const before = await everything('new');
    const ran = await inPlace('restore', 'all.ndjson.gz', '--data', 'new');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('TERR_CLI_RESTORE_TARGET');
    expect(await everything('new')).toEqual(before);
  });

  test('merging adds what is missing, once', async () => {
    const other = await openAt('other');
    await append(other, '/b', [
      { type: 'metric', id: 'x', metric: 3 },
      { type: 'metric', metric: 9 },
    ]);
    await other.close();
    const first = await inPlace('restore', 'all.ndjson.gz', '--data', 'other', '--merge', '--json');
    const again = await inPlace('restore', 'all.ndjson.gz', '--data', 'other', '--merge', '--json');
    const total = (await everything('old')).length;
    expect(JSON.parse(first.out)).toEqual({ added: total, known: 0 });
    expect(JSON.parse(again.out)).toEqual({ added: 0, known: total });
    const merged = await everything('other');
    const times = merged.filter(({ source }) => source === '/c').map(({ time }) => time);
    expect(Math.min(...times)).toBe(Date.UTC(2026, 0, 1) + 3_000);
  });

  test('only a part: facts received in a time', async () => {
    const from = new Date(Date.UTC(2026, 0, 1) + 10_000).toISOString();
    const to = new Date(Date.UTC(2026, 0, 1) + 20_000).toISOString();
    const ran = await inPlace('export', '--data', 'old', '--facts', '--from', from, '--to', to);
    const lines = ran.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines[0]).toMatchObject({ territory: 'export', format: 1, from: Date.parse(from) });
    expect(lines.at(-1)).toMatchObject({ end: true, events: { facts: 10, readings: 0 } });
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['without its last line', (bytes: Buffer) => bytes.subarray(0, bytes.lastIndexOf(10, -2) + 1)],
    ['changed by a byte', (bytes: Buffer) => Buffer.from(bytes.toString().replace('ünï', 'unï'))],
    [
      'of a newer format',
      (bytes: Buffer) => Buffer.from(bytes.toString().replace('"format":1', '"format":2')),
    ],
    ['something else', () => Buffer.from('hello\n')],
    ['empty', () => Buffer.alloc(0)],
  ])('a file that is %s is refused and nothing is written', async (_, damage) => {
    const bytes = gunzipSync(readFileSync(join(place, 'all.ndjson.gz')));
    writeFileSync(join(place, 'bad.ndjson'), damage(bytes));
    const ran = await inPlace('restore', 'bad.ndjson', '--data', 'never');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('TERR_CLI_EXPORT_FILE');
    expect(existsSync(join(place, 'never'))).toBe(false);
  });

  test('a packed file that is cut off is refused', async () => {
    const bytes = readFileSync(join(place, 'all.ndjson.gz'));
    writeFileSync(join(place, 'cut.ndjson.gz'), bytes.subarray(0, bytes.length - 20));
    const ran = await inPlace('restore', 'cut.ndjson.gz', '--check');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('TERR_CLI_EXPORT_FILE');
  });

  test('an export does not replace a file unasked', async () => {
    const ran = await inPlace('export', '--data', 'old', '--out', 'all.ndjson.gz');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('--force');
  });
});
