import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkStateOf } from '../run/result.ts';
import { type Plugin, pluginResult, runPlugin } from './plugin.ts';
import { type Ended, mostOutput } from './spawn.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'territory-plugin-'));
});
afterAll(() => rm(place, { recursive: true }));

const never = new AbortController().signal;
const plugin = (command: readonly string[], timeout = 10_000): Plugin => ({
  name: 'it',
  command,
  timeout,
  line: 4,
});
const run = (command: readonly string[], timeout?: number) =>
  runPlugin(plugin(command, timeout), never, { folder: place });

/** A program of a few lines of shell. */
async function script(name: string, text: string): Promise<string> {
  const path = join(place, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

const printed = (text: string, ended: Ended = { how: 'code', code: 0 }) => ({
  ended,
  stdout: Buffer.from(text),
  stderr: Buffer.alloc(0),
  isCut: false,
});

describe('what a plugin says', () => {
  const told = (text: string, ended?: Ended) =>
    pluginResult(plugin(['check_x', '-w', '1']), printed(text, ended), { lagMs: 3, seconds: 0.5 });

  test.each([
    ['OK - fine', { how: 'code', code: 0 }, 'ok', undefined],
    ['SLOW', { how: 'code', code: 1 }, 'warning', 'SLOW'],
    ['DOWN | a=1\nmore', { how: 'code', code: 2 }, 'critical', 'DOWN\nmore'],
    ['WHO KNOWS', { how: 'code', code: 3 }, 'unknown', 'WHO KNOWS'],
    ['', { how: 'code', code: 2 }, 'critical', 'it printed nothing'],
    [
      'usage',
      { how: 'code', code: 64 },
      'unknown',
      'it ended with 64, which is no code of a plugin: usage',
    ],
    ['', { how: 'signal', signal: 'SIGSEGV' }, 'unknown', 'it was ended by SIGSEGV'],
    ['half', { how: 'late' }, 'unknown', 'it did not end within 10 s: half'],
  ] as const)('%j, %j', (text, ended, state, message) => {
    const result = told(text, ended);
    expect(checkStateOf(result)).toBe(state);
    expect(result.warning ?? result.failure?.message).toBe(message);
    expect(result).toMatchObject({ name: 'it', attempts: 1, lagMs: 3, seconds: 0.5 });
    expect(result.steps).toMatchObject([{ text: 'check_x -w 1', line: 4 }]);
  });

  test.each([
    [
      'time=3ms;5;10;0;60000',
      { value: 0.003, unit: 's', warning: 0.005, critical: 0.01, min: 0, max: 60 },
    ],
    ['/=2MiB;3;4', { value: 2_097_152, unit: 'B', warning: 3_145_728, critical: 4_194_304 }],
    ['sent=12KB', { value: 12_000, unit: 'B' }],
    ['rx=7c', { value: 7, unit: 'c' }],
    ['load=0,5;1:;~:2', { value: 0.5, unit: '', critical: 2 }],
    ['users=3;@1:2;5:9', { value: 3, unit: '', critical: 9 }],
    ['fan=900rpm', { value: 900, unit: '' }],
  ])('%s', (text, value) => {
    const { performance } = told(`OK|${text} none=U nonsense`);
    expect(performance).toEqual([{ label: text.split('=')[0], ...value }]);
  });

  test('a value that was cut is none', () => {
    const cut = { ...printed('OK|a=12 b=3'), isCut: true };
    const taken = { lagMs: 0, seconds: 1 };
    expect(pluginResult(plugin(['x']), cut, taken).performance).toEqual([
      { label: 'a', value: 12, unit: '' },
    ]);
  });
});

describe('a program', () => {
  test('gets its words as they are, an environment without ours, and the folder', async () => {
    vi.stubEnv('TERRITORY_TOKEN', 's3cret');
    const path = await script('words', 'echo "$#: $1 $2 in $PWD, $LC_ALL"; env; exit 2');
    const { failure } = await run(['./words', '$(id)', "a 'b' | c"]);
    vi.unstubAllEnvs();
    expect(failure?.message).toContain(`2: $(id) a 'b'`);
    expect(failure?.message).not.toContain('s3cret');
    expect((await run([path, 'x'])).failure?.message).toContain(`1: x  in ${place}, C.UTF-8`);
  });

  test.each([
    [
      'one that is not there',
      ['./nowhere'],
      'it can not be started: there is no program ./nowhere',
    ],
    ['one that may not be run', ['./plain'], 'it can not be started: ./plain may not be run'],
    ['none', [], 'it can not be started: '],
    ['one with a NUL', ['a\0b'], 'it can not be started: '],
  ])('%s is unknown', async (_, command, message) => {
    await writeFile(join(place, 'plain'), 'x');
    const result = await run(command);
    expect(result.state).toBe('unknown');
    expect(result.failure?.message).toContain(message);
  });

  test('that is late is ended, with all that it started, also when it does not listen', async () => {
    await script(
      'hangs',
      `trap '' TERM\nsleep 300 & echo $! > child\necho half; while :; do sleep 1; done`,
    );
    const result = await run(['./hangs'], 300);
    expect(result.failure).toMatchObject({
      kind: 'time',
      message: 'it did not end within 0.3 s: half',
    });
    const child = Number(await readFile(join(place, 'child'), 'utf8'));
    await vi.waitFor(() => expect(existsSync(`/proc/${child}`) && !isZombie(child)).toBe(false));
  });

  test('that leaves another behind ends without it', async () => {
    await script('leaves', 'sleep 300 & echo "OK - left one|a=1"');
    const started = performance.now();
    expect(await run(['./leaves'])).toMatchObject({ state: 'passed', performance: [{ value: 1 }] });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('that never stops printing is kept in bounds', async () => {
    await script('prints', 'echo OK; yes "a line that is repeated"');
    const result = await run(['./prints'], 500);
    expect(result.failure?.kind).toBe('time');
    await script('much', 'printf "OK|"; yes "abc=1" | head -n 100000 | tr "\\n" " "');
    const { performance: values } = await run(['./much']);
    // The reader of performance data has a bound of its own, below what fits.
    expect(mostOutput / 'abc=1 '.length).toBeGreaterThan(values.length);
    expect(values.length).toBeGreaterThan(200);
  });

  test('is stopped', async () => {
    const stop = new AbortController();
    const running = runPlugin(plugin(['sleep', '300']), stop.signal);
    stop.abort();
    expect((await running).failure?.message).toBe('it was stopped before it came to an end');
    expect((await runPlugin(plugin(['sleep', '300']), stop.signal)).state).toBe('unknown');
  });
});

const isZombie = (pid: number): boolean => {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const hasPlugins = existsSync('/usr/lib/nagios/plugins/check_dummy');
if (!hasPlugins) process.stderr.write('skipped: no plugins (Debian: monitoring-plugins-basic)\n');

describe.skipIf(!hasPlugins)('real plugins', () => {
  test.each([
    ['0', 'ok', 'OK'],
    ['1', 'warning', 'WARNING: hello'],
    ['2', 'critical', 'CRITICAL: hello'],
    ['3', 'unknown', 'UNKNOWN: hello'],
    ['4', 'unknown', 'UNKNOWN: Status 4 is not a supported error state'],
  ])('check_dummy %s', async (code, state, message) => {
    const result = await run(['check_dummy', code, 'hello']);
    expect(checkStateOf(result)).toBe(state);
    expect(result.warning ?? result.failure?.message ?? 'OK').toBe(message);
  });

  test('check_http against a server, and against nobody', async () => {
    const server = createServer((_, answer) => answer.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // it listens on a port
    const command = ['check_http', '-H', '127.0.0.1', '-p', String(port), '-w', '5', '-c', '8'];
    expect(await run(command)).toMatchObject({
      state: 'passed',
      performance: [
        { label: 'time', unit: 's', value: expect.any(Number), warning: 5, critical: 8, min: 0 },
        { label: 'size', unit: 'B', value: expect.any(Number), min: 0 },
      ],
    });
    expect((await run([...command, '-s', 'bye'])).failure?.message).toContain('bye');
    server.close();
    server.closeAllConnections();
    const nobody = await run(command);
    expect(checkStateOf(nobody)).toBe('critical');
    expect(nobody.failure?.message).toMatch(/refused/);
  });

  test('check_disk, check_procs and check_load measure', async () => {
    const all = await Promise.all([
      run(['check_disk', '-w', '1%', '-c', '1%', '-p', '/']),
      run(['check_procs', '-w', '1:100000']),
      run(['check_load', '-w', '1000,1000,1000', '-c', '2000,2000,2000']),
    ]);
    expect(all.map(({ performance: [first] }) => [first?.label, first?.unit])).toEqual([
      ['/', 'B'],
      ['procs', ''],
      ['load1', ''],
    ]);
    expect(all[2].performance[0]).toMatchObject({ warning: 1000, critical: 2000, min: 0 });
  });
});
