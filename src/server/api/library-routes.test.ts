import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { json, startServer } from '../compose/running.suite.ts';

test('the library is for all who read; choosing from it runs code, so it is for admins', async () => {
  const { ask, askJson } = await startServer({ 'rules.enabled': false });
  const issued = await askJson(
    '/api/v1/tokens',
    json('POST', { name: 'member', scope: { may: 'member' } }),
  );
  const member = { authorization: `Bearer ${String(issued['secret'])}` };
  const library = await askJson('/api/v1/rules/library', { headers: member });
  expect(library['ready']).toContainEqual(
    expect.objectContaining({ id: 'heartbeat', chosen: false, rules: ['heartbeat'] }),
  );
  const choose = '/api/v1/rules/library/heartbeat/choose';
  expect((await ask(choose, { method: 'POST', headers: member })).status).toBe(403);
  const chosen = await askJson(choose, { method: 'POST' });
  expect(chosen.status).toBe(201);
  expect(existsSync(String(chosen['file']))).toBe(true);
  const again = await askJson(choose, { method: 'POST' });
  expect(again).toMatchObject({ status: 409, code: 'TERR_LIBRARY_CHOSEN' });
  const after = await askJson('/api/v1/rules/library', { headers: member });
  expect(after['ready']).toContainEqual(expect.objectContaining({ id: 'heartbeat', chosen: true }));
});
