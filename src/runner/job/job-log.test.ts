import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { JobLog } from './job-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'territory-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

function logged(limit: number, write: (log: JobLog) => void): string {
  const path = join(folder, `${(count += 1)}`);
  const log = new JobLog(path, limit);
  write(log);
  log.end();
  return readFileSync(path, 'utf8');
}

test('what has room stands there as it came, with notes in lines of their own', () => {
  const text = logged(10_000, (log) => {
    log.write(Buffer.from('one\ntw'));
    log.note('a note');
    log.write(Buffer.from('o\n'));
    log.note('another');
  });
  expect(text).toBe('one\ntw\n[territory] a note\no\n[territory] another\n');
});

test('of what has none stay the beginning, a note, and the end', () => {
  const lines = Array.from({ length: 5_000 }, (_, i) => `line ${i}\n`);
  const text = logged(4_096, (log) => {
    for (const line of lines) log.write(Buffer.from(line));
    log.note('a note at the end');
  });
  expect(text.length).toBeLessThan(4_400);
  expect(text.startsWith('line 0\nline 1\n')).toBe(true);
  expect(text).toMatch(
    /\n\[territory\] the log is full at 3072 bytes; its end follows at the end\n/,
  );
  const dropped = Number(
    /\n\[territory\] (\d+) bytes are left out here\nline \d+\n/.exec(text)?.[1],
  );
  expect(text.endsWith('line 4999\n\n[territory] a note at the end\n')).toBe(true);
  const shown = text.replaceAll(/\n?\[territory\].*\n/g, '').length;
  expect(Math.abs(lines.join('').length - dropped - shown)).toBeLessThan(5);
});

test('what is hardly too long loses nothing', () => {
  const text = logged(4_096, (log) => {
    for (let i = 0; i < 40; i++) log.write(Buffer.from('x'.repeat(100)));
  });
  expect(text).not.toContain('left out');
  expect(text.replaceAll(/\n?\[territory\].*\n/g, '')).toBe('x'.repeat(4_000));
});

test('no limit and no piece splits a letter', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'ö', '€', '😀', '\n'), maxLength: 3_000 });
  fc.assert(
    fc.property(letters, fc.integer({ min: 1, max: 500 }), (letter, size) => {
      const bytes = Buffer.from(letter);
      const text = logged(4_096, (log) => {
        for (let i = 0; i < bytes.length; i += size) log.write(bytes.subarray(i, i + size));
      });
      expect(text).not.toContain('\ufffd');
      expect(Buffer.byteLength(text)).toBeLessThan(4_096 + 300);
    }),
    { numRuns: 50 },
  );
});

test('bytes that are no UTF-8 are shown as such, and their log is UTF-8', () => {
  expect(logged(10_000, (log) => log.write(Buffer.from([0x61, 0xff, 0x62, 0xc3])))).toBe(
    'a\ufffdb\ufffd',
  );
});

test('a full disk stops nothing', () => {
  const log = new JobLog('/dev/full', 10_000);
  log.write(Buffer.from('lost'));
  log.note('lost as well');
  log.end();
  expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
});
