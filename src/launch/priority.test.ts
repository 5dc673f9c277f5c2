import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** The nice values of all threads of a process that steps back, by their names. */
function niceAfter(call: string): readonly (readonly [name: string, nice: number])[] {
  const script = `
    import { readFileSync, readdirSync } from 'node:fs';
    import { readFile } from 'node:fs/promises';
    import { stepBack } from ${JSON.stringify(new URL('./priority.ts', import.meta.url).href)};
    await Promise.all(Array.from({ length: 8 }, () => readFile('/proc/self/stat')));
    ${call}
    await Promise.all(Array.from({ length: 8 }, () => readFile('/proc/self/stat')));
    const stats = readdirSync('/proc/self/task').map((id) => readFileSync('/proc/self/task/' + id + '/stat', 'utf8'));
    const told = stats.map((stat) => {
      const behind = stat.lastIndexOf(')');
      return [stat.slice(stat.indexOf('(') + 1, behind), Number(stat.slice(behind + 2).split(' ')[16])];
    });
    console.log(JSON.stringify(told));
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const text = execFileSync(process.execPath, args, { encoding: 'utf8' });
  return JSON.parse(text) as [string, number][];
}

const onLinux = process.platform === 'linux';

test.skipIf(!onLinux)('a process steps back with all threads that it has', () => {
  const threads = niceAfter(`stepBack('process', 7);`);
  expect(threads.length).toBeGreaterThan(5);
  expect(threads.filter(([, nice]) => nice < 7)).toEqual([]);
});

test.skipIf(!onLinux)('a thread steps back alone, behind where it was', () => {
  const threads = niceAfter(`stepBack('process', 3); stepBack('thread', 4);`);
  expect(
    threads
      .map(([, nice]) => nice)
      .toSorted((a, b) => b - a)
      .slice(0, 2),
  ).toEqual([7, 3]);
});

test.skipIf(!onLinux)('threads of a name step back, no others; nobody goes beyond 19', () => {
  const named = niceAfter(`process.title = 'ours'; stepBack({ named: 'ours' }, 30);`);
  expect(named.filter(([, nice]) => nice === 19).map(([name]) => name)).toEqual(['ours']);
});
