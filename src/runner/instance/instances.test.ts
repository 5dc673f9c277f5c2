import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, assert, beforeEach, expect, test } from 'vitest';
import { lives } from '../job/processes.ts';
import { freePorts, startLine, until, writeApplication } from '../strategy/front.suite.ts';
import type { InstanceEvent, InstanceWish } from './instance.ts';
import { listens } from './listens.ts';
import { openInstances } from './open-instances.ts';
import { boundLog } from './slot-log.ts';
import { locked, tryLocked } from './slot-lock.ts';
import { superviseInstances } from './supervisor.ts';

let home: string;
let events: InstanceEvent[];
let ends: (() => Promise<void>)[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'instances-'));
  writeApplication(join(home, 'app'));
  events = [];
  ends = [];
});
afterEach(async () => {
  for (const end of ends) await end();
  const instances = open();
  for (const { wish } of await instances.list().catch(() => [])) await instances.stop(wish, 0);
  rmSync(home, { recursive: true });
});

const open = () => openInstances({ home, now: Date.now, onEvent: (e) => events.push(e) });
const supervise = (pace = {}, serves = async () => Promise.resolve(false)) => {
  const supervisor = superviseInstances({
    home,
    now: Date.now,
    onEvent: (e) => events.push(e),
    random: () => 0,
    pace: { every: 20, first: 20, slowest: 100, ...pace },
    serves,
  });
  ends.push(supervisor.close);
  return supervisor;
};
const kinds = (): string[] => events.map((e) => e.kind);
const happens = async (kind: InstanceEvent['kind']): Promise<void> =>
  until(`${kind} in ${kinds().join(' ')}`, () => Promise.resolve(kinds().includes(kind)));

async function wishOf(env: Record<string, string> = {}, version = 'release_1') {
  const [port = 0] = await freePorts(1);
  const wish: InstanceWish = {
    app: 'shop',
    environment: 'staging',
    slot: 'blue1',
    version,
    digest: `sha256:${version}`,
    folder: join(home, 'app'),
    start: startLine,
    port,
    env,
    wanted: 'up',
  };
  return wish;
}
const up = async (wish: InstanceWish) => until(`port ${wish.port}`, async () => listens(wish.port));
const folder = () => join(home, 'instances/shop@staging');

test('starts, is found by another process that opens the folder, stops, is forgotten', async () => {
  const wish = await wishOf({ GREETING: 'hello' });
  const { state, process: mark } = await open().start(wish);
  await up(wish);
  expect(state).toBe('up');
  expect(await open().list('shop', 'staging')).toEqual([
    { wish, state: 'up', process: mark, restarts: 0 },
  ]);
  expect(await open().list('other')).toEqual([]);
  const environ = readFileSync(`/proc/${mark?.pid}/environ`, 'latin1').split('\0');
  expect(environ).toEqual(
    expect.arrayContaining([
      `PORT=${wish.port}`,
      'SERVICE_NAME=shop',
      'SERVICE_VERSION=release_1',
      'DEPLOYMENT_ENVIRONMENT=staging',
      'GREETING=hello',
      'OTEL_RESOURCE_ATTRIBUTES=service.name=shop,service.version=release_1,service.instance.id=blue1,deployment.environment.name=staging',
    ]),
  );
  // Whatever else the runner has in its environment (its token) stays there.
  expect(environ.filter((e) => e.startsWith('VITEST'))).toEqual([]);
  // Values of secrets may be in it.
  await expect(open().forget(wish)).rejects.toMatchObject({ code: 'TERR_RUNNER_INSTANCE' });
  await open().stop(wish, 5_000);
  expect(await listens(wish.port)).toBe(false);
  expect(await open().list()).toMatchObject([{ state: 'down', wish: { wanted: 'down' } }]);
  await open().forget(wish);
  expect(readdirSync(folder())).toEqual(['blue1.log']);
  expect(readFileSync(join(folder(), 'blue1.log'), 'utf8')).toMatch(
    /^-- territory .*Z: starts release_1 as blue1 on port \d+\nrelease_1 listens on \d+\nrelease_1 ends\n$/,
  );
});

test('what runs as wished is left alone; what does not is replaced', async () => {
  const wish = await wishOf();
  const first = await open().start(wish);
  expect((await open().start({ ...wish })).process).toEqual(first.process);
  await up(wish);
  const second = await open().start({ ...wish, version: 'release_2' });
  expect(second.process?.pid).not.toBe(first.process?.pid);
  await up(wish);
  const answer = await fetch(`http://127.0.0.1:${wish.port}/`, {
    headers: { connection: 'close' },
  });
  expect(await answer.text()).toBe('release_2');
});

test('a place remembers what was there before a deploy', async () => {
  const wish = await wishOf({ SECRET: 'x' });
  const instances = open();
  expect(await instances.kept(wish)).toBeUndefined();
  await instances.start(wish);
  await instances.keep(wish);
  await instances.start({ ...wish, version: 'release_2' });
  expect(await open().kept(wish)).toEqual(wish);
});

test('what ignores TERM is killed after its grace, with what left the group', async () => {
  // The grandchild has a session of its own and no cookie in its name: only in its environment.
  const start = `setsid sleep 300 & ${startLine}`;
  const wish = { ...(await wishOf({ STUBBORN: 'yes' })), start };
  const { process: mark } = await open().start(wish);
  await up(wish);
  const began = performance.now();
  await open().stop(wish, 300);
  expect(performance.now() - began).toBeGreaterThan(290);
  expect(mark && lives(mark)).toBe(false);
  const sleeping = readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`PORT=${wish.port}\0`);
    } catch {
      return false;
    }
  });
  expect(sleeping).toEqual([]);
});

test.each([
  ['its folder is gone', { folder: '/no/such' }, /the folder \/no\/such is gone/],
  ['a name would leave the folder', { slot: '../x' }, /can not be part of a file's name/],
])('is not started when %s', async (_, wrong, message) => {
  const wish = { ...(await wishOf()), ...wrong };
  await expect(open().start(wish)).rejects.toMatchObject({
    code: 'TERR_RUNNER_INSTANCE',
    message: expect.stringMatching(message) as string,
  });
});

test('is not started when another process has its port', async () => {
  const wish = await wishOf();
  await open().start(wish);
  await up(wish);
  await expect(open().start({ ...wish, slot: 'green1' })).rejects.toThrow(
    `shop@staging/green1: another process listens on port ${wish.port}`,
  );
});

test('a process whose starter was killed before it noted the pid is found by its cookie', async () => {
  const wish = await wishOf();
  const { process: mark } = await open().start(wish);
  rmSync(join(folder(), 'blue1.process'));
  expect(await open().list()).toMatchObject([{ state: 'up', process: mark }]);
  expect((await open().start(wish)).process).toEqual(mark);
  expect(existsSync(join(folder(), 'blue1.process'))).toBe(true);
});

test('the supervisor starts again what was killed, and the next one adopts it', async () => {
  const wish = await wishOf();
  const { process: mark } = await open().start(wish);
  const first = supervise();
  await up(wish);
  assert(mark);
  process.kill(mark.pid, 'SIGKILL');
  await happens('died');
  await until('a start', () => Promise.resolve(kinds().filter((k) => k === 'started').length > 1));
  await up(wish);
  const [state] = await open().list();
  expect(state).toMatchObject({ state: 'up', restarts: 1 });
  expect(state?.process?.pid).not.toBe(mark?.pid);
  await first.close();

  events.length = 0;
  await supervise().look();
  expect(events).toMatchObject([{ kind: 'adopted', pid: state?.process?.pid }]);
  expect(await open().list()).toEqual([state]);
});

test('a crash loop is told once, by whichever supervisor, and tried on slowly', async () => {
  const wish = await wishOf({ DIES: '1' });
  await open().start(wish);
  const first = supervise();
  await happens('crash-loop');
  await first.close();
  expect(await open().list()).toMatchObject([{ state: 'crash-loop' }]);
  const [before] = await open().list();
  events.length = 0;
  const second = supervise({ slowest: 50 });
  await until('more tries', () =>
    Promise.resolve(kinds().filter((k) => k === 'started').length >= 2),
  );
  expect(kinds()).not.toContain('crash-loop');
  await second.close();
  expect((await open().list())[0]?.restarts).toBeGreaterThan(before?.restarts ?? 0);

  // A new wish begins anew, and what stays up is well again.
  await open().start({ ...wish, env: {} });
  await up(wish);
  expect(await open().list()).toMatchObject([{ state: 'up', restarts: 0 }]);
}, 40_000);

test('it recovers when it stays up', async () => {
  const wish = { ...(await wishOf()), start: `[ -e ../well ] || exit 1; ${startLine}` };
  await open().start(wish);
  supervise({ slowest: 60, good: 200 });
  await happens('crash-loop');
  writeFileSync(join(home, 'well'), '');
  await happens('recovered');
  expect(await open().list()).toMatchObject([{ state: 'up' }]);
}, 40_000);

test('what is wished down is never started again, and a stop that was killed is finished', async () => {
  const wish = await wishOf();
  const { process: mark } = await open().start(wish);
  await up(wish);
  // As the one who stops leaves it when it is killed right after it has written the wish.
  const file = join(folder(), 'blue1.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"wanted": "up"', '"wanted": "down"'));
  const supervisor = supervise();
  await until('the stop', () => Promise.resolve(!(mark && lives(mark))));
  await supervisor.look();
  await supervisor.look();
  expect(kinds()).not.toContain('died');
  expect(await open().list()).toMatchObject([{ state: 'down' }]);
});

test('one that is being stopped is not taken for one that runs, when it is wanted again', async () => {
  const wish = await wishOf({ STUBBORN: 'yes' });
  const { process: mark } = await open().start(wish);
  await up(wish);
  // The stop was killed after it had sent TERM.
  const file = join(folder(), 'blue1.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"wanted": "up"', '"wanted": "down"'));
  writeFileSync(file, readFileSync(file, 'utf8').replace('"graceMs": 0', '"graceMs": 50'));
  const again = await open().start(wish);
  expect(again.process?.pid).not.toBe(mark?.pid);
  await up(wish);
  expect(await open().list()).toMatchObject([{ state: 'up', wish: { wanted: 'up' } }]);
});

test('an old one is stopped and forgotten when its time is over, unless customers are sent to it', async () => {
  const wish = await wishOf();
  const instances = open();
  await instances.start(wish);
  let serving = true;
  const supervisor = supervise({ every: 60_000 }, async () => Promise.resolve(serving));
  await instances.expire(wish, 60_000);
  await supervisor.look();
  expect(kinds()).not.toContain('expired');
  await instances.expire(wish, 0);
  await supervisor.look();
  expect(await instances.list()).toMatchObject([{ state: 'up' }]);
  expect(events.at(-1)?.text).toMatch(/it stays$/);
  serving = false;
  await instances.expire(wish, 0);
  await supervisor.look();
  expect(await instances.list()).toEqual([]);
  // A new wish of the same kind takes the end away.
  await instances.start(wish);
  await instances.expire(wish, 0);
  await instances.start(wish);
  await supervisor.look();
  expect(await instances.list()).toMatchObject([{ state: 'up' }]);
});

test('a file that can not be read is told once, and the others are looked after', async () => {
  const good = await wishOf();
  const { process: mark } = await open().start(good);
  writeFileSync(join(folder(), 'broken.json'), '{');
  const supervisor = supervise({ every: 60_000 });
  await supervisor.look();
  await supervisor.look();
  expect(events.filter((e) => e.kind === 'unusable')).toMatchObject([
    { slot: 'broken', text: expect.stringMatching(/broken\.json can not be read/) as string },
  ]);
  expect(kinds()).toContain('adopted');
  rmSync(join(folder(), 'broken.json'));
  expect(mark && lives(mark)).toBe(true);
});

test('one at a time has the lock, and it is free when its holder is killed', async () => {
  const order: string[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map(async (name) =>
      locked(home, async () => {
        order.push(name);
        await new Promise((resolve) => setTimeout(resolve, 10));
        order.push(name);
      }),
    ),
  );
  expect(order.join('')).toMatch(/^(aa|bb|cc){3}$/);

  const module = new URL('./slot-lock.ts', import.meta.url).href;
  const script = `import { locked } from ${JSON.stringify(module)};
    await locked(process.argv[1], async () => {
      console.log('held');
      await new Promise((resolve) => setTimeout(resolve, 60000));
    });`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script, home];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  expect(await tryLocked(home, async () => Promise.resolve(1))).toBeUndefined();
  holder.kill('SIGKILL');
  await locked(home, async () => Promise.resolve());
});

test('a log is put aside when it is large, under the process that writes to it', async () => {
  const log = join(home, 'x.log');
  const child = spawn('sh', ['-c', `while read line; do echo "$line"; done >>${log}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.write(`${'long '.repeat(30)}\n`);
  await until('the line', () => Promise.resolve(existsSync(log) && readFileSync(log).length > 100));
  await boundLog(log, 100);
  child.stdin.end('after\n');
  await until('more', () => Promise.resolve(readFileSync(log).length > 0));
  expect(readFileSync(log, 'utf8')).toBe('after\n');
  expect(readFileSync(`${log}.1`, 'utf8')).toMatch(/^long /);
});
