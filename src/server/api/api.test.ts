import { expect, test } from 'vitest';
import { json, startServer } from '../compose/running.suite.ts';

test('what is asked wrongly is answered with a problem that says what and where', async () => {
  const { askJson, ask, url } = await startServer();
  const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' };
  const cases: readonly [
    path: string,
    init: RequestInit,
    status: number,
    code: string,
    field?: string,
  ][] = [
    ['/api/v1/nothing', {}, 404, 'TERR_API_NOT_FOUND'],
    ['/api/v1/query', { method: 'PUT' }, 405, 'TERR_API_METHOD'],
    ['/api/v1/query', text, 415, 'TERR_API_MEDIA_TYPE'],
    ['/api/v1/query', { ...json('POST', {}), body: '{' }, 400, 'TERR_API_INVALID'],
    ['/api/v1/query', json('POST', { limit: '5' }), 400, 'TERR_API_INVALID', 'limit'],
    ['/api/v1/query', json('POST', { wher: 'x' }), 400, 'TERR_API_INVALID', 'wher'],
    ['/api/v1/query', json('POST', { where: 'x'.repeat(2e6) }), 413, 'TERR_API_TOO_LARGE'],
    ['/api/v1/query?limit=5', {}, 503, 'TERR_API_NO_HISTORY'],
    ['/api/v1/tail?where=a%20b', {}, 400, 'TERR_WHERE_SYNTAX'],
    ['/api/v1/tail?after=5', {}, 400, 'TERR_API_POSITION', 'after'],
    ['/api/v1/tail?sample=0', {}, 400, 'TERR_API_INVALID', 'sample'],
    ['/api/v1/events/facts/999', {}, 404, 'TERR_API_NOT_FOUND'],
    ['/api/v1/events/other/1', {}, 400, 'TERR_API_INVALID', 'stream'],
    [
      '/api/v1/users',
      json('POST', { name: 'Ada', role: 'viewer', password: 'a long password' }),
      400,
      'TERR_API_INVALID',
      'name',
    ],
    ['/api/v1/users/nobody', { method: 'DELETE' }, 404, 'TERR_ACCOUNTS_UNKNOWN'],
    ['/api/v1/tokens/none', { method: 'DELETE' }, 404, 'TERR_ACCOUNTS_UNKNOWN'],
  ];
  for (const [path, init, status, code, field] of cases) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await askJson(path, init);
    expect(answer).toMatchObject({ status, code, ...(field ? { field } : {}) });
    expect(answer['type']).toBe(`/docs/errors#${code}`);
  }
  const noJson = { ...json('POST', {}), body: '{\n "where": tru }' };
  expect(await askJson('/api/v1/query', noJson)).toMatchObject({ line: 2, column: 11 });
  const noAggregate = await askJson('/api/v1/query', json('POST', { aggregate: 'median' }));
  expect(noAggregate['detail']).toContain('one of count, sum, mean,');
  const refused = await ask('/api/v1/query', { method: 'PUT' });
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(refused.headers.get('allow')).toBe('GET, HEAD, POST');
  expect((await fetch(`${url}/api/v1/tail`)).headers.get('www-authenticate')).toContain('Bearer');
});

test('users and tokens have just the rights of their role', async () => {
  const { ask, askJson, url, send } = await startServer();
  const secrets: Record<string, string> = {};
  for (const may of ['send', 'read', 'member'] as const) {
    // oxlint-disable-next-line no-await-in-loop
    const issued = await ask('/api/v1/tokens', json('POST', { name: may, scope: { may } }));
    expect(issued.status).toBe(201);
    // oxlint-disable-next-line no-await-in-loop
    secrets[may] = ((await issued.json()) as { secret: string }).secret;
  }
  await send([{ type: 'dev.cdevents.x' }]);
  const event = { ...json('POST', { type: 'metric' }) };
  const status = async (may: string, path: string, init: RequestInit = {}) => {
    const headers = {
      ...(init.headers as Record<string, string>),
      authorization: `Bearer ${secrets[may]}`,
    };
    return (await fetch(url + path, { ...init, headers })).status;
  };
  const rights = async (may: string) => [
    await status(may, '/api/v1/events', event),
    await status(may, '/api/v1/itself'),
    await status(may, '/metrics'),
    await status(may, '/api/v1/tokens'),
  ];
  expect(await rights('send')).toEqual([200, 403, 403, 403]);
  expect(await rights('read')).toEqual([403, 200, 200, 403]);
  expect(await rights('member')).toEqual([200, 200, 200, 403]);
  const user = { name: 'ada', role: 'viewer', password: 'a long password' };
  expect((await ask('/api/v1/users', json('POST', user))).status).toBe(201);
  const { users } = await askJson('/api/v1/users');
  expect(users).toMatchObject([{ name: 'ada', role: 'viewer', disabled: false }]);
  expect(JSON.stringify(users)).not.toContain('hash');
  const link = (await askJson('/api/v1/users/ada/link', { method: 'POST' })) as { url?: string };
  const token = link.url?.split('=')[1];
  const signedIn = await fetch(`${url}/api/v1/session`, json('POST', { token }));
  expect(await signedIn.json()).toMatchObject({ name: 'ada', role: 'viewer' });
  expect(await askJson('/api/v1/events/facts/1')).toMatchObject({ stream: 'facts', offset: 1 });
});

test('the description of the API is complete and readable without an account', async () => {
  const { url } = await startServer();
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, unknown>;
  };
  expect(document.openapi).toBe('3.1.0');
  for (const path of ['/api/v1/events', '/api/v1/tail', '/api/v1/query', '/api/v1/users/{name}'])
    expect(Object.keys(document.paths)).toContain(path);
  const page = await (await fetch(`${url}/docs/api`)).text();
  for (const path of Object.keys(document.paths)) expect(page).toContain(path);
  expect(page).not.toContain('<script');
  expect(await (await fetch(`${url}/docs/errors`)).text()).toContain('id="TERR_LOG_FULL"');
});
