import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validateCDEvent } from '../../event/cdevents/validate.ts';
import { type RunningTerritory, startTerritory } from '../../server/compose/territory.ts';
import { loadConfig } from '../../server/config/load.ts';
import { type Ran, runHere } from '../running.suite.ts';

interface Fact {
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly source: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

let place: string;
let repository: string;
let territory: RunningTerritory;

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', repository, ...args], {
    encoding: 'utf8',
    env: { ...process.env, HOME: place, GIT_CONFIG_NOSYSTEM: '1' },
  }).trim();

/** Commits at a time of its own, as somebody with an odd name. */
function commit(message: string, time: number): string {
  const env = {
    ...process.env,
    GIT_AUTHOR_NAME: 'Zoë "Q" ☃',
    GIT_AUTHOR_EMAIL: 'zoe@example.org',
    GIT_COMMITTER_NAME: 'Zoë "Q" ☃',
    GIT_COMMITTER_EMAIL: 'zoe@example.org',
    GIT_AUTHOR_DATE: `@${time - 100} +0200`,
    GIT_COMMITTER_DATE: `@${time} +0200`,
  };
  const args = ['-C', repository, 'commit', '-q', '--allow-empty', '--allow-empty-message'];
  execFileSync('git', [...args, '-m', message], { env });
  return git('rev-parse', 'HEAD');
}

const run = (...args: readonly string[]): Promise<Ran> =>
  runHere(['import', 'git', repository, ...args], {
    env: { TERRITORY_URL: territory.url, TERRITORY_DATA: join(place, 'data') },
  });

const report = (ran: Ran): Record<string, unknown> =>
  JSON.parse(ran.out) as Record<string, unknown>;

async function facts(...args: readonly string[]): Promise<Fact[]> {
  const ran = await run('--dry-run', '--json', ...args);
  return ran.out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Fact);
}

const start = 1_600_000_000;
const trailers =
  'Co-authored-by: Ben <ben@example.org>\nChange-Id: I1\nSigned-off-by: Zoë <zoe@example.org>';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'territory-git-'));
  repository = join(place, 'my shop');
  execFileSync('git', ['init', '-q', '-b', 'main', repository]);
  git('config', 'user.name', 'x');
  git('config', 'user.email', 'x@example.org');
  git('remote', 'add', 'origin', 'https://ben:secret@git.example.org/acme/shop.git');
  writeFileSync(join(repository, 'ä "file"\n'), 'one\ntwo\n');
  git('add', '.');
  commit(`first: ünï\n\nA body with\ncommit-lines\n\n${trailers}`, start);
  git('checkout', '-q', '-b', 'side/ü');
  commit('', start + 10);
  git('tag', 'light');
  git('checkout', '-q', 'main');
  commit('on main', start + 20);
  git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side/ü');
  git('tag', '-a', 'v1.0', '-m', 'The first\n\nwith text');
  commit('from 1970', 86_400);
  commit('from 2099', 4_080_000_000);
  const loaded = loadConfig({
    flags: {
      data: join(place, 'data'),
      port: 0,
      logLevel: 'silent',
      'hostProbe.enabled': false,
      'intakes.enabled': false,
      'history.enabled': false,
    },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  territory = await startTerritory(loaded.config);
});

afterAll(async () => {
  await territory.close();
  rmSync(place, { recursive: true, force: true });
});

describe('import git', () => {
  test('takes commits, merges and tags once, and says what it leaves out', async () => {
    const counts = { commits: 4, merges: 1, tags: 2, tooOld: 1, inFuture: 1, refused: 0 };
    const source = 'https://git.example.org/acme/shop.git';
    const first = await run('--json');
    expect(first.code).toBe(0);
    expect(report(first)).toMatchObject({ ...counts, source, accepted: 7, duplicates: 0 });
    expect(first.err + first.out).not.toContain('secret');
    expect(report(await run('--json'))).toMatchObject({ ...counts, accepted: 0, duplicates: 7 });
    const again = await run();
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain('nothing new');
    expect(again.out).toContain('1 left out: dated before 1980');
  });

  test('what is new is added the next time', async () => {
    git('checkout', '-q', 'side/ü');
    commit('later', start + 1_000);
    expect(report(await run('--json'))).toMatchObject({ accepted: 1, duplicates: 7 });
  });

  test('a commit is told with its own times and words', async () => {
    const [first, unnamed] = await facts('--stat');
    const sha = git('rev-list', '--max-parents=0', 'main');
    expect(first).toMatchObject({
      id: `commit/${sha}`,
      type: 'dev.cdeventsx.territory-commit.created.0.1.0',
      time: start * 1000,
      subject: `commit/${sha}`,
      data: {
        parents: [],
        title: 'first: ünï',
        author: { name: 'Zoë "Q" ☃', time: new Date((start - 100) * 1000).toISOString() },
        trailers: { 'Change-Id': 'I1', 'Signed-off-by': 'Zoë' },
        stat: { files: 1, insertions: 2, deletions: 0 },
      },
    });
    expect(unnamed?.data).toMatchObject({ title: '', refs: ['refs/tags/light'] });
  });

  test('addresses are there only when asked for', async () => {
    expect(JSON.stringify(await facts())).not.toContain('@example.org');
    const [first] = await facts('--with-emails');
    expect(first?.data).toMatchObject({
      author: { email: 'zoe@example.org' },
      trailers: { 'Co-authored-by': 'Ben <ben@example.org>' },
    });
  });

  test('a merge is a CDEvent that its schema takes', async () => {
    const [merge, ...others] = (await facts()).filter(({ id }) => id.startsWith('merge/'));
    expect(others).toEqual([]);
    expect(merge?.type).toBe('dev.cdevents.change.merged.0.3.0');
    expect(validateCDEvent(merge?.data)).toEqual({ kind: 'valid' });
  });

  test('tags carry their commit, and an annotated one its own time', async () => {
    const tags = (await facts()).filter(({ id }) => id.startsWith('tag/'));
    const [light, annotated] = [git('rev-parse', 'light'), git('rev-parse', 'v1.0^{commit}')];
    expect(tags).toMatchObject([
      { id: `tag/light@${light}`, time: (start + 10) * 1000, data: { annotated: false } },
      { id: `tag/v1.0@${annotated}`, subject: `commit/${annotated}`, data: { title: 'The first' } },
    ]);
    expect(tags[1]?.time).toBeGreaterThan(1_700_000_000_000);
  });

  test('part of it: one branch, since a time', async () => {
    const side = await facts('--branch', 'side/ü');
    expect(side.map(({ data }) => data['title'])).toEqual(['first: ünï', '', 'later', '']);
    const since = new Date((start + 15) * 1000).toISOString();
    const recent = await facts('--branch', 'side/ü', '--since', since);
    expect(recent.map(({ data }) => data['title'])).toEqual(['later']);
  });

  test('a branch that looks like a flag is no flag', async () => {
    const ran = await run('--branch', '--output=/tmp/x', '--dry-run');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('TERR_CLI_GIT');
  });

  test('bare, shallow and empty repositories', async () => {
    const clone = (name: string, ...flags: readonly string[]): string => {
      const to = join(place, name);
      execFileSync('git', ['clone', '-q', ...flags, `file://${repository}`, to]);
      return to;
    };
    const dry = (path: string): Promise<Ran> => runHere(['import', 'git', path, '--dry-run']);
    expect((await dry(clone('bare', '--bare'))).out).toContain('5 commits, 1 merge, 2 tags');
    const shallow = await dry(clone('shallow', '--depth', '1', '--no-tags', '--single-branch'));
    expect(shallow.out).toContain('1 commit, 0 merges');
    expect(shallow.err).toContain('shallow clone');
    const empty = join(place, 'empty');
    execFileSync('git', ['init', '-q', empty]);
    expect(await dry(empty)).toMatchObject({ code: 0, out: '0 commits, 0 merges, 0 tags\n' });
  });
});

describe('a server that has no time', () => {
  let busy: Server;
  const bodies: string[] = [];

  beforeAll(async () => {
    // A stand-in, because a real server cannot be told when to be overloaded.
    busy = createServer((request, response) => {
      void buffer(request).then((body) => {
        bodies.push(body.toString());
        const last = bodies.length > 1;
        const answer = last
          ? { accepted: 2, duplicates: 0, refused: 0, errors: [] }
          : { type: '', title: 'busy', status: 503, code: 'TERR_LOG_BUSY' };
        response.writeHead(last ? 200 : 503, { 'retry-after': '0' }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => busy.close());

  test('gets the same events with the same ids again', async () => {
    const { port } = busy.address() as AddressInfo; // listens on TCP
    const ran = await runHere(['send'], {
      env: { TERRITORY_URL: `http://127.0.0.1:${port}` },
      input: '{"type":"metric"}\n{"type":"log"}\n',
    });
    expect(ran).toMatchObject({ code: 0, out: '2 accepted\n' });
    expect(ran.err).toContain('busy');
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[0]).toMatch(
      /^\{"id":"\S+-1","type":"metric"\}\n\{"id":"\S+-2","type":"log"\}\n$/,
    );
  });
});
