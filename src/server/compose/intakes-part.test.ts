import { expect, test } from 'vitest';
import type { IntakesAnswer, SendersAnswer } from '../api/contract-intakes.ts';
import { startServer } from './running.suite.ts';

test('every way in is listed, and who came by it', async () => {
  const server = await startServer({ 'intakes.enabled': true });
  await server.send([{ type: 'metric', name: 'x', metric: 1 }]);
  await server.ask('/api/v1/events', {
    method: 'POST',
    body: 'x',
    headers: { 'content-type': 'text/plain' },
  });
  const intakes = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  expect(intakes[0]).toMatchObject({
    name: 'http',
    address: '127.0.0.1',
    port: Number(new URL(server.url).port),
    state: 'listening',
    accepted: 1,
    refused: 1,
    refusedBy: { TERR_INTAKE_MEDIA_TYPE: 1 },
  });
  expect(intakes[0]?.lastSeen).toBeGreaterThan(Date.now() - 60_000);
  const { senders } = (await (await server.ask('/api/v1/senders')).json()) as SendersAnswer;
  expect(senders).toMatchObject([
    { intake: 'http', sender: 'admin', accepted: 1, refused: 1, silent: false },
  ]);
});
