import { expect, test } from 'vitest';
import { facts, sha, story } from '../../rooms/thread/thread.suite.ts';
import { startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

async function serve() {
  const { url, token, send } = await startServer();
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const run = (...args: readonly string[]): Promise<Ran> => runHere(['follow', ...args], { env });
  return { run, send };
}

const sent = facts(story)
  .filter(({ type }) => !type.includes('alert'))
  .map((fact) => ({ ...fact, stream: undefined, offset: undefined, received: undefined }));

test('a thread is printed both ways, with times, gaps and the facts that say so', async () => {
  const { run, send } = await serve();
  await send([
    ...sent,
    { ...sent[8], id: 'over', type: 'dev.cdevents.incident.resolved.0.3.0', time: sent[8]?.time },
  ]);
  const ran = await run(sha('b').slice(0, 7));
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "what led to it
      2026-01-15 12:00:00Z            ticket     github.com/acme/shop#7
                                      fixed by change github.com/acme/shop#12, facts-4
      2026-01-15 12:01:00Z    +1 min  commit     aaaaaaaaaaaa  Change aaaa
                                      is in change github.com/acme/shop#12, facts-4
      2026-01-15 12:02:00Z    +1 min  change     github.com/acme/shop#12  Baskets, fixes #7
                                      merged as commit bbbbbbbbbbbb, facts-5
                                      change merged 1 min later, facts-5
    ▶ 2026-01-15 12:04:00Z    +2 min  commit     bbbbbbbbbbbb  Change bbbb
    what came of it
      2026-01-15 12:05:00Z    +1 min  build      9000000001
                                      built from commit bbbbbbbbbbbb, facts-7
      2026-01-15 12:06:00Z    +1 min  artifact   pkg:oci/shop@sha256:0b31b1c02ff458ad9b7b81cbdf8f028b
                                      produced by build 9000000001, facts-8
      2026-01-15 12:07:00Z    +1 min  deployment /ci#deploy-1  shop to production
                                      deployed artifact pkg:oci/shop@sha256:0b31b1c02ff458ad9b7b81cbdf8f028b, facts-9
      2026-01-15 12:09:00Z    +2 min  incident   INC-42
                                      names artifact pkg:oci/shop@sha256:0b31b1c02ff458ad9b7b81cbdf8f028b, facts-10
      2026-01-15 12:09:00Z      +0 s  ticket     github.com/acme/shop#8
                                      tracks incident INC-42, facts-10
    touches  environment production, service shop
    "
  `);
  const up = await run('INC-42', '--up');
  expect(up.out).not.toContain('what came of it');
  expect(up.out.split('\n').filter((line) => line.startsWith('▶'))).toHaveLength(1);
  expect((await run('shop#12', '--down')).out).not.toContain('what led to it');
  const document = JSON.parse((await run('INC-42', '--json')).out) as { of: string };
  expect(document.of).toBe('INC-42');
});

test('a deployment by a script of one line is followed to', async () => {
  const { url, token } = await startServer();
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const place = ['--service', 'shop', '--environment', 'production'];
  const label = ['--label', `vcs.ref.head.revision=${sha('c')}`];
  const type = 'dev.cdeventsx.shop-deployment.finished.0.1.0';
  expect((await runHere(['send', type, ...place, ...label], { env })).code).toBe(0);
  const { out } = await runHere(['follow', 'ccccccc', '--down'], { env });
  expect(out).toMatch(/deployment .* shop to production\n +deployed commit cccccccccccc/);
});

test('what is not known or not clear ends with 2 and says what to ask for', async () => {
  const { run, send } = await serve();
  const tag = (repository: string) => ({
    type: 'dev.cdeventsx.territory-tag.created.0.1.0',
    id: `tag/${repository}`,
    attributes: { 'vcs.repository.url.full': `https://github.com/acme/${repository}` },
    data: { tag: 'v1.2', title: 'a\u001b[2Jb' },
  });
  await send([tag('apples'), tag('beer')]);
  const unclear = await run('v1.2');
  expect(unclear).toMatchObject({ code: 2, out: '' });
  expect(unclear.err).toMatch(/may mean 2 things.*\n +tag\/github.com\/acme\/(apples|beer)@v1.2 /);
  expect(unclear.err).not.toContain('\u001b');
  const unknown = await run('v1.3');
  expect(unknown).toMatchObject({ code: 2, out: '' });
  expect(unknown.err).toContain('no fact names "v1.3"');
  expect((await run('apples@v1.2')).out).toContain('no other fact hangs together with it');
});
