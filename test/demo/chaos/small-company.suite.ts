import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Company } from '../../../src/demo/company.ts';
import { placesOf } from '../../../src/demo/places.ts';
import { choosePorts } from '../../../src/demo/ports.ts';
import { openProcesses } from '../../../src/demo/processes/processes.ts';

const root = join(import.meta.dirname, '../../..');

/** The real processes that chaos is done to, in a hurry; nobody watches them. */
export interface SmallCompany {
  readonly company: Company;
  /** Ends every process and removes the folder. */
  readonly close: () => Promise<void>;
}

/** ms between two items of the feeds. */
const itemEveryMs = 200;

/**
 * Feeds, payments, importer, queue, two encoders, publisher, the one program and the threads. All make
 * pictures only, which needs no ffmpeg; leases and looks are short.
 */
export async function openSmallCompany(): Promise<SmallCompany> {
  const home = mkdtempSync(join(tmpdir(), 'tc-'));
  const places = placesOf(home, join(root, 'examples/newsroom'));
  prepare(home, places.programs, places.repositories);
  const ports = await choosePorts(7070);
  const ending = new AbortController();
  const { signal } = ending;
  const say = (): void => undefined;
  const processes = openProcesses({ logs: places.logs, home, now: Date.now, say, signal });
  const start = async (name: string, port: number, [cwd, store]: readonly [string, string]) =>
    processes.start({
      name,
      command: process.execPath,
      args: ['main.js'],
      cwd,
      port,
      restart: true,
      restartAfterMs: 500,
      readyWithin: 60_000,
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=1',
        PORT: `${port}`,
        STORE: store,
        FEEDS_URL: `http://127.0.0.1:${ports.feeds}`,
        ENCODER: 'javascript',
        ITEM_EVERY_MS: `${itemEveryMs}`,
        POLL_MS: '200',
        LEASE_MS: '1500',
        DEPLOYMENT_ENVIRONMENT: 'production',
      },
    });
  const outside = (name: string) => [join(places.programs, name), places.outside] as const;
  const stage = (name: string) =>
    [join(places.repositories, 'pipeline', name), places.store('production')] as const;
  const other = (name: string) =>
    [join(places.programs, 'architectures', name), join(places.architectures, name)] as const;
  await Promise.all([
    start('feeds', ports.feeds, outside('feeds')),
    start('payments', ports.payments, outside('payments')),
  ]);
  await start('queue', ports.queue, stage('queue'));
  await Promise.all([
    start('importer', ports.importer, stage('importer')),
    start('encoder-1', ports.encoders[0], stage('encoder')),
    start('encoder-2', ports.encoders[1], stage('encoder')),
    start('publisher', ports.publisher, stage('publisher')),
    start('one-program', ports.architectures.oneProgram, other('one-program')),
    start('threads', ports.architectures.threads, other('threads')),
  ]);
  const made = { places, ports, processes, signal, say, speed: 1, now: Date.now };
  return {
    company: made as unknown as Company, // what chaos and counting need of it
    close: async () => {
      ending.abort();
      await processes.stop(1_000);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** As the demo prepares its folder, without Territory's own packages. */
function prepare(home: string, programs: string, repositories: string): void {
  mkdirSync(join(home, 'node_modules'), { recursive: true });
  for (const name of ['libsql', 'pngjs', 'prom-client', 'fast-xml-parser'])
    symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name));
  const copy = (from: string, to: string): void =>
    cpSync(join(root, 'examples/newsroom', from), to, { recursive: true });
  copy('service', join(home, 'node_modules/newsroom-service'));
  for (const name of ['feeds', 'payments', 'architectures']) copy(name, join(programs, name));
  copy('pipeline', join(repositories, 'pipeline'));
}
