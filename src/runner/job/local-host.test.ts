import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { assert, beforeAll, describe, expect, test, vi } from 'vitest';
import { built, jobHome, shellOrder } from './built.suite.ts';
import { formatMark, readMark, readOrder, readText } from './folder.ts';
import type { JobHost, JobOrder } from './job.ts';
import { allProcesses, hasCookie, lives, markOf, statOf } from './processes.ts';

const home = jobHome();
const builtAt = built('runner/job/local-host.ts', 'runner/job/minder.ts');
let host: JobHost;
beforeAll(async () => {
  const module = (await import(urlOf())) as { localHost: () => JobHost };
  host = module.localHost();
});

const urlOf = (): string => pathToFileURL(builtAt('runner/job/local-host.ts')).href;
const patient = { timeout: 30_000, interval: 50 };
let names = 0;
const newFolder = (): string => join(home(), `job-${(names += 1)}`);

async function started(script: string, more: Partial<JobOrder> = {}): Promise<string> {
  const folder = newFolder();
  await host.start(folder, shellOrder(script, more));
  return folder;
}

async function logOf(folder: string, from = 0): Promise<string> {
  let log = '';
  for await (const piece of host.follow(folder, from, AbortSignal.timeout(60_000)))
    log += piece.text;
  return log;
}

const ended = (folder: string): Promise<void> =>
  vi.waitFor(async () => expect((await host.stateOf(folder)).state).toBe('ended'), patient);

/** Resolves when the log has this text. */
async function said(folder: string, text: string): Promise<void> {
  await vi.waitFor(() => expect(readText(folder, 'log')).toContain(text), patient);
}

function killMinder(folder: string): void {
  const minder = readMark(folder, 'pid');
  if (minder === undefined) throw new Error('nobody minds it');
  process.kill(minder.pid, 'SIGKILL');
}

const ofJob = (folder: string): number[] => {
  const { task } = readOrder(folder);
  return allProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => hasCookie(pid, task));
};

describe.concurrent('a job', { timeout: 60_000 }, () => {
  test('is run, followed and has an exit code; both outputs are in their order', async () => {
    const folder = await started('echo one; echo two >&2; echo three >/dev/stderr; exit 7');
    expect(await logOf(folder)).toBe('one\ntwo\nthree\n');
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 7, stopped: undefined });
    expect(readdirSync(folder).toSorted()).toEqual([
      'child',
      'log',
      'order.json',
      'pid',
      'rc',
      'trouble',
    ]);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readText(folder, 'trouble')).toBe('');
  });

  test('has exactly the environment that was ordered, and no input', async () => {
    const env = { PATH: '/usr/bin:/bin', 'with.dot-and-minus': 'a=b', EMPTY: '' };
    const order = shellOrder('', { argv: ['env'], env });
    const folder = newFolder();
    await host.start(folder, order);
    const { task } = readOrder(folder);
    const lines = (await logOf(folder)).trimEnd().split('\n').toSorted();
    expect(lines).toEqual(
      [
        'EMPTY=',
        'PATH=/usr/bin:/bin',
        `TERRITORY_TASK=${task}`,
        'with.dot-and-minus=a=b',
      ].toSorted(),
    );
    expect(await logOf(await started('cat; pwd', { cwd: '/usr' }))).toBe('/usr\n');
  });

  test.each([
    ['is not there', { argv: ['/no/such/program'] }, 127, '/no/such/program ENOENT'],
    ['may not be run', { argv: ['/etc/passwd'] }, 126, 'EACCES'],
    ['is given too much', { argv: ['true', 'x'.repeat(200_000)] }, 126, 'E2BIG'],
    ['has no folder', { cwd: '/no/such/folder' }, 127, 'there is no folder /no/such/folder'],
  ])('whose program %s ends, and says so', async (_name, more, code, words) => {
    const folder = await started('true', more);
    expect(await logOf(folder)).toContain(`[territory] it could not be started: `);
    expect(readText(folder, 'log')).toContain(words);
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code, stopped: undefined });
  });

  test('that was killed has ended as in a shell', async () => {
    const folder = await started('kill -9 $$');
    await ended(folder);
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 137, stopped: undefined });
  });

  test('ends with its process, not with what it left behind', async () => {
    const folder = await started('sleep 300 & echo done');
    expect(await logOf(folder)).toBe('done\n');
    // The minder has written the result and is on its way out.
    await vi.waitFor(() => expect(ofJob(folder)).toHaveLength(1), { timeout: 10_000 });
    // Asked again after its end, cancelling takes what is left.
    expect(await host.cancel(folder)).toEqual([]);
    expect(ofJob(folder)).toEqual([]);
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 0, stopped: undefined });
  });

  test('is refused where its order is not right', async () => {
    const start = (more: Partial<JobOrder>): Promise<void> =>
      host.start(newFolder(), shellOrder('true', more));
    const code = { code: 'TERR_RUNNER_JOB' };
    await expect(start({ argv: [] })).rejects.toMatchObject(code);
    await expect(start({ limits: { total: 0, silence: 1 } })).rejects.toMatchObject(code);
    await expect(
      start({ secrets: ['hunter2'], argv: ['echo', 'p=hunter2'] }),
    ).rejects.toMatchObject(code);
    await expect(host.stateOf(newFolder())).rejects.toMatchObject(code);
    await expect(host.cancel(newFolder())).rejects.toMatchObject(code);
    await expect(host.start('/etc/passwd/x', shellOrder('true'))).rejects.toMatchObject(code);
  });

  test('that is started by many at once is one', async () => {
    const folder = newFolder();
    const order = shellOrder(`echo ran >>${folder}.ran; echo once`);
    await Promise.all(Array.from({ length: 4 }, () => host.start(folder, order)));
    expect(await logOf(folder)).toBe('once\n');
    await host.start(folder, order);
    expect(readFileSync(`${folder}.ran`, 'utf8')).toBe('ran\n');
    await expect(host.start(folder, { ...order, id: 'other' })).rejects.toThrow(
      'holds the job test',
    );
  });
});

describe.concurrent('what is secret', { timeout: 60_000 }, () => {
  test('comes to the process, and to no file and no arguments', async () => {
    const secret = 'correct-horse';
    const script =
      'printf %s "${S%-*}"; sleep 0.3; printf %s "-${S#*-}"; echo; echo "$S" | wc -c; read -r x </dev/zero';
    const folder = await started('', {
      argv: ['sh', '-c', script.replace(/; read.*/, '; sleep 300')],
      env: { PATH: '/usr/bin:/bin', S: secret },
      secrets: [secret],
    });
    await said(folder, `***\n${secret.length + 1}\n`);
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    const arguments_ = ofJob(folder).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    expect(arguments_.length).toBeGreaterThan(1);
    for (const text of [...files, ...arguments_]) expect(text).not.toMatch(/correct|horse/);
    expect(readOrder(folder).env).toEqual(['PATH', 'S']);
    await host.cancel(folder);
    expect(await logOf(folder)).not.toMatch(/correct|horse/);
  });
});

describe.concurrent('limits', { timeout: 60_000 }, () => {
  test('a job that takes too long is stopped', async () => {
    const folder = await started('while :; do echo x; sleep 0.1; done', {
      limits: { total: 800, silence: 60_000 },
    });
    expect(await logOf(folder)).toMatch(
      /x\n\[territory\] it is stopped: it has taken more than 0.8 s\n/,
    );
    expect(await host.stateOf(folder)).toMatchObject({ state: 'ended', stopped: 'total' });
  });

  test('a job that says nothing is stopped; one that says something is not', async () => {
    const limits = { total: 60_000, silence: 1_000 };
    const silent = await started('echo begun; sleep 300', { limits });
    const slow = await started('for i in 1 2 3 4 5 6; do printf .; sleep 0.3; done', { limits });
    expect(await logOf(silent)).toBe(
      'begun\n[territory] it is stopped: nothing was heard of it for 1 s\n',
    );
    expect(await host.stateOf(silent)).toEqual({ state: 'ended', code: 130, stopped: 'silence' });
    await ended(slow);
    expect(await host.stateOf(slow)).toEqual({ state: 'ended', code: 0, stopped: undefined });
  });

  test('of 100 MB of output a bounded log stays, with its end', async () => {
    const folder = await started('head -c 100000000 /dev/zero | tr "\\0" x; echo; echo the end', {
      limits: { total: 60_000, silence: 60_000, log: 1_000_000 },
    });
    const log = await logOf(folder);
    expect(statSync(join(folder, 'log')).size).toBeLessThan(1_000_300);
    expect(log).toMatch(/x\n\[territory\] the log is full at \d+ bytes/);
    expect(log).toMatch(/\[territory\] 99\d{6} bytes are left out here\n/);
    expect(log.endsWith('\nthe end\n')).toBe(true);
    expect(await host.stateOf(folder)).toMatchObject({ code: 0 });
  });
});

describe.concurrent('cancelling', { timeout: 60_000 }, () => {
  const stubborn = `trap '' INT TERM; setsid sh -c 'sleep 300' & echo begun; while :; do sleep 1; done`;

  test('reaches who ignores INT and TERM, and who left the group', async () => {
    const folder = await started(stubborn);
    await said(folder, 'begun');
    await vi.waitFor(() => expect(ofJob(folder).length).toBeGreaterThanOrEqual(4), patient);
    const start = performance.now();
    // Twice at once: it is one cancelling.
    expect(await Promise.all([host.cancel(folder), host.cancel(folder)])).toEqual([[], []]);
    expect(performance.now() - start).toBeGreaterThan(9_500);
    await vi.waitFor(() => expect(ofJob(folder)).toEqual([]), patient);
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 137, stopped: 'cancelled' });
    expect(await host.cancel(folder)).toEqual([]);
  });

  test('gives a job that listens the time to end by itself', async () => {
    const folder = await started(
      `trap 'echo bye; exit 3' INT; echo begun; while :; do sleep 0.1; done`,
    );
    await said(folder, 'begun');
    expect(await host.cancel(folder)).toEqual([]);
    expect(await logOf(folder)).toBe('begun\n[territory] it is cancelled\nbye\n');
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 3, stopped: 'cancelled' });
  });

  test('reaches who threw the cookie away but is in the group', async () => {
    const folder = await started('env -i sleep 300 & echo begun; sleep 300');
    await said(folder, 'begun');
    const child = readMark(folder, 'child');
    const group = (): number => allProcesses().filter((p) => p.group === child?.pid).length;
    await vi.waitFor(() => expect(group()).toBe(3), patient);
    expect(await host.cancel(folder)).toEqual([]);
    expect(group()).toBe(0);
  });

  test('of a job that nobody came to start means that it never will be', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    const order = { ...orderText('nobody'), at: Date.now() - 10_000 };
    writeFileSync(join(folder, 'order.json'), JSON.stringify(order));
    expect(await host.stateOf(folder)).toEqual({ state: 'lost' });
    expect(await host.cancel(folder)).toEqual([]);
    await host.start(folder, shellOrder('touch /ran', { id: 'nobody' }));
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 130, stopped: 'cancelled' });
    expect(await logOf(folder)).toBe('');
  });
});

function orderText(id: string): Record<string, unknown> {
  const limits = { total: 1_000, silence: 1_000, log: 10_000 };
  return {
    format: 'territory.job/1',
    id,
    task: `${id}.x`,
    argv: ['true'],
    cwd: '/',
    env: [],
    limits,
    at: 0,
  };
}

describe.concurrent('the truth', { timeout: 60_000 }, () => {
  test('without its minder a job goes on, and is lost when it is over', async () => {
    const folder = await started('echo begun; sleep 1; exit 0');
    await said(folder, 'begun');
    killMinder(folder);
    const child = readMark(folder, 'child');
    expect(await host.stateOf(folder)).toEqual({ state: 'running', pid: child?.pid });
    expect(await logOf(folder)).toBe('begun\n');
    expect(await host.stateOf(folder)).toEqual({ state: 'lost' });
  });

  test('a child that nobody recorded is found by its cookie', async () => {
    const folder = await started('setsid sleep 300 & exec sleep 300');
    await vi.waitFor(() => expect(ofJob(folder)).toHaveLength(3), patient);
    // The minder notes it a moment after it runs; on a slow disk, a long one.
    const child = await vi.waitFor(() => {
      const mark = readMark(folder, 'child');
      assert(mark);
      return mark;
    }, patient);
    killMinder(folder);
    process.kill(child.pid, 'SIGKILL');
    await vi.waitFor(() => expect(statOf(child.pid)).toBeUndefined(), patient);
    const state = await host.stateOf(folder);
    expect(state).toEqual({ state: 'running', pid: ofJob(folder)[0] });
    expect(await host.cancel(folder)).toEqual([]);
    expect(ofJob(folder)).toEqual([]);
    expect(await host.stateOf(folder)).toEqual({ state: 'lost' });
  });

  test('without its minder a job can be cancelled', async () => {
    const folder = await started('setsid sleep 300 & echo begun; sleep 300');
    await said(folder, 'begun');
    killMinder(folder);
    expect(await host.cancel(folder)).toEqual([]);
    expect(ofJob(folder)).toEqual([]);
    expect(await host.stateOf(folder)).toEqual({ state: 'lost' });
  });

  test('a pid that came again is another process, and never signalled', async () => {
    const other = spawn('sleep', ['300'], { detached: true });
    await once(other, 'spawn');
    const mark = markOf(other.pid ?? 0);
    if (mark === undefined) throw new Error('it is not there');
    for (const wrong of [
      { ...mark, startTime: mark.startTime - 1 },
      { ...mark, boot: '00000000-0000-0000-0000-000000000000' },
    ]) {
      const folder = newFolder();
      mkdirSync(folder);
      writeFileSync(join(folder, 'order.json'), JSON.stringify(orderText('reused')));
      for (const file of ['pid', 'child']) writeFileSync(join(folder, file), formatMark(wrong));
      expect(await host.stateOf(folder)).toEqual({ state: 'lost' });
      expect(await host.cancel(folder)).toEqual([]);
      expect(await host.stateOf(folder)).toEqual({ state: 'lost' });
    }
    expect(lives(mark)).toBe(true);
    other.kill('SIGKILL');
    await once(other, 'exit');
  });
});

/** Starts the job from a process of its own. */
function starter(folder: string, order: JobOrder): ReturnType<typeof spawn> {
  const script = `import { localHost } from ${JSON.stringify(urlOf())};
    await localHost().start(${JSON.stringify(folder)}, ${JSON.stringify(order)});
    setInterval(() => undefined, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
}

test('a starter that is killed at any moment loses nothing, and starts nothing twice', async () => {
  const moments = Array.from({ length: 20 }, (_, i) => i * 35 + Math.random() * 35);
  const one = async (moment: number): Promise<void> => {
    const folder = newFolder();
    const lines = 'for i in 1 2 3 4 5 6 7 8; do echo "line $i"; sleep 0.05; done; exit 7';
    const order = shellOrder(`echo ran >>${folder}.ran; ${lines}`);
    const process_ = starter(folder, order);
    const gone = once(process_, 'exit');
    await delay(moment);
    process_.kill('SIGKILL');
    await gone;
    // Whoever comes next adopts it, or starts what had not begun.
    await host.start(folder, order);
    const log = await logOf(folder);
    expect(log, `killed after ${moment} ms`).toBe(
      [1, 2, 3, 4, 5, 6, 7, 8].map((i) => `line ${i}\n`).join(''),
    );
    expect(await host.stateOf(folder)).toEqual({ state: 'ended', code: 7, stopped: undefined });
    expect(readFileSync(`${folder}.ran`, 'utf8')).toBe('ran\n');
  };
  for (let i = 0; i < moments.length; i += 5) await Promise.all(moments.slice(i, i + 5).map(one));
}, 60_000);
