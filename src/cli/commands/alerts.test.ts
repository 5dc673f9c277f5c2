import { expect, test } from 'vitest';
import { withAlerts } from '../../server/compose/alerts.suite.ts';
import { startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

async function serve() {
  const { url, token, askJson } = await startServer({ data: await withAlerts() });
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const run = (...args: readonly string[]): Promise<Ran> => runHere(['alerts', ...args], { env });
  return { run, askJson };
}

test('alerts are listed, shown by the start of their id, taken on and silenced', async () => {
  const { run, askJson } = await serve();
  const list = await run('list');
  expect(list).toMatchObject({ code: 0, err: '' });
  expect(list.out).toMatch(/^id +is +what +since +times +taken on by$/m);
  const [, id = ''] = /^([0-9a-f]{20}) +critical +web is critical/m.exec(list.out) ?? [];
  expect((await run('list', 'service = "none"')).out).toBe('no alerts\n');
  const all = JSON.parse((await run('list', '--all', '--json')).out) as { matched: number };
  expect(all.matched).toBe(3);

  const shown = await run('show', id.slice(0, 6));
  expect(shown.out).toMatch(/^where +shop web1$/m);
  expect(shown.out).toMatch(/^value +7$/m);
  expect((await run('show', 'ffff')).err).toContain('there is no alert ffff');

  const taken = await run('ack', id.slice(0, 6), '--note', 'on it');
  expect(taken).toMatchObject({ code: 0, out: '', err: 'acknowledged: web is critical\n' });
  expect((await run('show', id)).out).toMatch(/^taken on +admin, \d{4}-.* on it$/m);
  const twice = await run('ack', id);
  expect(twice.code).not.toBe(0);
  expect(twice.err).toContain('TERR_ROOM_STATE');
  expect((await run('ack', id, '--undo')).err).toBe('unacknowledged: web is critical\n');

  const silenced = await run('silence', id.slice(0, 6), '--for', '2h', '--reason', 'new disks');
  expect(silenced.err).toMatch(/^silence [0-9a-f]{20} until .*: 1 open alert now\n$/);
  expect((await run('list')).out).toMatch(/critical, silenced/);
  const { silences } = await askJson('/api/v1/silences');
  expect(silences).toMatchObject([
    { where: 'rule = "r" and service = "shop"', reason: 'new disks' },
  ]);
  expect((await run('silence', 'true', '--for', '2h')).code).toBe(2);
});
