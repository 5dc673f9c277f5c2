import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { people } from '../repositories/people.ts';
import { Memory } from './memory.ts';

let home = '';
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'newsroom-life-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const landing = (n: number) => ({
  repository: 'site' as const,
  id: `site/${n}`,
  merge: `${n}`,
  number: n,
  title: '',
  card: '',
  author: people.site[0],
  version: `release_${n}`,
  reverted: false,
});

test('a company that begins knows nothing', () => {
  expect(new Memory(home).known).toEqual({
    next: 0,
    small: 0,
    runs: 0,
    landings: [],
    underWay: null,
  });
});

test('what was kept is there after a new start, and no more of the past than is needed', () => {
  const memory = new Memory(home);
  expect([memory.nextRun(), memory.nextRun()]).toEqual([1, 2]);
  memory.keep({ next: 3, underWay: 'release_9' });
  memory.keep({ landings: Array.from({ length: 60 }, (_, n) => landing(n)) });
  const again = new Memory(home).known;
  expect(again).toMatchObject({ next: 3, runs: 2, underWay: 'release_9' });
  expect(again.landings.map(({ number }) => number)).toEqual(
    Array.from({ length: 50 }, (_, n) => n + 10),
  );
});
