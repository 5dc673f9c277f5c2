import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { facts, sha, story } from '../../rooms/thread/thread.suite.ts';
import { type Server, dataDir, startServer } from '../compose/running.suite.ts';
import { Thread } from './contract-thread.ts';

/** What alerts suspect is told by the room of alerts itself, so that the rest of the story is sent. */
const sent = facts(story)
  .filter(({ type }) => !type.includes('alert'))
  .map((fact) => ({ ...fact, stream: undefined, offset: undefined, received: undefined }));

const withoutAge = ({ edges }: Thread) => edges.map((edge) => ({ ...edge, age: 0 }));

async function threadOf(server: Server, of: string, more = ''): Promise<Thread> {
  const response = await server.ask(`/api/v1/thread?of=${encodeURIComponent(of)}${more}`);
  const answer: unknown = await response.json();
  if (!Value.Check(Thread, answer)) throw new Error(JSON.stringify(answer));
  return answer;
}

async function ready(server: Server): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- polling is all that health offers
    const { parts } = (await (await server.ask('/healthz')).json()) as {
      parts: Record<string, string>;
    };
    if (parts['threads'] === 'ok') return;
  }
}

test('a thread is told with its evidence, whatever order the facts came in', async () => {
  const server = await startServer();
  expect((await server.send(sent.toReversed())).status).toBe(200);
  const thread = await threadOf(server, sha('a').slice(0, 8));
  expect(thread.matches).toMatchObject([{ key: `commit/${sha('a')}`, kind: 'commit' }]);
  expect(thread.things.filter(({ side }) => side === 'up')).toMatchObject([
    { kind: 'ticket', name: 'github.com/acme/shop#7' },
  ]);
  expect(thread.things.find(({ kind }) => kind === 'commit')).toMatchObject({
    title: 'Change aaaa',
  });
  const built = thread.edges.find(({ kind }) => kind === 'produced');
  expect(built).toMatchObject({
    forward: 'produced',
    backward: 'produced by',
    certainty: 'stated',
    evidence: { stream: 'facts', id: 'e6', what: 'artifact packaged' },
  });
  expect(built?.age).toBe(thread.asOf.time - (built?.evidence.time ?? 0));
  const { offset = 0 } = built?.evidence ?? {};
  const drawer = await threadOf(server, `facts-${offset}`);
  expect(drawer.things[0]?.kind).toBe('artifact');
  expect(
    (await threadOf(server, 'INC-42', '&direction=up')).things.map(({ side }) => side),
  ).toEqual(['focus', 'up', 'up', 'up', 'up', 'up', 'up']);
});

test('what may mean several things lists them, what means nothing says what was looked for', async () => {
  const server = await startServer();
  const tag = (repository: string) => ({
    type: 'dev.cdeventsx.territory-tag.created.0.1.0',
    id: `tag/${repository}`,
    attributes: {
      'vcs.repository.url.full': `https://github.com/acme/${repository}`,
      'vcs.ref.head.revision': sha(repository[0] ?? ''),
    },
    data: { tag: 'v1.2', title: `Of ${repository}` },
  });
  await server.send([tag('apples'), tag('beer'), ...sent]);
  const both = await threadOf(server, 'v1.2');
  expect(both).toMatchObject({ things: [], edges: [] });
  expect(both.matches.map(({ key, title }) => [key, title])).toEqual([
    ['tag/github.com/acme/apples@v1.2', 'Of apples'],
    ['tag/github.com/acme/beer@v1.2', 'Of beer'],
  ]);
  expect((await threadOf(server, 'beer@v1.2')).things[0]?.key).toBe(
    'tag/github.com/acme/beer@v1.2',
  );
  const unknown = await server.askJson('/api/v1/thread?of=INC-421');
  expect(unknown).toMatchObject({ status: 404, code: 'TERR_API_NOT_FOUND' });
  expect(unknown['detail']).toMatch(/no fact names "INC-421".*Did you mean incident\/INC-42\?/);
  expect((await server.ask('/api/v1/thread?of=')).status).toBe(400);
  expect((await server.ask('/api/v1/thread?of=facts-999')).status).toBe(404);
  const anonymous = await server.ask('/api/v1/thread?of=v1.2', { headers: { authorization: 'x' } });
  expect(anonymous.status).toBe(401);
  const { limits } = await server.askJson('/api/v1/itself');
  expect(limits).toContainEqual(expect.objectContaining({ name: 'things of threads', hits: 0 }));
});

test('a long past is gone on with from a snapshot, and one that can not be used is thrown away', async () => {
  const data = dataDir();
  const first = await startServer({ data });
  const many = Array.from({ length: 25_000 }, (_, at) => ({
    type: 'dev.cdeventsx.territory-commit.created.0.1.0',
    id: `commit/${at}`,
    attributes: { 'vcs.ref.head.revision': at.toString(16).padStart(40, '0d') },
  }));
  for (let at = 0; at < many.length; at += 5_000)
    // oxlint-disable-next-line no-await-in-loop -- in this order
    expect((await first.send(many.slice(at, at + 5_000))).status).toBe(200);
  await first.send(sent);
  const before = await threadOf(first, 'INC-42');
  await first.close();
  const file = join(data, 'threads');
  const snapshot = readFileSync(file);

  const second = await startServer({ data });
  await ready(second);
  const after = await threadOf(second, 'INC-42');
  expect(withoutAge(after)).toEqual(withoutAge(before));
  expect(after.things).toEqual(before.things);
  await second.send([{ ...sent[8], id: 'again', time: Date.now() }]);
  expect((await threadOf(second, 'INC-42')).things[0]?.last?.id).toBe('again');
  await second.close();

  snapshot[snapshot.length >> 1] = (snapshot[snapshot.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, snapshot);
  const third = await startServer({ data });
  await ready(third);
  expect((await threadOf(third, 'INC-42')).things.length).toBe(before.things.length);
}, 60_000);
