import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSender } from '../../src/client/client.ts';
import { freePorts } from '../../src/runner/strategy/front.suite.ts';
import { until } from './api.suite.ts';
import { quiet, serve } from './server.suite.ts';

test('a server that is killed in the middle has every event once, and the program notices nothing', async () => {
  const [port = 0] = await freePorts(1);
  const dir = mkdtempSync(join(tmpdir(), 'client-'));
  const flags = [...quiet, '--port', `${port}`, '--history.enabled', 'false'];
  let server = await serve({ dir, flags });
  const sender = openSender({
    url: server.url,
    token: server.token,
    source: 'test/client',
    flushMs: 5,
    timeoutMs: 2_000,
  });
  const count = 3_000;
  for (let n = 0; n < count; n += 1) {
    sender.send({ type: 'dev.cdeventsx.test-thing.counted.0.1.0', id: `n${n}`, data: { n } });
    if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    if (n === 1_500) await server.stop('SIGKILL');
    if (n === 2_000) server = await serve({ dir, flags });
  }
  await sender.flush();
  expect(sender.stats()).toMatchObject({ pending: 0, sent: count, dropped: 0, refused: 0 });
  // By the log itself: each event once, in the order in which they were sent.
  const seen: string[] = [];
  await until(async () => {
    for (let offset = seen.length + 1; ; offset += 1) {
      const answer = await server.request<{ id: string; source: string }>(
        `/api/v1/events/facts/${offset}`,
      );
      if (answer.status !== 200) break;
      seen.push(answer.json.source === 'test/client' ? answer.json.id : '');
    }
    return seen.filter((id) => id !== '').length >= count;
  }, 60);
  expect(seen.filter((id) => id !== '')).toEqual(Array.from({ length: count }, (_, n) => `n${n}`));
  await sender.close();
  await server.stop();
}, 60_000);
