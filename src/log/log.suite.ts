import { afterEach, describe, expect, test } from 'vitest';
import type { Batch, Lines } from '../event/batch.ts';
import type { StreamName } from '../event/event.ts';
import { examplesOf, ids, linesOf, placed } from './example-lines.suite.ts';
import type { Log } from './log.ts';
import { notesSuite } from './notes.suite.ts';

/** What the suite asks of a back end. */
export interface BackEnd {
  /** A new, empty log. */
  readonly open: (options: SuiteOptions) => Promise<Log>;
  /** The same log after it was closed; absent where nothing outlives a close. */
  readonly reopen?: (options: SuiteOptions) => Promise<Log>;
}

export interface SuiteOptions {
  readonly now: () => number;
  readonly identities?: Partial<Record<StreamName, number>>;
}

const code = (name: string) => ({ code: `TERR_LOG_${name}` });

/** The contract of log.ts, run over every back end. */
export function logSuite(name: string, backEnd: BackEnd): void {
  const opened: Log[] = [];
  let clock = 1_000;
  const options: SuiteOptions = { now: () => clock };
  const open = async (more: Partial<SuiteOptions> = {}): Promise<Log> => {
    clock = 1_000;
    const log = await backEnd.open({ ...options, ...more });
    opened.push(log);
    return log;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((log) => log.close()));
  });

  describe(`${name}: appending`, () => {
    test('gives offsets from 1, in the order of the calls, for each stream on its own', async () => {
      const log = await open();
      const appended = await Promise.all([
        log.append('readings', ids('a', 'b')),
        log.append('facts', ids('a')),
        log.append('readings', ids('c')),
      ]);
      expect(appended).toEqual([
        { first: 1, count: 2, duplicates: [] },
        { first: 1, count: 1, duplicates: [] },
        { first: 3, count: 1, duplicates: [] },
      ]);
      expect(await placed(log, 'readings')).toEqual(['1 a', '2 b', '3 c']);
      expect(await placed(log, 'facts')).toEqual(['1 a']);
    });

    test('keeps bytes, source and time of taking as they were', async () => {
      const log = await open();
      const lines = linesOf([{ id: 'ä', note: 'naïve 🚲' }], '/sensors/ü');
      clock = 5_000;
      await log.append('facts', lines);
      for await (const batch of log.read('facts', 1)) {
        expect(batch).toMatchObject({ stream: 'facts', first: 1, count: 1, received: 5_000 });
        expect(batch.source).toBe('/sensors/ü');
        expect(Buffer.from(batch.bytes)).toEqual(Buffer.from(lines.bytes));
      }
    });

    test('does not mind when the caller uses his buffer again', async () => {
      const log = await open();
      const lines = ids('a');
      await log.append('facts', lines);
      lines.bytes.fill(0);
      expect(await placed(log, 'facts')).toEqual(['1 a']);
    });

    test('an append of nothing writes nothing', async () => {
      const log = await open();
      expect(await log.append('facts', ids())).toEqual({ first: 1, count: 0, duplicates: [] });
      expect(await placed(log, 'facts')).toEqual([]);
    });

    test.each([
      ['too few identities', { ...ids('a', 'b'), identities: new Uint32Array(2) }],
      ['a wrong count', { ...ids('a', 'b'), count: 1, identities: new Uint32Array(2) }],
      ['no line feed at the end', { ...ids('a'), bytes: Buffer.from('{}\n{}') }],
    ])('refuses lines with %s', async (_, lines) => {
      const log = await open();
      await expect(log.append('readings', lines)).rejects.toMatchObject(code('LINES'));
      expect(log.stat('readings').next).toBe(1);
    });

    test('refuses a fact that is not JSON, naming its line', async () => {
      const log = await open();
      const lines = { ...ids('a', 'b'), bytes: Buffer.from('{}\n{"subject":"x"\n') };
      await expect(log.append('facts', lines)).rejects.toMatchObject({
        ...code('LINES'),
        details: { line: 2 },
      });
    });

    test('time of taking never goes back when the clock does', async () => {
      const log = await open();
      clock = 9_000;
      await log.append('readings', ids('a'));
      clock = 4_000;
      await log.append('readings', ids('b'));
      const times: number[] = [];
      for await (const batch of log.read('readings', 1)) times.push(batch.received);
      expect(times).toEqual([9_000, 9_000]);
    });
  });

  describe(`${name}: duplicates`, () => {
    test('are dropped and named by their index', async () => {
      const log = await open();
      await log.append('readings', ids('a', 'b'));
      const again = await log.append('readings', ids('x', 'a', 'y', 'b', 'y'));
      expect(again).toEqual({ first: 3, count: 2, duplicates: [1, 3, 4] });
      expect(await placed(log, 'readings')).toEqual(['1 a', '2 b', '3 x', '4 y']);
      expect(log.counters()).toMatchObject({ appended: 4, duplicates: 3 });
    });

    test('are recognised while the originals are still being written', async () => {
      const log = await open();
      const [, second] = await Promise.all([
        log.append('facts', ids('a', 'b')),
        log.append('facts', ids('b', 'a')),
      ]);
      expect(second).toEqual({ first: 3, count: 0, duplicates: [0, 1] });
      expect(await placed(log, 'facts')).toEqual(['1 a', '2 b']);
    });

    test('an event without an id is never one', async () => {
      const log = await open();
      await log.append('readings', linesOf([{}, {}]));
      expect((await log.append('readings', linesOf([{}]))).count).toBe(1);
    });

    test('the same id in the other stream is another event', async () => {
      const log = await open();
      await log.append('readings', ids('a'));
      expect((await log.append('facts', ids('a'))).count).toBe(1);
    });

    test('are known only as long as the window reaches back', async () => {
      const log = await open({ identities: { readings: 2 } });
      await log.append('readings', ids('a', 'b', 'c'));
      const again = await log.append('readings', ids('c', 'a'));
      expect(again.duplicates).toEqual([0]);
      const { readings, facts } = log.counters().identities;
      expect(readings).toEqual({ held: 2, capacity: 2, forgotten: 2 });
      expect([facts.held, facts.forgotten]).toEqual([0, 0]);
    });
  });

  describe(`${name}: conditional appends`, () => {
    const about = (subject: string, id: string): Lines => linesOf([{ id, subject }]);

    test('a version is the offset of the last fact on the subject', async () => {
      const log = await open();
      await log.append('facts', linesOf([{ subject: 'x' }, { subject: 'y' }, { subject: 'x' }]));
      expect([log.version('x'), log.version('y'), log.version('z')]).toEqual([3, 2, 0]);
    });

    test('of two that expect the same, the first is taken and the second told why', async () => {
      const log = await open();
      const outcomes = await Promise.allSettled([
        log.append('facts', about('x', 'a'), { subject: 'x', version: 0 }),
        log.append('facts', about('x', 'b'), { subject: 'x', version: 0 }),
      ]);
      expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected']);
      expect(outcomes[1]).toMatchObject({ reason: code('CONFLICT') });
      expect(String(outcomes[1]?.status === 'rejected' && outcomes[1].reason)).toContain(
        '"x" is at version 1, expected was 0',
      );
      expect(await placed(log, 'facts')).toEqual(['1 a']);
      expect(log.counters()).toMatchObject({ conflicts: 1, appended: 1 });
    });

    test('one that lost leaves nothing behind: the same event is new afterwards', async () => {
      const log = await open();
      await expect(
        log.append('facts', about('x', 'a'), { subject: 'x', version: 7 }),
      ).rejects.toMatchObject(code('CONFLICT'));
      const again = await log.append('facts', about('x', 'a'), { subject: 'x', version: 0 });
      expect(again).toEqual({ first: 1, count: 1, duplicates: [] });
    });

    test('one sent again after it was taken is a duplicate, not a conflict', async () => {
      const log = await open();
      await log.append('facts', about('x', 'a'), { subject: 'x', version: 0 });
      const again = await log.append('facts', about('x', 'a'), { subject: 'x', version: 0 });
      expect(again).toEqual({ first: 2, count: 0, duplicates: [0] });
    });

    test('a long subject in any script is a subject like others', async () => {
      const log = await open();
      const subjects = ['ü'.repeat(1024), `${'ü'.repeat(1023)}u`, '', '\0'];
      await log.append('facts', linesOf(subjects.map((subject) => ({ subject }))));
      expect(subjects.map((s) => log.version(s))).toEqual([1, 2, 3, 4]);
    });

    test('duplicates beside it do not move the versions of the others', async () => {
      const log = await open();
      await log.append('facts', about('x', 'a'));
      await log.append(
        'facts',
        linesOf([
          { id: 'a', subject: 'x' },
          { id: 'b', subject: 'y' },
        ]),
      );
      expect([log.version('x'), log.version('y')]).toEqual([1, 2]);
    });
  });

  describe(`${name}: reading`, () => {
    test('begins in the middle of a batch where it is asked to', async () => {
      const log = await open();
      await log.append('readings', ids('a', 'b', 'c'));
      await log.append('readings', ids('d'));
      expect(await placed(log, 'readings', 2)).toEqual(['2 b', '3 c', '4 d']);
      expect(await placed(log, 'readings', 4)).toEqual(['4 d']);
      expect(await placed(log, 'readings', 5)).toEqual([]);
      expect(await placed(log, 'readings', 99)).toEqual([]);
    });

    test('follows what is appended later, each reader at his own pace', async () => {
      const log = await open();
      const stop = new AbortController();
      const reader = log.read('facts', 1, { follow: true, signal: stop.signal });
      const fast = reader[Symbol.asyncIterator]();
      const slow = log.read('facts', 1, { follow: true, signal: stop.signal });
      const first = fast.next();
      await log.append('facts', ids('a'));
      expect((await first).value).toMatchObject({ first: 1, count: 1 });
      const second = fast.next();
      await log.append('facts', ids('b'));
      expect((await second).value).toMatchObject({ first: 2, count: 1 });
      const late: string[] = [];
      for await (const batch of slow) {
        late.push(...examplesOf(batch).map((e) => e.id ?? ''));
        if (late.length === 2) break;
      }
      expect(late).toEqual(['a', 'b']);
      const waiting = fast.next();
      stop.abort();
      expect(await waiting).toEqual({ value: undefined, done: true });
    });

    test('sees every event once while many append', async () => {
      const log = await open();
      const stop = new AbortController();
      const total = 300;
      const seen: string[] = [];
      const reading = (async () => {
        for await (const batch of log.read('readings', 1, { follow: true, signal: stop.signal })) {
          expect(batch.first).toBe(seen.length + 1);
          seen.push(...examplesOf(batch).map((e) => e.id ?? ''));
          if (seen.length === total) stop.abort();
        }
      })();
      await Promise.all(
        Array.from({ length: total }, async (_, n) => log.append('readings', ids(`${n}`))),
      );
      await reading;
      expect(seen).toEqual(Array.from({ length: total }, (_, n) => `${n}`));
    });

    test('a signal that is aborted already gives nothing', async () => {
      const log = await open();
      await log.append('facts', ids('a'));
      const found: Batch[] = [];
      for await (const batch of log.read('facts', 1, { signal: AbortSignal.abort() }))
        found.push(batch);
      expect(found).toEqual([]);
    });

    test('ends when the log is closed', async () => {
      const log = await open();
      const waiting = log.read('facts', 1, { follow: true })[Symbol.asyncIterator]().next();
      await log.close();
      expect((await waiting).done).toBe(true);
      await expect(placed(log, 'facts')).rejects.toMatchObject(code('CLOSED'));
      await expect(log.append('facts', ids('a'))).rejects.toMatchObject(code('CLOSED'));
    });
  });

  describe(`${name}: trimming and looking up`, () => {
    test('forgets whole batches before an offset and goes on counting', async () => {
      const log = await open();
      await log.append('readings', ids('a', 'b'));
      await log.append('readings', ids('c', 'd'));
      await log.trim('readings', 4);
      expect(log.stat('readings')).toMatchObject({ first: 3, next: 5 });
      expect(await placed(log, 'readings')).toEqual(['3 c', '4 d']);
      await log.trim('readings', 5);
      expect(log.stat('readings')).toEqual({ first: 5, next: 5, bytes: 0, oldest: undefined });
      await log.append('readings', ids('e'));
      expect(await placed(log, 'readings')).toEqual(['5 e']);
    });

    test('does not forget identities and versions with the events', async () => {
      const log = await open();
      await log.append('facts', linesOf([{ id: 'a', subject: 'x' }]));
      await log.trim('facts', 2);
      expect((await log.append('facts', ids('a'))).duplicates).toEqual([0]);
      expect(log.version('x')).toBe(1);
    });

    test('knows size and age of what it holds', async () => {
      const log = await open();
      expect(log.stat('facts')).toEqual({ first: 1, next: 1, bytes: 0, oldest: undefined });
      clock = 2_000;
      await log.append('facts', ids('a'));
      clock = 3_000;
      await log.append('facts', ids('b'));
      const before = log.stat('facts');
      expect(before).toMatchObject({ first: 1, next: 3, oldest: 2_000 });
      await log.trim('facts', 2);
      const after = log.stat('facts');
      expect(after).toMatchObject({ first: 2, next: 3, oldest: 3_000 });
      expect(after.bytes).toBeGreaterThan(0);
      expect(after.bytes).toBeLessThan(before.bytes);
    });

    test('finds the first offset taken at or after a time', async () => {
      const log = await open();
      for (const [time, id] of [
        [100, 'a'],
        [200, 'b'],
        [200, 'c'],
        [300, 'd'],
      ] as const) {
        clock = time;
        await log.append('readings', ids(id));
      }
      const times = [0, 100, 101, 200, 250, 300, 301];
      expect(times.map((t) => log.offsetAt('readings', t))).toEqual([1, 1, 2, 2, 4, 4, 5]);
      await log.trim('readings', 3);
      expect(times.map((t) => log.offsetAt('readings', t))).toEqual([3, 3, 3, 3, 4, 4, 5]);
    });
  });

  notesSuite(name, open);

  const { reopen } = backEnd;
  if (reopen === undefined) return;
  describe(`${name}: after a restart`, () => {
    const restart = async (log: Log): Promise<Log> => {
      await log.close();
      const again = await reopen(options);
      opened.push(again);
      return again;
    };

    test('everything is there: events, versions, identities, notes, sizes', async () => {
      const log = await open();
      await log.append('facts', linesOf([{ id: 'a', subject: 'x' }]));
      await log.append('readings', ids('r', 's'));
      await log.notes.set('cursor', 2);
      const before = [log.stat('facts'), log.stat('readings')];
      const again = await restart(log);
      expect([again.stat('facts'), again.stat('readings')]).toEqual(before);
      expect(await placed(again, 'readings')).toEqual(['1 r', '2 s']);
      expect(again.version('x')).toBe(1);
      expect(again.notes.get('cursor')).toBe(2);
      const appended = await again.append('readings', ids('s', 't'));
      expect(appended).toEqual({ first: 3, count: 1, duplicates: [0] });
    });

    test('goes on counting when all was trimmed before', async () => {
      const log = await open();
      clock = 8_000;
      await log.append('readings', ids('a', 'b'));
      await log.trim('readings', 3);
      clock = 1_000;
      const again = await restart(log);
      expect((await again.append('readings', ids('c'))).first).toBe(3);
      expect(again.stat('readings').oldest).toBe(8_000);
    });
  });
}
