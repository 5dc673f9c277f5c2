import { expect, test } from 'vitest';
import { startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

test('who sends and by which way is listed, with what was refused', async () => {
  const { url, token, send } = await startServer();
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const run = (...args: readonly string[]): Promise<Ran> => runHere(['sources', ...args], { env });
  expect((await run('senders')).out).toBe('nobody has sent anything yet\n');
  await send([
    { type: 'metric', name: 'x', metric: 1 },
    { type: 'metric', metrik: 1 },
  ]);

  const senders = await run('senders');
  expect(senders.out).toMatch(/^http +admin +sending +[\d.]+ +1 +1 +\d{4}-/m);
  expect(senders.err).toContain('! http admin: "metrik" is not a field of an event.');
  expect((await run('senders', 'statsd')).out).toBe('nobody has sent anything yet\n');
  const told = JSON.parse((await run('senders', '--json')).out) as { senders: unknown[] };
  expect(told.senders).toMatchObject([{ intake: 'http', sender: 'admin', accepted: 1 }]);

  const intakes = await run('intakes');
  expect(intakes.out).toMatch(/^http +listening +127\.0\.0\.1:\d+\/api\/v1\/events +1 +1 +\d{4}-/m);
  expect(intakes.out).toMatch(/^statsd +off +0 +0 +nothing yet$/m);
  const ways = JSON.parse((await run('intakes', '--json')).out) as { name: string }[];
  expect(ways.map(({ name }) => name)).toContain('statsd');
});
