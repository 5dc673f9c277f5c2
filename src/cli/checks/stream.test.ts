import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startServer } from '../../server/compose/running.suite.ts';
import { runHere } from '../running.suite.ts';

let file: string;
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), 'territory-stream-')), 'orders.feature');
  writeFileSync(
    file,
    `Feature: Orders
  Scenario: they come
    Then there should be at least 2 "order.placed" events in the last 5 minutes
`,
  );
});
afterAll(() => rmSync(file, { force: true }));

test('steps about what came in ask the server that commands talk to', async () => {
  const { url, token, send, ask } = await startServer({ 'history.enabled': true });
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  await send([1, 2].map(() => ({ type: 'event', name: 'order.placed' })));
  await vi.waitFor(
    async () => {
      const { code, out } = await runHere(['test', file, '--format', 'pretty'], { env });
      expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('1 passed') });
    },
    { timeout: 15_000, interval: 250 },
  );
  const check = await runHere(['check', file], { env });
  expect(check).toMatchObject({ code: 0, out: expect.stringContaining('ORDERS OK') });

  const refused = await ask('/api/v1/checks/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ environment: '', name: 'value', given: [{ where: 'x' }, 'count'] }),
  });
  expect(refused.status).toBe(400);
});

test('without a server, or without its history, it is unknown and says so', async () => {
  const { url, token } = await startServer();
  const here = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const none = await runHere(['test', file], { env: here });
  expect(none).toMatchObject({ code: 5, out: expect.stringContaining('history is not kept here') });
  const away = await runHere(['check', file], { env: { TERRITORY_URL: 'http://127.0.0.1:1' } });
  expect(away).toMatchObject({ code: 3, out: expect.stringContaining('can not reach') });
});
