import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from '../../cli/running.suite.ts';
import { validateCDEvent } from '../../event/cdevents/validate.ts';
import type { Event } from '../../event/event.ts';
import { type Server, startServer } from '../../server/compose/running.suite.ts';
import { hasCommand } from '../nagios/installed.suite.ts';
import { tailed } from '../nagios/tailed.suite.ts';
import { Repositories } from './repository.suite.ts';

const second = 1_700_000_000;
const source = 'https://git.example.org/acme/shop.git';
const hasCurl = hasCommand('curl', 'curl');

/** Installs what the command prints, as its documentation says. */
async function install(
  repository: Repositories,
  url: string,
  { token, more = [] }: { readonly token: string; readonly more?: readonly string[] },
): Promise<void> {
  const tokenFile = join(repository.place, "a token's file");
  writeFileSync(tokenFile, `${token}\n`);
  const { out } = await runHere([
    'hook',
    'post-receive',
    '--url',
    url,
    '--token-file',
    tokenFile,
    '--repository',
    source,
    ...more,
  ]);
  writeFileSync(join(repository.bare, 'hooks/post-receive'), out, { mode: 0o755 });
}

const facts = (server: Server, count: number): Promise<Event[]> =>
  tailed(server, `source = "${source}"`, count);
const ids = (events: readonly Event[]): string[] => events.map(({ id }) => id);
/** Pushes that wait to be sent. */
const waiting = ({ bare }: Repositories): string[] => {
  const directory = join(bare, 'territory');
  return existsSync(directory)
    ? readdirSync(directory).filter((name) => name.startsWith('push.'))
    : [];
};

describe.skipIf(!hasCurl)('a push to a git server with the hook', () => {
  test('is told: commits, tags, branches, and what an import tells is the same', async () => {
    const server = await startServer();
    const repository = new Repositories();
    await install(repository, server.url, { token: server.token });
    const first = repository.commit('Begin', second);
    const odd = `Odd "$(touch ${repository.place}/owned)" \\n ☃ 'é'`;
    const next = repository.commit(
      `${odd}\n\nSee merge request acme/shop!45\n\nCard: ABC-12`,
      second + 10,
    );
    repository.git('tag', '-a', 'v1', '-m', 'One');
    const before = Date.now();
    repository.git('push', '-q', 'origin', 'main', 'v1');
    const told = await facts(server, 4);
    expect(ids(told)).toEqual([
      `commit/${first}`,
      `commit/${next}`,
      `branch-created/main@${next}`,
      `tag/v1@${next}`,
    ]);
    expect(told).toMatchObject([
      { time: second * 1000, type: 'dev.cdeventsx.territory-commit.created.0.1.0' },
      {
        time: (second + 10) * 1000,
        attributes: {
          'vcs.ref.head.name': 'main',
          'vcs.repository.url.full': 'https://git.example.org/acme/shop',
          'vcs.change.id': '45',
          'card.id': 'ABC-12',
        },
        data: { title: odd, parents: [first], ref: 'refs/heads/main' },
      },
      { subject: 'branch/main', data: { customData: { commits: 2 } } },
      { data: { tag: 'v1', annotated: true, title: 'One' } },
    ]);
    expect(told[2]?.time).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    expect(validateCDEvent(told[2]?.data)).toEqual({ kind: 'valid' });
    expect(JSON.stringify(told)).not.toContain('zoe@example.org');
    expect(existsSync(`${repository.place}/owned`)).toBe(false);
    await expect.poll(() => waiting(repository)).toEqual([]);

    const imported = await runHere(
      ['import', 'git', repository.bare, '--source', source, '--json'],
      {
        env: { TERRITORY_URL: server.url, TERRITORY_TOKEN: server.token },
      },
    );
    expect(JSON.parse(imported.out)).toMatchObject({ accepted: 0, duplicates: 3, refused: 0 });
    const dry = await runHere([
      'import',
      'git',
      repository.bare,
      '--source',
      source,
      '--dry-run',
      '--json',
    ]);
    const again = dry.out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event);
    for (const one of again) {
      expect(told.find(({ id }) => id === one.id)).toMatchObject(withoutRefs(one));
    }
  });

  test('sends of a new branch what is on no other, tells of force and of what is gone', async () => {
    const server = await startServer();
    const repository = new Repositories();
    await install(repository, server.url, { token: server.token });
    const first = repository.commit('Begin', second);
    repository.git('push', '-q', 'origin', 'main');
    await facts(server, 2);
    repository.git('checkout', '-q', '-b', 'side/ü');
    const side = repository.commit('Side', second + 10);
    repository.git('push', '-q', 'origin', 'side/ü', 'side/ü:copy');
    expect(new Set(ids(await facts(server, 5)).slice(2))).toEqual(
      new Set([`commit/${side}`, `branch-created/side/ü@${side}`, `branch-created/copy@${side}`]),
    );
    repository.git('reset', '-q', '--hard', first);
    const other = repository.commit('Other', second + 20);
    repository.git('push', '-q', '--force', 'origin', 'side/ü');
    const forced = (await facts(server, 7)).slice(5);
    expect(forced).toMatchObject([
      { id: `commit/${other}` },
      { id: `branch-updated/side/ü@${side}..${other}`, data: { forced: true, commits: 1 } },
    ]);
    repository.git('push', '-q', 'origin', '--delete', 'copy');
    expect((await facts(server, 8))[7]).toMatchObject({ id: `branch-deleted/copy@${side}` });
    repository.git('checkout', '-q', 'main');
    repository.git('merge', '-q', '--no-ff', '-m', 'Merge pull request #7 from side', 'side/ü');
    repository.git('push', '-q', 'origin', 'main');
    const merged = (await facts(server, 11)).slice(8);
    expect(merged.map(({ type }) => type)).toContain('dev.cdevents.change.merged.0.3.0');
    expect(merged.find(({ id }) => id.startsWith('merge/'))?.attributes).toMatchObject({
      'vcs.change.id': '7',
    });
  });

  test('succeeds at once without a server, and is told later', async () => {
    const repository = new Repositories();
    await install(repository, 'http://127.0.0.1:1', { token: 'none' });
    const first = repository.commit('Begin', second);
    repository.git('push', '-q', 'origin', 'main');
    expect(waiting(repository)).toHaveLength(1);
    const server = await startServer();
    await install(repository, server.url, { token: server.token });
    const next = repository.commit('Next', second + 10);
    repository.git('push', '-q', 'origin', 'main');
    expect(ids(await facts(server, 4)).sort()).toEqual(
      [
        `commit/${first}`,
        `branch-created/main@${first}`,
        `commit/${next}`,
        `branch-updated/main@${first}..${next}`,
      ].sort(),
    );
  });

  test('is bounded', async () => {
    const server = await startServer();
    const repository = new Repositories();
    await install(repository, server.url, { token: server.token });
    const script = join(repository.bare, 'hooks/post-receive');
    writeFileSync(
      script,
      readFileSync(script, 'utf8').replace(/^max_commits=.*$/m, 'max_commits=3'),
    );
    for (let i = 0; i < 6; i++) repository.commit(`Commit ${i}`, second + i);
    repository.git('push', '-q', 'origin', 'main');
    const told = await facts(server, 5);
    expect(told.slice(0, 4).map(({ data }) => (data as { title: string }).title)).toEqual([
      'Commit 2',
      'Commit 3',
      'Commit 4',
      'Commit 5',
    ]);
    expect(told[4]).toMatchObject({ data: { customData: { commits: 4, truncated: true } } });
  });
});

/** What points at a commit is not the same at another time. */
function withoutRefs(event: Event): object {
  const { refs: _, ...data } = event.data as Record<string, unknown>;
  return { ...event, data };
}

describe('the script', () => {
  test('is one that a POSIX shell can read', async () => {
    const { out } = await runHere([
      'hook',
      'post-receive',
      '--url',
      'http://x',
      '--token-file',
      '/t',
      '--repository',
      'https://a:b@x/it%27s',
    ]);
    for (const shell of ['dash', 'bash'])
      expect(spawnSync(shell, ['-n'], { input: out }).stderr.toString()).toBe('');
    expect(out).not.toContain('a:b@');
    expect(
      execFileSync('sh', ['-c', `${/^url=.*$/m.exec(out)?.[0] ?? ''}; echo $url`]).toString(),
    ).toBe('http://x/git/post-receive\n');
  });

  test('needs an absolute token file', async () => {
    const ran = await runHere(['hook', 'post-receive', '--token-file', 'token']);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.err).toContain('absolute');
  });
});
