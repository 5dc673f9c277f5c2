import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { built, jobHome, shellOrder } from '../job/built.suite.ts';
import { readText } from '../job/folder.ts';
import type { JobHost } from '../job/job.ts';
import { allProcesses, statOf } from '../job/processes.ts';
import { sshArguments } from './connection.ts';
import { sshHost } from './ssh-host.suite.ts';
import { type Sshd, noSshd, startSshd } from './sshd.suite.ts';

test('a target that is an option is refused', () => {
  for (const target of ['-oProxyCommand=id', '', 'a b'])
    expect(() => sshHost({ target })).toThrow('the target of ssh');
});

test('nothing in the arguments is for the shell there', () => {
  const args = sshArguments(
    { target: 'me@there', options: { port: 22, set: { ServerAliveInterval: '5' } } },
    ['state', `/jobs/$(id) '1'`],
  );
  expect(args.slice(-3)).toEqual([
    '--',
    'me@there',
    String.raw`'territory' 'runner' 'job' 'state' '/jobs/$(id) '\''1'\'''`,
  ]);
  expect(args).toContain('BatchMode=yes');
  expect(args).toContain('ServerAliveInterval=5');
  expect(args.join(' ')).not.toContain('ControlMaster');
});

if (noSshd) process.stderr.write(`skipped: ${noSshd}\n`);

describe.skipIf(noSshd)('with a real sshd', { timeout: 60_000 }, () => {
  const home = jobHome();
  const builtAt = built('runner/job/command.ts', 'runner/job/minder.ts');
  const patient = { timeout: 30_000, interval: 50 };
  let sshd: Sshd;
  let command: readonly string[] = [];
  let host: JobHost;
  let names = 0;
  const newFolder = (): string => join(home(), `jobs of 'ssh' $(${(names += 1)})`);

  beforeAll(async () => {
    mkdirSync(join(home(), 'sshd'));
    sshd = await startSshd(join(home(), 'sshd'));
    const script = join(home(), 'command.mjs');
    const url = pathToFileURL(builtAt('runner/job/command.ts')).href;
    writeFileSync(
      script,
      `import { jobCommand } from ${JSON.stringify(url)};
       // A login shell may say something first.
       console.log('Welcome!');
       const print = (text) => new Promise((done) => process.stdout.write(text, () => done()));
       const ends = { input: process.stdin, print, signal: new AbortController().signal };
       process.exitCode = await jobCommand(process.argv.slice(2), ends);`,
    );
    command = [process.execPath, script];
    // Connections are kept, but where they are cut.
    host = sshHost(sshd.place(command, { control: join(home(), 'sshd', '%C') }));
  });
  afterAll(() => sshd.stop());

  async function logOf(at: JobHost, folder: string): Promise<string> {
    let log = '';
    let next = 0;
    for await (const piece of at.follow(folder, 0, AbortSignal.timeout(60_000))) {
      expect(piece.offset).toBe(next);
      log += piece.text;
      next = piece.next;
    }
    return log;
  }

  test('a job runs there as it does here', async () => {
    const folder = newFolder();
    const secret = `it's "secret"`;
    const env = { PATH: '/usr/bin:/bin', S: secret };
    const order = shellOrder('', {
      argv: ['sh', '-c', 'echo "ö $S"; exit 7'],
      env,
      secrets: [secret],
    });
    await host.start(folder, order);
    await host.start(folder, order);
    expect(await logOf(host, folder)).toBe('ö ***\n');
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 7, stopped: undefined });
    await expect(host.start(folder, { ...order, id: 'other' })).rejects.toMatchObject({
      code: 'TERR_RUNNER_JOB',
      message: expect.stringContaining('holds the job test'),
    });
    await expect(host.stateOf(newFolder())).rejects.toMatchObject({ code: 'TERR_RUNNER_JOB' });
    await expect(host.stateOf('jobs/1')).rejects.toThrow('an absolute path');
  });

  test('a dropped connection ends nothing, and the log goes on where it was', async () => {
    const folder = newFolder();
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i} €\n`);
    const script =
      'i=0; while [ $i -lt 40 ]; do echo "line $i €"; i=$((i+1)); sleep 0.05; done; exit 7';
    await host.start(folder, shellOrder(script));
    const following = logOf(sshHost(sshd.place(command)), folder);
    for (const line of ['line 3 ', 'line 20 ']) {
      await vi.waitFor(() => expect(readText(folder, 'log')).toContain(line), patient);
      sshd.cut();
      sshd.mend();
    }
    expect(await following).toBe(lines.join(''));
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 7, stopped: undefined });
  });

  test('cancelling reaches who left the group, over a connection that is kept', async () => {
    const folder = newFolder();
    await host.start(folder, shellOrder(`setsid sleep 300 & echo $!; exec sleep 300`));
    await vi.waitFor(() => expect(readText(folder, 'log')).toMatch(/^\d+\n/), patient);
    const count = sshd.count();
    expect(await host.cancel(folder)).toEqual([]);
    expect(statOf(Number(readText(folder, 'log')?.split('\n')[0]))).toBeUndefined();
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 130, stopped: 'cancelled' });
    expect(sshd.count()).toBe(count);
  });

  test('following ends when it is asked to, there as well', async () => {
    const folder = newFolder();
    await host.start(folder, shellOrder('echo begun; sleep 300'));
    const asked = new AbortController();
    for await (const { text } of host.follow(folder, 0, asked.signal)) {
      expect(text).toBe('begun\n');
      asked.abort();
    }
    const followers = (): number =>
      allProcesses().filter(({ pid }) => {
        const words = argumentsOf(pid);
        return words.includes(folder) && words.includes('follow');
      }).length;
    await vi.waitFor(() => expect(followers()).toBe(0), patient);
    expect(await host.cancel(folder)).toEqual([]);
  });

  test.each<[name: string, words: RegExp, change: (sshd: Sshd) => ReturnType<Sshd['place']>]>([
    [
      'lets nobody in',
      /does not let us in.*Permission denied/s,
      (s) => s.place(command, { identity: '/etc/hostname' }),
    ],
    [
      'has another key',
      /host key is not the one in known_hosts/,
      (s) => s.place(command, { set: { UserKnownHostsFile: '/dev/null' } }),
    ],
    [
      'has no territory',
      /there is no territory to be run/,
      (s) => s.place(['no-territory', 'job']),
    ],
    [
      'is not there',
      /connection failed.*refused/s,
      (s) => s.place(command, { port: 1, patience: 0 }),
    ],
    ['says something else', /ended without an answer/, (s) => s.place(['true'], { patience: 0 })],
    [
      'answers too late',
      /did not answer within 1 s/,
      (s) => s.place(['sh', '-c', 'sleep 20'], { answerTimeout: 1_000 }),
    ],
  ])('a machine that %s is an error that says so', async (_name, words, change) => {
    const error = { code: 'TERR_RUNNER_SSH', message: expect.stringMatching(words) };
    await expect(sshHost(change(sshd)).stateOf('/jobs/1')).rejects.toMatchObject(error);
  });

  test('a machine that stays away is given up', async () => {
    const folder = newFolder();
    await host.start(folder, shellOrder('echo begun; sleep 1'));
    const impatient = sshHost(sshd.place(command, { patience: 1_000 }));
    const following = logOf(impatient, folder);
    await vi.waitFor(() => expect(sshd.count()).toBeGreaterThan(0), patient);
    sshd.cut();
    await expect(following).rejects.toMatchObject({ code: 'TERR_RUNNER_SSH' });
    sshd.mend();
    expect(await logOf(host, folder)).toBe('begun\n');
    expect(readFileSync(join(folder, 'rc'), 'utf8')).toBe('0\n');
  });
});

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
