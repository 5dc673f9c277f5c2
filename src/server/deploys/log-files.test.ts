import { mkdtempSync, readFileSync, readdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogFiles } from './log-files.ts';

function fresh(options: { readonly maxBytes?: number; readonly keep?: number } = {}) {
  const dir = join(mkdtempSync(join(tmpdir(), 'territory-logs-')), 'deploys');
  const { keep = 100, ...rest } = options;
  return { dir, logs: new LogFiles({ dir, keep: () => keep, ...rest }) };
}

test('what overlaps is taken once, and a gap not at all', async () => {
  const { logs, dir } = fresh();
  expect(await logs.take('d1', { offset: 0, text: 'one\ntwo\n' })).toBe(8);
  expect(await logs.take('d1', { offset: 0, text: 'one\ntwo\n' })).toBe(8);
  expect(await logs.take('d1', { offset: 4, text: 'two\nthree\n' })).toBe(14);
  expect(await logs.take('d1', { offset: 20, text: 'five\n' })).toBe(14);
  expect(readFileSync(join(dir, 'd1.log'), 'utf8')).toBe('one\ntwo\nthree\n');
  const again = new LogFiles({ dir, keep: () => 1 });
  expect(await again.next('d1')).toBe(14);
  expect(await again.take('d1', { offset: 14, text: 'four\n' })).toBe(19);
});

test('lines are given whole, the last one when it has ended', async () => {
  const { logs } = fresh();
  await logs.take('d1', { offset: 0, text: 'grün\nhal' });
  expect(await logs.read('d1', 0, false)).toEqual({ text: 'grün\n', next: 6 });
  expect(await logs.read('d1', 6, false)).toEqual({ text: '', next: 6 });
  expect(await logs.read('d1', 6, true)).toEqual({ text: 'hal', next: 9 });
  expect(await logs.read('d1', 99, true)).toEqual({ text: '', next: 9 });
  expect(await logs.read('none', 0, true)).toEqual({ text: '', next: 0 });
});

test('a line longer than an answer comes in parts, each of whole characters', async () => {
  const { logs } = fresh();
  const line = `a${'ü€😀'.repeat(60_000)}`;
  await logs.take('d1', { offset: 0, text: line });
  let [text, next] = ['', 0];
  for (let i = 0; i < 4; i++) {
    // oxlint-disable-next-line no-await-in-loop -- one behind the other
    const piece = await logs.read('d1', next, true);
    text += piece.text;
    ({ next } = piece);
  }
  expect(text === line).toBe(true);
});

test('a log that is too long is cut with a note, and its runner goes on', async () => {
  const { logs, dir } = fresh({ maxBytes: 10 });
  expect(await logs.take('d1', { offset: 0, text: '12345\n' })).toBe(6);
  expect(await logs.take('d1', { offset: 6, text: '6789012345\n' })).toBe(17);
  expect(await logs.take('d1', { offset: 17, text: 'more\n' })).toBe(22);
  expect(await logs.next('d1')).toBe(22);
  const text = readFileSync(join(dir, 'd1.log'), 'utf8');
  expect(text).toBe(
    '12345\n6789\n[Territory keeps 10 bytes of a log; what came after is not here]\n',
  );
  expect(logs.counters.cut).toBe(1);
});

test('the oldest are removed, but none of those that still run', async () => {
  const { logs, dir } = fresh({ keep: 2 });
  const ids = ['a', 'b', 'c', '../d'];
  for (const [i, id] of ids.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- each a second later
    await logs.take(id, { offset: 0, text: `${id}\n` });
    for (const name of readdirSync(dir))
      if (readFileSync(join(dir, name), 'utf8') === `${id}\n`)
        utimesSync(join(dir, name), 1_000 + i, 1_000 + i);
  }
  await logs.tidy(new Set(['a']));
  const texts = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'));
  expect(texts.toSorted()).toEqual(['../d\n', 'a\n', 'c\n']);
  expect(await logs.size('b')).toBe(0);
});

test('whatever is sent twice, late or in other pieces, the log is as the runner has it', async () => {
  const pieces = fc.array(fc.record({ at: fc.nat(40), length: fc.nat(20) }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(pieces, async (sent) => {
      const { logs } = fresh();
      const whole = Buffer.from(Array.from({ length: 60 }, (_, i) => `${i}\n`).join(''));
      let next = 0;
      for (const { at, length } of sent) {
        const text = whole.subarray(at, at + length).toString();
        // oxlint-disable-next-line no-await-in-loop -- in this order
        next = await logs.take('d', { offset: at, text });
      }
      const { text } = await logs.read('d', 0, true);
      expect(text).toBe(whole.subarray(0, next).toString());
    }),
    { numRuns: 30 },
  );
});
