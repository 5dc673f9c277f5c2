import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { built, jobHome, shellOrder } from './built.suite.ts';
import type { JobHost } from './job.ts';

const home = jobHome();
const builtAt = built('runner/job/local-host.ts', 'runner/job/minder.ts');
let host: JobHost;
beforeAll(async () => {
  const module = (await import(pathToFileURL(builtAt('runner/job/local-host.ts')).href)) as {
    localHost: () => JobHost;
  };
  host = module.localHost();
});

async function logOf(folder: string, from = 0): Promise<string> {
  let log = '';
  for await (const piece of host.follow(folder, from, AbortSignal.timeout(60_000)))
    log += piece.text;
  return log;
}

test('a job is run, followed and has an exit code', async () => {
  const folder = join(home(), 'first');
  await host.start(folder, shellOrder('echo one; echo two >&2; echo three; exit 7'));
  expect(await logOf(folder)).toBe('one\ntwo\nthree\n');
  expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 7, stopped: undefined });
  expect(readFileSync(join(folder, 'rc'), 'utf8')).toBe('7\n');
});
