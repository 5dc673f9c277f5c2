import { expect, test } from 'vitest';
import { healthOf, type PartStates } from './health.ts';
import { startServer } from './running.suite.ts';

const well: PartStates = {
  stopping: false,
  log: 'ok',
  history: 'running',
  follower: 'ok',
  alerts: 'ok',
  rules: 'ok',
  threads: 'ok',
  map: 'ok',
};

test.each([
  ['all is well', {}, true],
  ['history starts again', { history: 'restarting' }, true],
  ['the follower starts again', { follower: 'starting' }, true],
  ['the disk is full', { log: 'full' }, false],
  ['the disk refused a write', { log: 'failed' }, false],
  ['the server stops', { stopping: true }, false],
] as const)('when %s', (_, change, ok) => {
  expect(healthOf({ ...well, ...change }).ok).toBe(ok);
});

test('/healthz turns away from a server whose log takes nothing', async () => {
  const first = await startServer();
  await first.close();
  const { ask, askJson } = await startServer({ data: first.data, 'log.reserve': '8000TB' });
  expect((await ask('/healthz')).status).toBe(503);
  expect(await askJson('/healthz')).toMatchObject({
    ok: false,
    parts: { intake: 'ok', log: 'full' },
  });
});
