import { expect, test } from 'vitest';
import { json, startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

async function serve() {
  const { url, token, askJson, send } = await startServer();
  const runAs = (secret: string, args: readonly string[]): Promise<Ran> =>
    runHere(args, { env: { TERRITORY_URL: url, TERRITORY_TOKEN: secret } });
  const run = (...args: readonly string[]): Promise<Ran> => runAs(token, args);
  const member = async (name: string): Promise<string> => {
    const wanted = json('POST', { name, scope: { may: 'member' } });
    return String((await askJson('/api/v1/tokens', wanted))['secret']);
  };
  return { run, runAs, member, askJson, send };
}

const shop = ['gates', 'shop', '1.4.2', '--to', 'production'];

test('a lock keeps a pipeline out with exit 2, says who, why and until when, and is released', async () => {
  const { run, runAs, member } = await serve();
  expect(await run(...shop)).toEqual({
    code: 0,
    out: 'shop 1.4.2 may go to production now\n',
    err: '',
  });
  const ann = await member('ann');
  const locked = await runAs(ann, [
    'lock',
    'production',
    '-m',
    'moving the database',
    '--for',
    '2h',
  ]);
  expect(locked).toMatchObject({ code: 0, out: '' });
  expect(locked.err).toMatch(/^ann holds production until .*Z: lock [0-9a-f]{20}, token \d+\n$/);
  const refused = await run(...shop);
  expect(refused.code).toBe(2);
  expect(refused.out).toMatch(
    /^shop 1\.4\.2 may not go to production now\nrefused by lock: ann holds production: moving the database\n {2}until \S+ \S+Z\n {2}lifted by ann or a gatekeeper: territory unlock [0-9a-f]{20}\nit may from \S+ \S+Z, if nothing changes\n$/,
  );
  const verdict = JSON.parse((await run(...shop, '--json')).out) as object;
  expect(verdict).toMatchObject({ may: false, refusals: [{ rule: 'lock', by: 'ann' }] });
  expect((await run(...shop, '--by', 'ann')).out).toMatch(/may go[^]*you hold the lock, token \d+/);
  const bob = await member('bob');
  const taken = await runAs(bob, ['lock', 'production', '-m', 'me']);
  expect(taken).toMatchObject({ code: 2 });
  expect(taken.err).toContain('TERR_GATES_HELD');
  expect(await runAs(bob, ['unlock', 'production'])).toMatchObject({ code: 4 });
  expect((await runAs(ann, ['unlock', 'production'])).err).toBe(
    'production is not locked any more\n',
  );
  expect((await run('unlock', 'production')).err).toContain('there is no lock "production"');
  expect((await run(...shop)).code).toBe(0);
});

test('freeze, post-it and window: each is named, listed, and lifted', async () => {
  const { run, send, askJson } = await serve();
  expect((await run('gates')).out).toBe('nothing stands in the way\n');
  const froze = await run('freeze', 'all', '--until', '1d', '-m', 'Christmas');
  expect(froze.err).toMatch(/^all is frozen from .* until .*, for deploys that ask: freeze /);
  const blocked = await run(
    'block',
    'shop',
    '--in',
    'production',
    '--safe',
    'release_412',
    '--until',
    '2d',
    '-m',
    'drops orders',
  );
  expect(blocked.err).toMatch(
    /^shop@production is blocked until .*, save in release_412: post-it /,
  );
  const times = 'daily 00:00-12:00; daily 12:00-24:00';
  const added = await run('window', 'add', 'deny', 'production', times, '--zone', 'Europe/London');
  expect(added.err).toMatch(/^window [0-9a-f]{20} is open\n$/);
  const refused = await run(...shop, '--record', '--id', 'run-7');
  expect(refused.code).toBe(2);
  expect(refused.out.match(/^refused by \w+/gm)).toEqual([
    'refused by window',
    'refused by freeze',
    'refused by block',
  ]);
  const where = await askJson('/api/v1/releases/where/shop');
  expect(where['history']).toMatchObject([{ state: 'refused', version: '1.4.2' }]);
  await send([
    {
      type: 'dev.cdeventsx.territory-deploy.started.0.1.0',
      service: 'shop',
      environment: 'production',
      attributes: { 'service.version': '1.4.1' },
    },
  ]);
  const listed = await run('gates');
  expect(listed.out).toMatch(/^\w+ +deny window +production +open +admin +daily/m);
  expect(listed.out).toMatch(/^\w+ +freeze +all +active, and broken +\S+ \S+ +admin +Christmas$/m);
  expect(listed.out).toMatch(/^\w+ +post-it +shop@production +active .*safe: release_412$/m);
  expect(listed.err).toMatch(
    /^! shop 1\.4\.1 to production went out at .* while all was frozen\n$/,
  );
  expect((await run('window', 'list')).out).toContain('Europe/London');
  expect((await run('window', 'remove', 'production')).err).toMatch(/is removed\n$/);
  expect((await run('unfreeze', 'all')).err).toBe('the freeze of all has ended\n');
  expect((await run('unblock', 'shop@production')).err).toBe(
    'shop@production is not blocked any more\n',
  );
  expect((await run(...shop)).code).toBe(0);
});

test('the calendar as a table, as JSON, and as iCalendar', async () => {
  const { run } = await serve();
  expect((await run('calendar')).out).toBe('nothing in this time\n');
  await run('freeze', 'production', '--from', '2h', '--until', '1d', '-m', 'sale; all of it');
  expect((await run('calendar')).out).toMatch(
    /Freeze: production +sale; all of it, declared by admin$/m,
  );
  expect(JSON.parse((await run('calendar', '--json')).out)).toMatchObject({
    entries: [{ kind: 'freeze' }],
  });
  const ics = await run('calendar', '--ics', '--from', '1d', '--to', '7d');
  expect(ics.out).toMatch(/^BEGIN:VCALENDAR\r\n/);
  expect(ics.out).toContain('DESCRIPTION:sale\\; all of it\\ndeclared by admin\r\n');
  expect((await run('calendar', '--to', 'soon')).code).toBe(2);
});

test.each([
  [['gates', 'shop', '1'], '--to'],
  [['lock', 'production'], '-m'],
  [['lock', 'a@b@', '-m', 'x'], 'is no name'],
  [['window', 'add', 'maybe', 'all', 'daily 00:00-24:00'], 'neither allow nor deny'],
  [['window', 'add', 'deny', 'all', 'Mun 09:00-10:00'], '"Mun" is no day'],
  [['freeze', 'all', '--until', 'yesterday', '-m', 'x'], '--until'],
])('%o is wrong usage', async (args, why) => {
  const { run } = await serve();
  const ran = await run(...args);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(why);
});
