import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Backtest } from '../../rules/backtest/result.ts';
import { type Ran, buildForTests, runCli, runHere, seen, startCli } from '../running.suite.ts';

const minute = 60_000;
const hour = 60 * minute;

const disk = (limit: number): string => `import { events, rule } from 'territory/rules';
import { named } from './names.ts';

rule('disk', () =>
  events
    .where(named('disk'))
    .by('host')
    .level({ critical: 'metric > ${limit}' })
    .changed('state', { from: 'ok' })
    .alert({ title: 'disk of {host} is {metric:percent} full' }),
);

rule('disk-rate', () => events.where(named('disk')).by('host').rate('10m').emit({ name: 'disk.rate' }));
`;

const names = `export const named = (name: string): string => \`name = "\${name}"\`;\n`;

let place: string;
let server: ChildProcess;
let url: string;
/** When the hour of the events begins, ms. */
let start: number;

const at = (name: string): string => join(place, name);
const env = (): Record<string, string> => ({ TERRITORY_URL: url, TERRITORY_DATA: at('data') });
const run = (...args: readonly string[]): Promise<Ran> =>
  runHere(['rules', ...args], { env: env() });
const time = (ms: number): string => new Date(ms).toISOString();
const range = (): string[] => ['--from', time(start), '--to', time(start + hour)];

buildForTests();

/** A server of its own process with an hour of two disks, sent afterwards. */
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'territory-cli-rules-'));
  const quiet = [
    '--hostProbe.enabled',
    'off',
    '--history.enabled',
    'off',
    '--intakes.enabled',
    'off',
    '--logLevel',
    'warn',
  ];
  server = startCli(['serve', '--data', 'data', '--port', '0', ...quiet], { cwd: place });
  [, url = ''] = await seen(server, /at (http:\S+)\n/);
  start = Math.floor(Date.now() / minute) * minute - 2 * hour;
  const lines = Array.from({ length: 60 }, (_, i) =>
    ['a', 'b'].map((host) => ({
      type: 'metric',
      name: 'disk',
      host,
      metric: host === 'a' && i >= 10 && i < 20 ? 0.95 : i >= 40 ? 0.85 : 0.5,
      time: start + i * minute,
    })),
  ).flat();
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const sent = await runHere(['send'], { env: env(), input });
  if (sent.code !== 0) throw new Error(sent.err);
  for (const [name, text] of [
    ['disk.ts', disk(0.9)],
    ['lower.ts', disk(0.8)],
    ['names.ts', names],
    ['broken.ts', disk(0.9).replace('.by(', '.bye(')],
    ['throwing.ts', disk(0.9).replace("'metric >", "'metric >>")],
  ] as const)
    writeFileSync(at(name), text);
  mkdirSync(at('data/rules'), { recursive: true });
});

afterAll(async () => {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  rmSync(place, { recursive: true, force: true });
});

describe('backtest', () => {
  test('prints one JSON document, the same bytes from a server and from its data directory', async () => {
    const asked = ['backtest', at('disk.ts'), ...range(), '--json'];
    const once = await run(...asked);
    // On a crowded machine it takes longer than a second and says how far it is.
    expect(once.code).toBe(0);
    expect((await run(...asked)).out).toBe(once.out);
    const found = JSON.parse(once.out) as Backtest;
    expect(found.alerts).toMatchObject([
      { rule: 'disk', key: { host: 'a' }, from: start + 10 * minute, to: start + 20 * minute },
    ]);
    expect(found.decisions).toHaveLength(2);
    expect(found.emitted[0]).toMatchObject({
      name: 'disk.rate',
      attributes: { rule: 'disk-rate' },
    });
    const here = await runCli(['rules', ...asked, '--data', at('data')]);
    expect(here.code).toBe(0);
    expect(here.out).toBe(once.out);
  });

  test('for people: a line for each rule, its course, the first and the last, the difference', async () => {
    const against = ['--against', at('lower.ts')];
    const { code, out } = await run('backtest', at('disk.ts'), ...range(), ...against);
    expect(code).toBe(0);
    expect(out).toMatch(/^rule +alert +emit +notify +scale +keys +late +course$/m);
    expect(out).toMatch(/^disk +2 +0 +0 +0 +2 +0 +.*[▁-█].*$/m);
    expect(out).toContain(`first ${time(start + 10 * minute).slice(0, 10)}`);
    expect(out).toContain('critical: disk of a is 95 % full');
    expect(out).toMatch(/^1 alert\n .* for 10m critical {2}disk a: disk of a is 95 % full$/m);
    expect(out).toMatch(/^against lower\.ts: \d+ the same, 0 only here, 2 only lower\.ts$/m);
    expect(out).toContain('alert disk b: only lower.ts, ');
  });

  test('an error in a rule file is its place, and the end is not good', async () => {
    for (const more of [[], ['--data', at('data')]]) {
      // oxlint-disable-next-line no-await-in-loop -- a server runs but two at once
      const broken = await run('backtest', at('broken.ts'), ...range(), ...more);
      expect(broken).toMatchObject({ code: 2, out: '' });
      expect(broken.err).toMatch(
        new RegExp(`^${at('broken.ts')}:7:6: Property 'bye' does not exist`),
      );
      // oxlint-disable-next-line no-await-in-loop
      const throwing = await run('backtest', at('throwing.ts'), ...range(), ...more);
      expect(throwing.code).toBe(2);
      expect(throwing.err).toMatch(
        new RegExp(`^${at('throwing.ts')}:8:\\d+: in the query, column`),
      );
    }
    expect(await run('backtest', at('none.ts'))).toMatchObject({ code: 2 });
    const empty = await run('backtest', at('disk.ts'), '--from', time(start), '--to', time(start));
    expect(empty).toMatchObject({ code: 2, err: expect.stringContaining('the time is empty') });
  });

  test('a replay takes the rules that run', async () => {
    expect(await run('replay', ...range(), '--data', at('data'))).toMatchObject({ code: 2 });
    writeFileSync(at('data/rules/disk.ts'), disk(0.9).replace('./names.ts', '../../names.ts'));
    await vi.waitUntil(
      async () => /^disk-rate +disk\.ts +running /m.test((await run('list')).out),
      {
        timeout: 15_000,
        interval: 100,
      },
    );
    const listed = await run('list', '--json');
    expect(JSON.parse(listed.out)).toMatchObject({ files: [{ file: 'disk.ts', state: 'loaded' }] });
    const here = await run('replay', ...range(), '--data', at('data'), '--json');
    const there = await run('replay', ...range(), '--json', '--only', 'disk');
    const alerts = (ran: Ran): unknown => (JSON.parse(ran.out) as Backtest).alerts;
    expect(alerts(here)).toHaveLength(1);
    expect(alerts(there)).toEqual(alerts(here));
    expect((JSON.parse(there.out) as Backtest).rules).toHaveLength(1);
    const live = await run('backtest', at('lower.ts'), ...range(), '--json');
    expect(JSON.parse(live.out)).toMatchObject({
      against: { name: 'live', difference: { onlyCandidate: 2, onlyLive: 0 } },
    });
    rmSync(at('data/rules/disk.ts'));
    expect(await run('replay', '--alert', 'none')).toMatchObject({ code: 2 });
  });
});

describe('check', () => {
  test('prints each problem with its place', async () => {
    const ran = await run('check', place);
    expect(ran.code).toBe(2);
    expect(ran.out).toContain(`${at('broken.ts')}:7:6: Property 'bye' does not exist`);
    expect(ran.out).toMatch(/throwing\.ts:8:\d+: in the query, column/);
    expect(ran.out).toMatch(/lower\.ts:4:1: there is a rule "disk" already, at .*disk\.ts:4: /);
    expect(await run('check', at('disk.ts'))).toMatchObject({
      code: 0,
      out: '',
      err: '1 file, 2 rules, 0 problems\n',
    });
  });
});

describe('test', () => {
  let folder: string;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const testing = "import { test, world } from 'territory/rules/test';\n";

  beforeAll(() => {
    folder = at('tests');
    mkdirSync(folder);
    write('disk.ts', disk(0.9).replace('./names.ts', '../names.ts'));
    write(
      'disk.test.ts',
      `${testing}
const alerts = (metric: number) => {
  const w = world('./disk.ts');
  w.at('0s', { name: 'disk', host: 'a', metric });
  return w.actions('alert').length;
};

test('a full disk', () => {
  if (alerts(0.95) !== 1) throw new Error('one alert expected');
});

test('in its time', async () => {
  await Promise.resolve();
  if (alerts(0.5) !== 0) throw new Error('no alert expected');
});
`,
    );
    write(
      'plain.test.ts',
      `${testing}const w = world('./disk.ts');\nw.advance('1m');\nif (w.decisions().length > 0) throw new Error('nothing happened');\n`,
    );
  });

  test('scripts and named tests; a rule file stands for the test beside it', async () => {
    const all = await run('test', folder);
    expect(all).toMatchObject({ code: 0, err: '' });
    expect(all.out).toMatch(
      /^✓ .*disk\.test\.ts \(2 tests, \d+ ms\)\n✓ .*plain\.test\.ts \(1 test, /,
    );
    expect(all.out).toContain('3 tests passed\n');
    const one = await runCli(['rules', 'test', 'disk.ts'], { cwd: folder });
    expect(one).toMatchObject({ code: 0, err: '' });
    expect(one.out).toContain('✓ disk.test.ts (2 tests');
    expect(await run('test', at('names.ts'))).toMatchObject({ code: 2 });
  });

  test('failures have the line of the TypeScript, and JUnit hears of all', async () => {
    write(
      'bad.test.ts',
      `${testing}
test('wrong <&> "so"', () => {
  const w: { n: number } = { n: 1 };
  if (w.n !== 2) throw new Error('\\u0001 two & <more>');
});
test('good', () => undefined);
test('without a rule', () => void world('./none.ts'));
`,
    );
    write('loop.test.ts', 'for (;;);\n');
    write('type.test.ts', 'const n: number = "text";\n');
    const ran = await run('test', folder, '--timeout', '3s', '--junit', join(folder, 'junit.xml'));
    for (const name of ['bad', 'loop', 'type']) rmSync(join(folder, `${name}.test.ts`));
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/bad\.test\.ts:5:24: wrong <&> "so": \\u0001 two & <more>\n/);
    expect(ran.out).toMatch(
      /bad\.test\.ts:8:\d+: without a rule: world\("\.\/none\.ts"\): there is/,
    );
    expect(ran.out).toContain('it was not done after 3 s and was stopped');
    expect(ran.err).toMatch(/type\.test\.ts:1:7: Type 'string' is not assignable/);
    expect(ran.out).toContain('4 tests passed, 3 failed, 1 file can not run\n');
    const xml = readFileSync(join(folder, 'junit.xml'), 'utf8');
    expect(xml).toContain('<testsuites name="territory rules" tests="8" failures="4"');
    expect(xml).toContain('name="wrong &lt;&amp;&gt; &quot;so&quot;"');
    expect(xml).toContain(':5:24: \uFFFD two &amp; &lt;more&gt;');
    expect(xml).toMatch(
      /<testcase classname=".*disk\.test\.ts" name="a full disk" time="\d\.\d{3}"\/>/,
    );
  });

  test('an error in the rule file is its place, and the end is not good', async () => {
    const good = readFileSync(join(folder, 'disk.ts'), 'utf8');
    write('disk.ts', good.replace('.by(', '.bye('));
    const broken = await run('test', join(folder, 'disk.ts'));
    write('disk.ts', good.replace("'metric >", "'metric >>"));
    const throwing = await run('test', join(folder, 'disk.ts'));
    write('disk.ts', good);
    expect(broken.code).toBe(2);
    expect(broken.err).toMatch(/^\/.*\/disk\.ts:7:6: Property 'bye' does not exist/);
    expect(throwing.code).toBe(1);
    expect(throwing.out).toMatch(/^\/.*\/disk\.ts:8:\d+: a full disk: in the query, column/m);
  });

  test('watching, a save is seen within a second', async () => {
    const watching = startCli(['rules', 'test', 'disk.ts', '--watch'], { cwd: folder });
    let out = '';
    watching.stdout?.on('data', (part: Buffer) => (out += part.toString()));
    await seen(watching, /waiting for a change/);
    expect(out).toContain('2 tests passed');
    const good = readFileSync(join(folder, 'disk.ts'), 'utf8');
    const saved = performance.now();
    write('disk.ts', good.replace('0.9', '0.99'));
    await vi.waitUntil(() => out.includes('1 test passed, 1 failed'), {
      timeout: 15_000,
      interval: 20,
    });
    const took = performance.now() - saved;
    write('disk.ts', good);
    await vi.waitUntil(() => out.split('2 tests passed').length > 2, {
      timeout: 15_000,
      interval: 20,
    });
    watching.kill('SIGINT');
    const [code] = (await once(watching, 'close')) as [number];
    expect(code).toBe(130);
    // A second on a quiet machine; tests are run on full ones.
    expect(took).toBeLessThan(5_000);
  });
});
