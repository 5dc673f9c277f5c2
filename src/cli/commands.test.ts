import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Ran, buildForTests, runCli, runHere, seen, startCli } from './running.suite.ts';

/** One server for all: its own process, started as people start it. */
let place: string;
let server: ChildProcess;
let url: string;
let said: string;

const at = (name: string): string => join(place, name);
const ownEnv = (): Record<string, string> => ({ TERRITORY_URL: url, TERRITORY_DATA: at('data') });

const run = (args: readonly string[], env = {}, input = ''): Promise<Ran> =>
  runHere(args, { env: { ...ownEnv(), ...env }, input });

const jsonOf = (ran: Ran): Record<string, unknown> => {
  expect(ran).toMatchObject({ code: 0 });
  return JSON.parse(ran.out) as Record<string, unknown>;
};

async function serve(first: boolean): Promise<void> {
  const args = ['serve', '--data', 'data', '--port', '0', '--hostProbe.enabled', 'off'];
  server = startCli([...args, '--introspection.interval', '1h', '--logLevel', 'warn'], {
    cwd: place,
  });
  const match = await seen(server, first ? /at (http:\S+)\n(Sign in.*)\n/ : /at (http:\S+)\n/);
  url = match[1] ?? '';
  said = match[2] ?? '';
}

/** History follows the log a moment later. */
async function inHistory(where: string, count: number): Promise<void> {
  const token = readFileSync(at('data/admin.token'), 'utf8').trim();
  await vi.waitUntil(
    async () => {
      const response = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ where, aggregate: 'count', from: 0, to: Date.now() + 1000 }),
      });
      return response.ok && ((await response.json()) as { total: number }).total === count;
    },
    { timeout: 15_000, interval: 100 },
  );
}

buildForTests();

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'territory-cli-'));
  await serve(true);
});

afterAll(async () => {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  rmSync(place, { recursive: true, force: true });
});

describe('send, query and tail', () => {
  test('a reading from flags is counted, drawn and listed', async () => {
    const label = ['--label', 'queue=mail', '--label', 'odd key=a=b', '--tag', 'x'];
    const flags = ['--name', 'depth', '--metric', '12.5', '--service', 'web', ...label];
    expect(await run(['send', 'metric', ...flags, '--data', '{"a":[1]}'])).toMatchObject({
      code: 0,
      out: '1 accepted\n',
      err: '',
    });
    await inHistory('name = "depth"', 1);
    const ask = ['query', 'name = "depth"', '--last', '1h'];
    const total = jsonOf(
      await run([...ask, '--aggregate', 'mean', '--by', 'queue,service', '--json']),
    );
    expect(total).toMatchObject({
      total: 12.5,
      matched: 1,
      series: [{ labels: { queue: 'mail', service: 'web' }, total: 12.5 }],
    });
    const table = await run([...ask, '-a', 'max', '--by', 'queue', '--every', '5m']);
    expect(table.out).toMatch(/^queue +max +course$/m);
    expect(table.out).toMatch(/^mail +12\.5 +▅$/m);
    const listed = jsonOf(await run([...ask, '--json']));
    expect(listed['events']).toMatchObject([
      { tags: ['x'], attributes: { queue: 'mail', 'odd key': 'a=b' }, data: { a: [1] } },
    ]);
  });

  test('no data is said, not 0', async () => {
    const ask = ['query', 'name = "never"', '--aggregate', 'mean', '--last', '1h'];
    expect(jsonOf(await run([...ask, '--json']))['total']).toBeNull();
    expect((await run(ask)).out).toContain('no data');
  });

  test('lines from stdin: refused ones are told by number, the others are taken', async () => {
    const input =
      '{"type":"metric","name":"in","metric":1}\n\nbroken\n{"type":"metric","metric":"x"}\n';
    const ran = await run(['send', '--json'], {}, input);
    expect(ran.code).toBe(5);
    const report = JSON.parse(ran.out) as { errors: unknown[] };
    expect(report).toMatchObject({ accepted: 1, duplicates: 0, refused: 2 });
    expect(report.errors).toMatchObject([
      { line: 3, code: 'TERR_EVENT_JSON' },
      { line: 4, field: 'metric' },
    ]);
  });

  test('a file sent again under the same ids is a no-op', async () => {
    const lines = Array.from(
      { length: 7_000 },
      (_, n) => `{"type":"metric","name":"f","metric":${n}}`,
    );
    writeFileSync(at('f.ndjson'), `${lines.join('\n')}\n`);
    const args = ['send', '--file', at('f.ndjson'), '--ids', 'f-', '--json'];
    expect(jsonOf(await run(args))).toMatchObject({ accepted: 7_000, duplicates: 0 });
    expect(jsonOf(await run(args))).toMatchObject({ accepted: 0, duplicates: 7_000 });
  });

  test('an array is sent by items', async () => {
    const ran = await run(['send', '--json'], {}, '[{"type":"metric"},\n{"nope":1}]');
    expect(ran.code).toBe(5);
    expect(JSON.parse(ran.out)).toMatchObject({ accepted: 1, errors: [{ index: 1 }] });
  });

  test('tail shows what was and what comes, and ends after its limit', async () => {
    await run(['send', 'log', '--name', 'tailed', '--data', 'first\u001b[2J']);
    const args = ['tail', 'name = "tailed"', '--since', 'start', '--limit', '2', '--readings'];
    const child = startCli(args, {
      env: ownEnv(),
    });
    const closed = once(child, 'close');
    // Control characters of a payload do not reach the terminal.
    await seen(child, /log {2}tailed {2}first\\u001b\[2J/);
    await run(['send', 'log', '--name', 'tailed', '--data', 'second']);
    expect((await closed)[0]).toBe(0);
  });

  test('a reader that goes away ends a command quietly', async () => {
    const child = startCli(['tail', '--since', 'start', '--json'], {
      env: ownEnv(),
    });
    await seen(child, /"type"/);
    const closed = once(child, 'exit');
    child.stdout?.destroy();
    await run(['send', 'log']);
    expect((await closed)[0]).toBe(0);
  });

  test('Ctrl-C ends a command with 130', async () => {
    const child = startCli(['tail', '--since', 'start'], {
      env: ownEnv(),
    });
    await seen(child, /metric/);
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).toBe(130);
  });
});

describe('tokens and users', () => {
  test('a token is printed once, works for what it may, and not once revoked', async () => {
    const created = await run(['token', 'create', 'ci', '--may', 'send', '--expires', '1d']);
    const TERRITORY_TOKEN = created.out.trim();
    expect(created.err).not.toContain(TERRITORY_TOKEN);
    expect((await run(['send', 'log'], { TERRITORY_TOKEN })).code).toBe(0);
    const asked = await run(['query'], { TERRITORY_TOKEN });
    expect(asked.code).toBe(4);
    expect(asked.err).toMatch(/TERR_ACCOUNTS_FORBIDDEN, HTTP 403/);
    expect((await run(['token', 'list'])).out).toMatch(/ci +send +anything/);
    expect((await run(['token', 'revoke', 'ci'])).code).toBe(0);
    expect((await run(['send', 'log'], { TERRITORY_TOKEN })).code).toBe(4);
  });

  test('users are made, changed and shown; a password is never shown unless it was generated', async () => {
    const made = await run(['user', 'create', 'ada', '--role', 'viewer', '--generate']);
    expect(made).toMatchObject({ code: 0, err: 'created ada, viewer\n' });
    expect(made.out).toMatch(/^\S{24}\n$/);
    const given = await run(
      ['user', 'password', 'ada', '--password-stdin'],
      {},
      'a long password\n',
    );
    expect(given).toMatchObject({ code: 0, out: '' });
    expect((await run(['user', 'password', 'ada', '--password-stdin'], {}, 'short')).code).toBe(2);
    expect((await run(['user', 'create', 'ada', '--generate'])).code).toBe(2);
    expect((await run(['user', 'create', 'ben'])).err).toContain('--password-stdin or --generate');
    await run(['user', 'role', 'ada', 'gatekeeper']);
    await run(['user', 'disable', 'ada']);
    expect((await run(['user', 'list'])).out).toMatch(/ada +gatekeeper +disabled/);
  });

  test('no command says the token that it uses', async () => {
    const secret = readFileSync(at('data/admin.token'), 'utf8').trim();
    for (const args of [
      ['query', '--limit', '1'],
      ['token', 'list'],
      ['doctor', '--data', at('data')],
    ]) {
      const { code, out, err } = await run([...args, '--verbose']);
      expect(code).toBe(0);
      expect(out + err).not.toContain(secret);
      expect(out + err).not.toContain(secret.slice(4, 20));
    }
  });
});

describe('exit codes', () => {
  const cases: readonly [name: string, args: string[], code: number, says: string][] = [
    ['an unknown flag', ['query', '--nope'], 2, '--nope'],
    ['an unknown command', ['tial'], 2, 'tail'],
    ['a broken query', ['query', 'a = '], 2, 'TERR_WHERE_SYNTAX, HTTP 400'],
    ['a broken query of a tail', ['tail', 'a ='], 2, 'line 1, column'],
    ['a time that is none', ['tail', '--since', 'soon'], 2, '--since'],
    ['a file that is not there', ['send', '--file', 'nope'], 2, 'TERR_CLI_INPUT'],
    ['no server', ['query', '--url', 'http://127.0.0.1:9'], 3, 'territory serve'],
    ['no Territory', ['query', '--url', 'ftp://x'], 2, '--url'],
    ['no token file', ['query', '--token-file', 'nope'], 4, 'TERR_CLI_TOKEN'],
    ['an unknown token', ['token', 'revoke', 'nope'], 2, 'token list'],
    ['no repository', ['import', 'git', '/'], 2, 'TERR_CLI_GIT'],
    ['no log to export', ['export', '--data', '/nowhere', '--out', '/x'], 1, 'TERR_LOG_ABSENT'],
  ];
  test.each(cases)('%s', async (_, args, code, says) => {
    const ran = await run(args);
    expect(ran.err).toContain(says);
    expect(ran).toMatchObject({ code, out: '' });
  });

  test.each([
    ['a data directory in use', ['--data', 'data', '--port', '0'], 'TERR_LOG_LOCKED'],
    ['a public address', ['--data', 'other', '--host', '0.0.0.0'], 'TERR_START_PUBLIC'],
  ])('a refused start: %s', async (_, args, says) => {
    const ran = await runCli(['serve', ...args], { cwd: place });
    expect(ran.err).toContain(says);
    expect(ran).toMatchObject({ code: 6, out: '' });
  });

  test('nothing taken', async () => {
    const ran = await run(['send', 'metric', '--time', '12']);
    expect(ran).toMatchObject({ code: 2, out: '0 accepted, 1 refused\n' });
    expect(ran.err).toContain('TERR_EVENT_TIME');
  });

  test('a wrong token', async () => {
    const ran = await run(['query'], { TERRITORY_TOKEN: 'tty_wrong' });
    expect(ran).toMatchObject({ code: 4, out: '' });
    expect(ran.err).not.toContain('tty_wrong');
  });

  test('a configuration with mistakes: each with its line and column', async () => {
    writeFileSync(at('bad.yaml'), 'port: 99999\nlog:\n  retentoin:\n    age: 7d\n');
    const ran = await run(['serve', '--config', at('bad.yaml')]);
    expect(ran.code).toBe(6);
    expect(ran.err).toContain('bad.yaml:1:7');
    expect(ran.err).toContain('did you mean log.retention');
  });
});

describe('doctor', () => {
  test('finds nothing wrong with a running server', async () => {
    const port = new URL(url).port;
    const ran = await run(['doctor', '--data', at('data'), '--port', port, '--json']);
    const { ok, findings } = jsonOf(ran) as { ok: boolean; findings: { message: string }[] };
    expect(ok).toBe(true);
    const messages = findings.map(({ message }) => message).join('\n');
    expect(messages).toContain(`process ${server.pid} writes it`);
    expect(messages).toContain(`answers at 127.0.0.1:${port}`);
  });

  test('finds planted faults and says what to do', async () => {
    const data = at('ill');
    mkdirSync(join(data, 'log'), { recursive: true });
    writeFileSync(join(data, 'admin.token'), 'tty_x', { mode: 0o644 });
    chmodSync(join(data, 'admin.token'), 0o644);
    writeFileSync(join(data, 'accounts.json'), '{"version":9}', { mode: 0o600 });
    writeFileSync(join(data, 'log/data.mdb'), 'no database');
    writeFileSync(join(data, 'log/quarantine-facts-3.bin'), '');
    const ran = await run(['doctor', '--data', at('ill')]);
    expect(ran.code).toBe(1);
    for (const found of [
      /WRONG +secrets: \S+admin.token has mode 0644[^\n]*\n +→ chmod 600/,
      /WRONG +accounts: [^\n]+\n +→ put back accounts.json/,
      /WARNING log: damaged records were cut off[^\n]*\n +→ check the disk/,
      /WRONG +log: [^\n]+\n +→ /,
    ])
      expect(ran.out).toMatch(found);
  });

  test('a configuration that is wrong, by line and column', async () => {
    writeFileSync(at('ill.yaml'), 'port: 7070\nhost: [1]\n');
    const ran = await run(['doctor', '--config', at('ill.yaml')]);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/WRONG +configuration: \S+ill\.yaml:2:7: host must be/);
  });

  test('a data directory that is a file', async () => {
    writeFileSync(at('file'), '');
    const ran = await run(['doctor', '--data', at('file')]);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('is no directory');
  });
});

test('completion scripts are scripts, and know the commands', async () => {
  const bash = await run(['completion', 'bash']);
  execFileSync('bash', ['-n'], { input: bash.out });
  const typed = `${bash.out}\nCOMP_WORDS=(territory import git --s); COMP_CWORD=3; _territory; echo "\${COMPREPLY[@]}"`;
  expect(execFileSync('bash', { input: typed, encoding: 'utf8' }).trim().split(' ')).toEqual([
    '--since',
    '--stat',
    '--service',
    '--source',
  ]);
  expect((await run(['completion', 'fish'])).out).toContain('complete -c territory');
});

test('serve prints its link once, ends in order on SIGTERM, and everything is there again', async () => {
  expect(said).toMatch(/Sign in as the first admin \(good once\): http:\S+sign-in#token=/);
  await run(['send', 'dev.cdeventsx.acme-x.done.0.1.0', '--id', 'kept', '--source', '/me']);
  server.kill('SIGTERM');
  expect((await once(server, 'exit'))[0]).toBe(0);
  await serve(false);
  const tail = await run(['tail', 'source = "/me"', '--since', 'start', '--limit', '1', '--json']);
  expect(JSON.parse(tail.out)).toMatchObject({ id: 'kept', stream: 'facts' });
});
