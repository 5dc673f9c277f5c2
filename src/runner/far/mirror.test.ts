import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobHome, shellOrder } from '../job/built.suite.ts';
import { putJson } from '../execute/folder.ts';
import { type Sshd, noSshd, startSshd } from '../ssh/sshd.suite.ts';
import { mirroredHost } from './mirror.ts';

if (noSshd) process.stderr.write(`skipped: ${noSshd}\n`);

describe.skipIf(noSshd)('a machine behind ssh', { timeout: 60_000 }, () => {
  const home = jobHome();
  let sshd: Sshd;
  let run: string;
  beforeAll(async () => {
    mkdirSync(join(home(), 'sshd'));
    sshd = await startSshd(join(home(), 'sshd'));
    const folder = join(home(), 'd1');
    mkdirSync(folder);
    putJson(folder, 'deploy.json', { format: 'territory.deploy/1', order: {}, config: '' });
    run = join(folder, 'run-1');
  });
  afterAll(() => sshd.stop());

  test.each<[name: string, code: string, change: (sshd: Sshd) => ReturnType<Sshd['place']>]>([
    ['lets nobody in', 'SSH', (s) => s.place([], { identity: '/etc/hostname' })],
    ['has no territory', 'SSH', (s) => s.place(['no-territory'])],
    // It may have begun, and nobody can say so.
    ['is not there', 'AWAY', (s) => s.place([], { port: 1, patience: 0 })],
    ['says something else', 'AWAY', (s) => s.place(['true'], { patience: 0 })],
    ['takes no order', 'ORDER', (s) => s.place(['sh', '-c', `echo '${refusal}'`])],
  ])('that %s: TERR_RUNNER_%s', async (_, code, change) => {
    const host = mirroredHost(change(sshd));
    const error = { code: `TERR_RUNNER_${code}` };
    await expect(host.start(run, shellOrder('true'))).rejects.toMatchObject(error);
    const following = { code: `TERR_RUNNER_${code === 'SSH' ? 'AWAY' : code}` };
    await expect(host.stateOf(run)).rejects.toMatchObject(following);
  });
});

const refusal = JSON.stringify({ job: 'error', code: 'TERR_RUNNER_ORDER', message: 'no' });
