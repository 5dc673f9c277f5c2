import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { patient, type Reply, runIntake } from './intake-server.suite.ts';

test('bad senders of every kind at the same time disturb no good one and leave nothing', async () => {
  const at = await runIntake({ bodyTimeout: 2000, maxBody: 12_000_000 });
  try {
    const huge = JSON.stringify({ type: 'a', data: 'x'.repeat(10_000_000) });
    const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
    const bad: (() => Promise<Reply>)[] = [
      () => at.post('{"type":'),
      () => at.post(huge),
      () => at.post(bomb, { 'content-encoding': 'gzip' }),
      () => at.post('{}', { 'content-type': 'text/html' }),
      () => at.post('{}', { 'content-type': 'application/json; charset=utf-16' }),
      () => at.post('x'.repeat(13_000_000), { 'transfer-encoding': 'chunked' }),
    ];
    const slow = at.open(1000, '{');
    const dripping = setInterval(() => slow.write(' '), 50);
    const late = new Promise<void>((resolve) => {
      slow.once('close', () => {
        clearInterval(dripping);
        resolve();
      });
    });
    const gone = at.open(1000, '{"type"');
    await once(gone, 'connect');
    gone.destroy();
    const good = Array.from({ length: 50 }, (_, i) =>
      at.post(`{"type":"a","id":"${i % 40}","source":"/s"}\n`, {
        'content-type': 'application/x-ndjson',
      }),
    );
    const refused = await Promise.all(bad.map((send) => send()));
    expect(refused.map(({ status }) => status)).toEqual([400, 413, 413, 415, 415, 413]);
    const replies = await Promise.all(good);
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(replies.reduce((sum, { json }) => sum + json.duplicates, 0)).toBe(10);
    await late;
    expect((await at.events()).length).toBe(40);
    await expect.poll(() => at.intake.inFlight().bytes, patient).toBe(0);
    await expect
      .poll(() => at.intake.counters().refusedBy, patient)
      .toMatchObject({ TERR_INTAKE_ABORTED: 1, TERR_INTAKE_TIMEOUT: 1, TERR_INTAKE_TOO_LARGE: 2 });
  } finally {
    await at.close();
  }
});
