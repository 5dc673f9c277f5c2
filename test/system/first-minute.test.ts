import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SeriesAnswer, Session } from '../../src/server/api/contract.ts';
import { until } from './api.suite.ts';
import { type Server, runTerritory, scratch, serve, spawnTerritory } from './server.suite.ts';

const often = ['--hostProbe.interval', '1s', '--introspection.interval', '1s'];
const permissions = (path: string): number => statSync(path).mode & 0o777;

/** What a person has in the shell. */
const shell = (server: Server) => ({
  TERRITORY_URL: server.url,
  TERRITORY_TOKEN: server.token,
});

test("the newcomer's first minute, and the second start", async () => {
  const dir = join(scratch(), 'not', 'there', 'yet');
  const server = await serve({ dir, flags: often });
  onTestFinished(async () => void (await server.stop('SIGKILL')));

  // It says where it is, and how to sign in; the token is for its owner alone.
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await until(() => server.printed().includes('#token='), 5, 'it printed the link');
  const link = /first admin \(good once\): (\S+)\/sign-in#token=(\S+)/.exec(server.printed());
  expect(link?.[1]).toBe(server.url);
  expect(permissions(join(dir, 'admin.token'))).toBe(0o600);
  expect(permissions(dir)).toBe(0o700);
  await signInOnce(server, link?.[2] ?? '');

  // An event by hand is on an open tail.
  const tail = await server.tail(`?where=${encodeURIComponent('type = "hello"')}`);
  const sent = performance.now();
  const hello = await server.send('{"type":"hello","service":"shop","metric":42}');
  expect(hello.json).toEqual({ accepted: 1, duplicates: 0, refused: 0, errors: [] });
  await until(() => tail.seen.length === 1, 5, 'the event was on the tail');
  expect(tail.seen[0]?.event).toMatchObject({ service: 'shop', metric: 42 });
  expect((tail.seen[0]?.at ?? Infinity) - sent).toBeLessThan(2_000);
  tail.close();

  // The machine's readings and Territory's own are there to be charted.
  await server.caughtUp(30);
  for (const where of ['source = "/host-probe"', 'source = "/territory"'])
    await until(
      async () =>
        ((await server.series({ where, aggregate: 'count', last: '1h' })).total ?? 0) > 20,
      20,
      where,
    );
  const { kinds } = await server.catalogue();
  const names = kinds.name?.entries.map(({ value }) => value) ?? [];
  expect(names).toEqual(expect.arrayContaining(['system.cpu.utilization', 'territory.log.events']));

  await importTwice(server);

  // Ctrl-C or SIGTERM: all is put away in order, also when somebody watches.
  const watching = await server.tail();
  const before = await factsOf(server);
  const ended = await server.stop('SIGTERM');
  await watching.ended;
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.ms).toBeLessThan(15_000);
  const lines = server
    .logged()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const trouble = lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 40);
  expect(trouble).toEqual([]);
  expect(lines.at(-1)).toContain('"stopped"');

  // The second start: the same token, the same facts.
  const again = await serve({ dir, flags: often });
  onTestFinished(async () => void (await again.stop('SIGKILL')));
  expect(again.token).toBe(server.token);
  await again.caughtUp(30);
  expect(await factsOf(again)).toEqual(before);
  expect((await again.stop()).code).toBe(0);
}, 120_000);

test('the second signal ends it at once, and what was acknowledged is there all the same', async () => {
  const server = await serve();
  const answer = await server.send({ id: 'kept', type: 'last-words' });
  expect(answer.status).toBe(200);
  process.kill(server.pid, 'SIGTERM');
  await until(() => server.logged().includes('again to stop at once'), 10, 'it has heard');
  const ended = await server.stop('SIGTERM');
  expect(ended.signal).toBeNull();
  expect(ended.ms).toBeLessThan(10_000);
  const again = await serve({ dir: server.dir });
  onTestFinished(async () => void (await again.stop('SIGKILL')));
  await again.caughtUp(30);
  const kept = await again.events({ where: 'type = "last-words"', last: '1h' });
  expect(kept.map(({ id }) => id)).toEqual(['kept']);
}, 60_000);

test('a client of the command line sees on `tail` what another one sends', async () => {
  const server = await serve();
  onTestFinished(async () => void (await server.stop('SIGKILL')));
  const env = shell(server);
  const { child, text } = spawnTerritory(
    ['tail', '--json', '--limit', '1', '--since', 'start', 'service = "desk"'],
    { env },
  );
  const send = ['send', 'greeting', '--service', 'desk', '--metric', '7', '--tag', 'b'];
  expect((await runTerritory(send, env)).code).toBe(0);
  await until(() => child.exitCode !== null, 20, 'the tail ended');
  expect(JSON.parse(text.out)).toMatchObject({ type: 'greeting', metric: 7 });
}, 60_000);

/** The link's code makes a session, once. */
async function signInOnce(server: Server, token: string): Promise<void> {
  const signIn = () =>
    server.request<Session>('/api/v1/session', {
      method: 'POST',
      body: JSON.stringify({ token }),
      headers: { 'content-type': 'application/json', authorization: '' },
    });
  const first = await signIn();
  expect([first.status, first.json.role]).toEqual([200, 'admin']);
  expect(first.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=(Strict|Lax)/i);
  expect((await signIn()).status).toBe(401);
}

async function importTwice(server: Server): Promise<void> {
  const repository = smallRepository();
  const env = shell(server);
  const first = await runTerritory(['import', 'git', repository, '--json'], env);
  expect([first.code, JSON.parse(first.out)]).toMatchObject([
    0,
    { commits: 3, tags: 1, accepted: 4, duplicates: 0 },
  ]);
  const second = await runTerritory(['import', 'git', repository, '--json'], env);
  expect(JSON.parse(second.out)).toMatchObject({ accepted: 0, duplicates: 4 });

  await server.caughtUp(30);
  const range = ['--from', '2024-01-01T00:00:00Z', '--to', '2025-01-01T00:00:00Z', '--json'];
  const where = 'type =~ "dev.cdeventsx.territory-commit.created%"';
  const query = await runTerritory(['query', where, '--aggregate', 'count', ...range], env);
  expect(query.code).toBe(0);
  const answer = JSON.parse(query.out) as SeriesAnswer;
  expect(answer.total).toBe(3);
}

/** Three commits and a tag, of days in 2024. */
function smallRepository(): string {
  const dir = join(scratch(), 'shop');
  mkdirSync(dir);
  const git = (args: readonly string[], day = 1): void => {
    const date = `2024-03-0${day}T10:00:00Z`;
    const who = { NAME: 'Ada', EMAIL: 'ada@example.org', DATE: date };
    const env = Object.fromEntries(
      Object.entries(who).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    );
    const own = { ...process.env, ...env, GIT_CONFIG_GLOBAL: '/dev/null', HOME: dir };
    execFileSync('git', ['-C', dir, ...args], { env: own, stdio: 'ignore' });
  };
  git(['init', '-q', '-b', 'main']);
  for (const day of [1, 2, 3]) {
    writeFileSync(join(dir, 'file'), `line of day ${day}\n`);
    git(['add', '.'], day);
    git(['commit', '-q', '-m', `shop: change of day ${day}`], day);
  }
  git(['tag', '-a', 'v1', '-m', 'the first'], 3);
  return dir;
}

async function factsOf(server: Server): Promise<string[]> {
  const facts = await server.events({
    where: 'type =~ "dev.cdeventsx.%"',
    from: '2024-01-01T00:00:00Z',
    to: Date.now() + 60_000,
  });
  return facts.map(({ stream, offset, id, type }) => `${stream} ${offset} ${id} ${type}`);
}
