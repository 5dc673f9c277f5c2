import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { json, startServer } from '../compose/running.suite.ts';
import type { Backtest } from './contract-backtest.ts';

const disk = (limit: number): string => `import { events, rule } from 'territory/rules';

rule('disk', () =>
  events
    .where('name = "disk"')
    .by('host')
    .level({ critical: 'metric > ${limit}' })
    .changed('state', { from: 'ok' })
    .alert({ title: 'disk of {host}' }),
);
`;

const hour = 3_600_000;
const minute = 60_000;

/** A server with an hour of one disk, which was sent afterwards, and one rule file. */
async function start() {
  const server = await startServer({ 'rules.enabled': false });
  const from = Math.floor(Date.now() / minute) * minute - 2 * hour;
  await server.send(
    Array.from({ length: 60 }, (_, i) => ({
      type: 'metric',
      name: 'disk',
      host: 'a',
      metric: i >= 10 && i < 20 ? 0.85 : 0.5,
      time: from + i * minute,
    })),
  );
  mkdirSync(join(server.data, 'rules'), { recursive: true });
  writeFileSync(join(server.data, 'rules/disk.ts'), disk(0.8));
  return {
    ...server,
    from,
    backtest: async (body: object) => {
      const response = await server.ask('/api/v1/rules/backtest', json('POST', body));
      return { status: response.status, text: await response.text() };
    },
  };
}

const resultOf = (text: string): Backtest => {
  const last = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as { result: Backtest };
  return last.result;
};

test('a text is tried beside the rules that run, which can be replayed', async () => {
  const { from, backtest } = await start();
  const range = { from, to: from + hour };
  const tried = await backtest({ source: disk(0.9), ...range });
  expect(tried.status).toBe(200);
  const result = resultOf(tried.text);
  expect(result.alerts).toEqual([]);
  expect(result.against?.difference).toMatchObject({ same: 0, onlyCandidate: 0, onlyLive: 2 });
  expect((await backtest({ source: disk(0.9), ...range })).text).toContain(
    JSON.stringify({ result }),
  );
  const replayed = resultOf((await backtest(range)).text);
  expect(replayed.against).toBeUndefined();
  expect(replayed.alerts).toMatchObject([
    { rule: 'disk', from: from + 10 * minute, to: from + 20 * minute },
  ]);
  const file = resultOf((await backtest({ file: 'disk.ts', ...range, against: 'none' })).text);
  expect(file).toEqual(replayed);
  const written = { source: disk(0.7), name: 'other.ts' };
  const two = resultOf((await backtest({ file: 'disk.ts', ...range, against: written })).text);
  expect(two.against).toMatchObject({ name: 'other.ts', difference: { same: 2, onlyLive: 0 } });
});

test('what is wrong is answered with its place, before anything runs', async () => {
  const { from, backtest, askJson, ask, url } = await start();
  const range = { from, to: from + hour };
  const problemOf = async (body: object) =>
    JSON.parse((await backtest(body)).text) as Record<string, unknown>;
  const source = disk(0.9).replace('.by(', '.bye(');
  expect(await problemOf({ source, name: 'mine.ts', ...range })).toMatchObject({
    status: 400,
    code: 'TERR_BACKTEST_RULES',
    detail: expect.stringMatching(/^mine\.ts:6:6: Property 'bye' does not exist/),
  });
  const cases: readonly (readonly [body: object, code: string])[] = [
    [{ source: disk(1) }, 'TERR_BACKTEST_RANGE'],
    [{ source: disk(1), from: 5, to: 5 }, 'TERR_BACKTEST_RANGE'],
    [{ source: '', ...range }, 'TERR_BACKTEST_NONE'],
    [{ file: '../accounts.json', ...range }, 'TERR_API_NOT_FOUND'],
    [{ alert: 'none' }, 'TERR_API_NOT_FOUND'],
    [{ file: 'disk.ts', ...range, only: ['x'] }, 'TERR_BACKTEST_NONE'],
    [{ source: disk(1), name: '../x.ts', ...range }, 'TERR_API_INVALID'],
    [{ source: disk(1), beside: { '../../x.ts': '' }, ...range }, 'TERR_BACKTEST_RULES'],
  ];
  for (const [body, code] of cases)
    // oxlint-disable-next-line no-await-in-loop -- there may be but two at once
    expect(await problemOf(body)).toMatchObject({ code });
  const issued = await askJson(
    '/api/v1/tokens',
    json('POST', { name: 'member', scope: { may: 'member' } }),
  );
  const headers = { authorization: `Bearer ${String(issued['secret'])}` };
  const asMember = json('POST', { source: disk(1), ...range });
  const refused = await fetch(`${url}/api/v1/rules/backtest`, {
    ...asMember,
    headers: { ...(asMember.headers as Record<string, string>), ...headers },
  });
  expect(refused.status).toBe(403);
  expect((await ask('/healthz')).status).toBe(200);
});

test('two may run at once; who goes away makes room', async () => {
  const { from, ask, backtest } = await start();
  const source = `import { events, rule } from 'territory/rules';
rule('loop', () => events.map(() => { for (;;); }).emit({ name: 'x' }));
`;
  const body = { source, from, to: from + hour };
  const leaving = [new AbortController(), new AbortController()];
  const left = leaving.map(({ signal }) =>
    ask('/api/v1/rules/backtest', { ...json('POST', body), signal }).catch(() => 'left'),
  );
  // The two are taken before a third can be: requests of one client may overtake each other.
  let third = await backtest({ ...body, source: disk(1) });
  for (let i = 0; i < 50 && third.status !== 503; i++)
    // oxlint-disable-next-line no-await-in-loop -- until both are there
    third = await backtest({ ...body, source: disk(1) });
  expect(third).toMatchObject({ status: 503, text: expect.stringContaining('TERR_BACKTEST_BUSY') });
  for (const one of leaving) one.abort();
  expect(await Promise.all(left)).toEqual(['left', 'left']);
  for (let i = 0; i < 200 && third.status === 503; i++)
    // oxlint-disable-next-line no-await-in-loop -- until the server has noticed
    third = await backtest({ ...body, source: disk(1) });
  expect(third.status).toBe(200);
});
