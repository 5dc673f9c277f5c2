import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cookieOf } from './cookie.ts';
import { killAll } from './leave.ts';

test('who will not wait kills what the demo started and deployed, and nobody else who works in there', async () => {
  const home = mkdtempSync(join(tmpdir(), 'leave-'));
  const artefact = join(home, 'runner/home/artefacts/site');
  mkdirSync(artefact, { recursive: true });
  const sleeper = async (cwd: string, task?: string): Promise<ChildProcess> => {
    const env = {
      PATH: process.env['PATH'],
      ...(task === undefined ? {} : { TERRITORY_TASK: task }),
    };
    const child = spawn('sleep', ['60'], { cwd, env, detached: true, stdio: 'ignore' });
    await once(child, 'spawn');
    return child;
  };
  const started = await sleeper('/', cookieOf(home));
  const deployed = await sleeper(artefact, 'site@production/blue1:1');
  const shell = await sleeper(artefact);
  const other = await sleeper('/', cookieOf(`${home}-other`));
  const ends = [started, deployed].map(async (child) => once(child, 'exit'));
  killAll(home);
  expect((await Promise.all(ends)).map(([, signal]) => signal as string)).toEqual([
    'SIGKILL',
    'SIGKILL',
  ]);
  expect([shell.exitCode, other.exitCode, shell.signalCode, other.signalCode]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  shell.kill();
  other.kill();
  rmSync(home, { recursive: true });
});
