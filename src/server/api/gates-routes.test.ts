import { expect, test } from 'vitest';
import { type Answer, type Server, json, startServer } from '../compose/running.suite.ts';

const base = '/api/v1/releases';
const hour = 3_600_000;
const production = { environment: 'production' };

type Shown = Readonly<Record<string, unknown>>;

async function serve() {
  const server = await startServer();
  const tokenOf = async (name: string, may: string): Promise<Record<string, string>> => {
    const { secret } = await server.askJson(
      '/api/v1/tokens',
      json('POST', { name, scope: { may } }),
    );
    return { authorization: `Bearer ${String(secret)}` };
  };
  const verdict = async (query = ''): Promise<Shown> =>
    server.askJson(`${base}/gates?app=shop&environment=production&version=1.4.2${query}`);
  return { ...server, tokenOf, verdict };
}

function as(headers: Record<string, string>, init: RequestInit): RequestInit {
  return { ...init, headers: { ...headers, 'content-type': 'application/json' } };
}

async function create(server: Server, kind: string, body: Shown): Promise<Answer & Shown> {
  const made = await server.askJson(`${base}/${kind}`, json('POST', body));
  expect(made.status).toBe(201);
  return made;
}

test('with nothing set up a deploy may go out, and the question needs an application and a place', async () => {
  const server = await serve();
  const now = Date.now();
  const open = await server.verdict();
  expect(open).toMatchObject({
    may: true,
    refusals: [],
    warnings: [],
    token: null,
    actor: 'admin',
  });
  expect(open['from']).toBe(open['time']);
  expect(Math.abs(Number(open['time']) - now)).toBeLessThan(10_000);
  expect(await server.askJson(`${base}/gates?app=shop`)).toMatchObject({ status: 400 });
  expect((await server.ask(`${base}/gates`, { headers: { authorization: 'x' } })).status).toBe(401);
});

test('a member locks, others are kept out, and only he or a gatekeeper releases', async () => {
  const server = await serve();
  const ann = await server.tokenOf('ann', 'member');
  const bob = await server.tokenOf('bob', 'member');
  const viewer = await server.tokenOf('eve', 'viewer');
  const asked = as(ann, json('POST', { ...production, reason: 'moving the database' }));
  const lock = await server.askJson(`${base}/locks`, asked);
  expect(lock).toMatchObject({
    status: 201,
    scope: 'production',
    by: 'ann',
    state: 'held',
    warning: false,
  });
  expect(Number(lock['until']) - Number(lock['created'])).toBe(hour);
  expect(await server.verdict()).toMatchObject({
    may: false,
    from: lock['until'],
    refusals: [
      {
        rule: 'lock',
        id: lock['id'],
        scope: 'production',
        by: 'ann',
        reason: 'ann holds production: moving the database',
        until: lock['until'],
      },
    ],
  });
  expect(await server.verdict('&actor=ann')).toMatchObject({ may: true, token: lock['token'] });
  const twice = await server.askJson(
    `${base}/locks`,
    as(bob, json('POST', { ...production, reason: 'me' })),
  );
  expect(twice).toMatchObject({ status: 409, code: 'TERR_GATES_HELD' });
  const path = `${base}/locks/${String(lock['id'])}`;
  const del = { method: 'DELETE' };
  expect(await server.askJson(path, { ...del, headers: bob })).toMatchObject({
    status: 403,
    code: 'TERR_GATES_FOREIGN',
  });
  expect((await server.ask(path, { ...del, headers: viewer })).status).toBe(403);
  const later = as(
    ann,
    json('POST', { ...production, reason: 'still', until: Date.now() + 2 * hour }),
  );
  expect(await server.askJson(`${base}/locks`, later)).toMatchObject({
    id: lock['id'],
    token: lock['token'],
    reason: 'still',
  });
  expect(await server.askJson(path, del)).toMatchObject({
    status: 200,
    state: 'released',
    ended: { by: 'admin' },
  });
  expect(await server.askJson(path, del)).toMatchObject({ status: 200, state: 'released' });
  expect(await server.verdict()).toMatchObject({ may: true });
  expect(await server.askJson(`${base}/locks`)).toMatchObject({ locks: [] });
  expect(await server.askJson(`${base}/locks?all=true`)).toMatchObject({ locks: [{ by: 'ann' }] });
  expect(await server.askJson(`${base}/locks/none`, del)).toMatchObject({
    status: 404,
    code: 'TERR_GATES_UNKNOWN',
  });
});

test('a lock that is asked for again with its key is the same; once another has it, it is not given', async () => {
  const server = await serve();
  const [ann, bob] = [await server.tokenOf('ann', 'member'), await server.tokenOf('bob', 'member')];
  const again = as({ ...ann, 'idempotency-key': 'k' }, json('POST', { reason: 'release' }));
  const first = await server.askJson(`${base}/locks`, again);
  expect(first).toMatchObject({ status: 201, scope: 'all' });
  expect(await server.askJson(`${base}/locks`, again)).toEqual(first);
  const path = `${base}/locks/${String(first['id'])}`;
  expect((await server.ask(path, { method: 'DELETE', headers: ann })).status).toBe(200);
  await server.ask(`${base}/locks`, as(bob, json('POST', { reason: 'mine' })));
  expect(await server.askJson(`${base}/locks`, again)).toMatchObject({
    status: 409,
    code: 'TERR_GATES_HELD',
  });
});

test('of twenty who take one lock at once one has it', async () => {
  const server = await serve();
  const headers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => server.tokenOf(`ci-${n}`, 'member')),
  );
  const answers = await Promise.all(
    headers.map((one) =>
      server.ask(`${base}/locks`, as(one, json('POST', { ...production, reason: 'mine' }))),
    ),
  );
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  // Who lost five races is told to come again.
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.slice(1).filter((status) => status !== 409 && status !== 503)).toEqual([]);
});

test.each([
  ['freezes', { ...production, reason: 'sale' }],
  ['blocks', { app: 'shop', reason: 'drops orders' }],
  ['windows', { ...production, kind: 'deny', schedule: 'daily 00:00-24:00' }],
])('%s are for gatekeepers, carried out once, and ended twice is ended', async (kind, body) => {
  const server = await serve();
  const member = await server.tokenOf('ann', 'member');
  const refused = await server.ask(`${base}/${kind}`, as(member, json('POST', body)));
  expect(refused.status).toBe(403);
  const once = json('POST', body);
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'k1' };
  const first = await server.askJson(`${base}/${kind}`, { ...once, headers });
  const second = await server.askJson(`${base}/${kind}`, { ...once, headers });
  expect(second).toEqual(first);
  const list = await server.askJson(`${base}/${kind}`);
  expect(list[kind]).toHaveLength(1);
  expect(await server.verdict()).toMatchObject({ may: false });
  const path = `${base}/${kind}/${String(first['id'])}`;
  expect((await server.ask(path, { method: 'DELETE', headers: member })).status).toBe(403);
  expect(await server.askJson(path, { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(await server.askJson(path, { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(await server.verdict()).toMatchObject({ may: true });
  expect(await server.askJson(`${base}/${kind}/none`, { method: 'DELETE' })).toMatchObject({
    status: 404,
    code: 'TERR_GATES_UNKNOWN',
  });
});

test('what is written wrong is refused with the field at fault', async () => {
  const server = await serve();
  const refusal = async (kind: string, body: Shown): Promise<Answer> =>
    server.askJson(`${base}/${kind}`, json('POST', body));
  expect(await refusal('windows', { kind: 'deny', schedule: 'Mun 09:00-10:00' })).toMatchObject({
    status: 400,
    code: 'TERR_GATES_SCHEDULE',
    field: 'schedule',
  });
  const window = { kind: 'deny', schedule: 'Mon 09:00-10:00', zone: 'Mars/Olympus' };
  expect(await refusal('windows', window)).toMatchObject({ field: 'zone' });
  expect(await refusal('freezes', { reason: 'x', until: 1 })).toMatchObject({ field: 'until' });
  expect(await refusal('locks', { environment: 'all', reason: 'x' })).toMatchObject({
    code: 'TERR_GATES_INVALID',
    field: 'environment',
  });
  expect(await refusal('blocks', { reason: 'x' })).toMatchObject({ status: 400 });
});

test('gates outlive a restart; a refusal that is recorded is a fact of the deploy, once', async () => {
  const first = await serve();
  const freeze = await create(first, 'freezes', { ...production, reason: 'sale' });
  await first.close();
  const server = await startServer({ data: first.data });
  const body = { app: 'shop', ...production, version: '1.4.2', deployment: 'run-7' };
  const ask = () => server.askJson(`${base}/gates`, json('POST', body));
  expect(await ask()).toMatchObject({ may: false, refusals: [{ id: freeze['id'] }] });
  await ask();
  const where = await server.askJson(`${base}/where/shop`);
  expect(where['history']).toMatchObject([
    {
      id: 'shop/production/run-7',
      state: 'refused',
      version: '1.4.2',
      actor: 'admin',
      reason: 'production is frozen: sale',
    },
  ]);
});

test('a freeze says when deploys went out all the same', async () => {
  const server = await serve();
  const freeze = await create(server, 'freezes', { ...production, reason: 'sale' });
  expect(freeze).toMatchObject({ state: 'active', enforced: 'onAsk', passed: [], until: null });
  await server.send([
    {
      type: 'dev.cdeventsx.territory-deploy.started.0.1.0',
      service: 'shop',
      environment: 'production',
      attributes: { 'service.version': '1.4.2', 'deployment.id': 'run-8' },
    },
  ]);
  expect(await server.askJson(`${base}/freezes`)).toMatchObject({
    freezes: [{ enforced: 'broken', passed: [{ app: 'shop', version: '1.4.2' }] }],
  });
  expect(await server.askJson(`${base}/calendar`)).toMatchObject({
    cut: 0,
    entries: [
      { kind: 'freeze', title: 'Freeze: production' },
      { kind: 'deploy', title: 'shop 1.4.2 to production: running' },
    ],
  });
  const ics = await server.ask(`${base}/calendar.ics`);
  expect(ics.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const text = await ics.text();
  expect(text).toMatch(/^BEGIN:VCALENDAR\r\n[^]*END:VCALENDAR\r\n$/);
  expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(2);
  expect(
    await server.askJson(`${base}/calendar?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`),
  ).toMatchObject({
    status: 400,
    code: 'TERR_API_TIME_RANGE',
  });
});
