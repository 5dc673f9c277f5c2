import { mkdtempSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  freePorts,
  hasHaproxy,
  startFront,
  startLine,
  startLoad,
  until,
  writeApplication,
} from './front.suite.ts';

test.skipIf(!hasHaproxy)('customers count answers by version, and what got none', async () => {
  const folder = writeApplication(mkdtempSync(join(tmpdir(), 'app-')));
  const [port = 0] = await freePorts(1);
  const front = await startFront({ shop: { servers: { blue1: port }, ready: ['blue1'] } });
  const app = spawn('sh', ['-c', startLine], {
    cwd: folder,
    env: { PORT: `${port}`, SERVICE_VERSION: 'release_1' },
  });
  try {
    await until('the front', async () => (await fetch(front.url('shop'))).status === 200);
    const load = startLoad(front.url('shop'));
    await load.reached(200);
    expect(load.failed()).toBe(0);
    app.kill('SIGKILL');
    await until('a failure', () => Promise.resolve(load.failed() > 0));
    const { versions, firstFailure } = await load.stop();
    expect(versions['release_1']).toBeGreaterThanOrEqual(200);
    expect(firstFailure).toMatch(/ (50[234]|ECONNRESET)$/);
  } finally {
    app.kill('SIGKILL');
    await front.stop();
    rmSync(folder, { recursive: true });
  }
});
