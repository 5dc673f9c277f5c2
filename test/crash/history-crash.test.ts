import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Heard, Life } from './history-server-child.ts';

const rounds = 10;
const dir = mkdtempSync(join(tmpdir(), 'territory-history-crash-'));

const root = join(import.meta.dirname, '../..');
// Beside the packages, because what is built imports its packages from there.
const built = join(root, 'node_modules/.cache', `territory-history-crash-${process.pid}`);
const server = 'test/crash/history-server-child';

/** Built once: each life starts three modules, through tsx that would take seconds. */
beforeAll(async () => {
  mkdirSync(built, { recursive: true });
  const started = [server, 'src/server/feeder/worker', 'src/history/chdb/child'];
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: built,
      target: 'node20',
      rollupOptions: {
        input: Object.fromEntries(started.map((name) => [name, join(root, `${name}.ts`)])),
        external: ['lmdb', 'chdb', 'apache-arrow'],
        output: { preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
      },
    },
  });
  writeFileSync(join(built, 'package.json'), '{ "type": "module" }');
});

afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
});

function begin(life: Omit<Life, 'dir'>): ChildProcess {
  const orders: Life = { dir, ...life };
  return fork(join(built, `${server}.js`), [JSON.stringify(orders)]);
}

async function heard<K extends Heard['kind']>(
  from: ChildProcess,
  kind: K,
): Promise<Extract<Heard, { kind: K }>> {
  for (;;) {
    const [message] = (await once(from, 'message')) as [Heard];
    // The kind is what was asked for, which TypeScript does not see through the generic.
    if (message.kind === kind) return message as Extract<Heard, { kind: K }>;
  }
}

test(`history equals the log after ${rounds} kills of the server or of its engine`, async () => {
  for (let round = 0; round < rounds; round++) {
    // In odd rounds the engine dies first and the server while the engine comes back.
    const engine = round % 2 === 1 ? { killEngineAfterMs: 150 } : {};
    const life = begin({ settle: false, ...engine });
    await heard(life, 'up');
    // Not a wait for something: the moment of the kill is what varies.
    await sleep(200 + ((round * 137) % 500));
    const gone = once(life, 'exit');
    life.kill('SIGKILL');
    await gone;
  }
  const last = begin({ settle: true });
  const { heads, rows } = await heard(last, 'settled');
  await once(last, 'exit');
  expect(last.exitCode).toBe(0);
  const whole = (head: number) => [head, head, 1, head];
  expect(rows).toEqual(heads.map(whole));
  expect(heads[0]).toBeGreaterThan(rounds * 500);
}, 180_000);
