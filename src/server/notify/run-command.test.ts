import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { runCommand } from './run-command.ts';

const { signal } = new AbortController();
const run = (command: readonly string[], timeout = 10_000) =>
  runCommand(command, { timeout, signal });

test('arguments arrive as they are, without a shell', async () => {
  const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  const ran = await run([process.execPath, '-e', script, '--', '$(id)', '; ls', '40']);
  expect(ran).toEqual({ ok: true, said: '["$(id)","; ls","40"]' });
});

test.each([
  [['/bin/sh', '-c', 'echo no; exit 3'], /^it ended with 3\nno$/],
  [['/nope/program'], /ENOENT/],
  [['/bin/sh', '-c', 'kill -9 $$'], /^it was ended by SIGKILL$/],
])('%j', async (command, says) => {
  const ran = await run(command);
  expect(ran.ok).toBe(false);
  expect(ran.said).toMatch(says);
});

test('nothing of our environment reaches it but PATH', async () => {
  const { said } = await run(['/usr/bin/env']);
  expect(said.match(/^\w+(?==)/gm)?.toSorted()).toEqual(['LANG', 'PATH']);
});

test('more output than the cap is thrown away', async () => {
  const ran = await run(['/bin/sh', '-c', 'yes | head -c 1000000']);
  expect(ran.ok).toBe(true);
  expect(ran.said.length).toBeLessThanOrEqual(8_192);
});

test('when the time is up, everything that it started ends with it', async () => {
  const started = performance.now();
  const ran = await run(['/bin/sh', '-c', 'sleep 60 & echo $!; wait'], 300);
  expect(ran.ok).toBe(false);
  expect(ran.said).toMatch(/^it took longer than 300 ms\n\d+$/);
  expect(performance.now() - started).toBeLessThan(10_000);
  const pid = Number(ran.said.split('\n')[1]);
  await vi.waitUntil(() => hasEnded(pid));
});

/** Gone, or dead and not yet collected by whoever adopted it. */
function hasEnded(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}
