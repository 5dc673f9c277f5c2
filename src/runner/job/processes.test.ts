import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { allProcesses, hasCookie, lives, markOf, parseStat, statOf } from './processes.ts';

const rest = (start: string): string =>
  `S 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 ${start} 2662400 240 18446744073709551615 1 1`;

test.each<[name: string, text: string, expected: object | undefined]>([
  ['plain', `42 (sh) ${rest('5310')}\n`, { pid: 42, name: 'sh', group: 42, startTime: 5310 }],
  ['a parenthesis', `42 (a) b) ${rest('5310')}`, { pid: 42, name: 'a) b', startTime: 5310 }],
  ['looks like fields', `42 () S 1 (x) ${rest('7')}`, { name: ') S 1 (x', startTime: 7 }],
  ['blanks and a line feed', `42 (a b\nc) ${rest('7')}`, { name: 'a b\nc', startTime: 7 }],
  ['empty name', `42 () ${rest('7')}`, { name: '', startTime: 7, state: 'S' }],
  ['no parentheses', `42 sh ${rest('5310')}`, undefined],
  ['cut', '42 (sh) S 1 42', undefined],
  ['nothing', '', undefined],
])('stat: %s', (_name, text, expected) => {
  const stat = parseStat(text);
  expect(
    stat && Object.fromEntries(Object.keys(expected ?? {}).map((k) => [k, stat[k as 'pid']])),
  ).toEqual(expected);
});

test('a process is the same only with its start time and boot', () => {
  const mark = markOf(process.pid);
  if (mark === undefined) throw new Error('this process is not there');
  const table: readonly [boolean, typeof mark][] = [
    [true, mark],
    [false, { ...mark, startTime: mark.startTime + 1 }],
    [false, { ...mark, boot: '00000000-0000-0000-0000-000000000000' }],
    [false, { ...mark, pid: 2 ** 22 + 1 }],
  ];
  for (const [same, other] of table) expect(lives(other)).toBe(same);
});

test('the cookie is compared as a whole', async () => {
  const child = spawn('sleep', ['60'], { env: { X: 'TERRITORY_TASK=a', TERRITORY_TASK: 'abc' } });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  expect(['abc', 'ab', 'abcd', 'a'].map((cookie) => hasCookie(pid, cookie))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(hasCookie(2 ** 22 + 1, 'abc')).toBe(false);
  expect(allProcesses().some((p) => p.pid === pid)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(statOf(pid)).toBeUndefined();
});
