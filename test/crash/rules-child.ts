import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeBatch, encodeDrafts } from '../../src/event/codec.ts';
import type { Draft, Event } from '../../src/event/event.ts';
import { openLmdbLog } from '../../src/log/lmdb/lmdb-log.ts';
import type { OutwardDecision } from '../../src/server/rules/running/messages.ts';
import { RulesRuntime } from '../../src/server/rules/runtime.ts';

/** What the test wants of one life of the process. */
export interface Life {
  readonly dir: string;
  /** Send nothing, wait until the rules have decided everything, tell all events, end in order. */
  readonly settle: boolean;
}

/** What the test hears. */
export type Heard =
  | { readonly kind: 'up' }
  | { readonly kind: 'settled'; readonly sent: readonly Event[]; readonly made: readonly Event[] };

const { dir, settle } = JSON.parse(process.argv[2] ?? '{}') as Life;
const tell = (message: Heard): void => void process.send?.(message);
const log = await openLmdbLog({
  dir: join(dir, 'log'),
  role: 'writer',
  now: Date.now,
  reserveBytes: 0,
  // What was emitted must be known without them: at full load they reach back a few seconds only.
  identities: { readings: 10 },
});
const past = await all();
let count = past.filter(({ source }) => source === 'crash').length;
const runtime = new RulesRuntime({
  log,
  logDir: join(dir, 'log'),
  directory: join(dir, 'rules'),
  stateDir: join(dir, 'state'),
  limits: {
    memory: 256 * 2 ** 20,
    turnTime: 30_000,
    // Many checkpoints: more moments at which a kill can hurt.
    checkpoint: 100,
  },
  sink: { decided, gone: async () => undefined, restarted: () => undefined },
  now: Date.now,
  onError: (error) => {
    throw error;
  },
});
runtime.start();
while (!runtime.rules.some(({ state }) => state === 'running')) await sleep(5);
tell({ kind: 'up' });
if (settle) await end();
else for (;;) await sendSome();

/** An alert's decision as a fact of its own id. */
async function decided(decisions: readonly OutwardDecision[]): Promise<void> {
  const drafts = decisions.map((decision): Draft => {
    const { id, at, key } = decision;
    const severity = decision.kind === 'alert' ? decision.severity : '';
    const attributes = { service: key['service'] ?? '', severity };
    return { id, time: at, type: 'dev.cdeventsx.test-alert.said.0.1.0', subject: 'x', attributes };
  });
  const { facts } = encodeDrafts(drafts, 'territory/alerts');
  if (facts) await log.append('facts', facts);
}

/** Numbered events of five services; each changes its state after a hundred. */
async function sendSome(): Promise<void> {
  const time = Date.now();
  const drafts = Array.from({ length: 20 }, (): Draft => {
    const n = count++;
    const state = Math.floor(n / 500) % 2 === 0 ? 'ok' : 'critical';
    return { type: 'metric', name: 'x', id: `e${n}`, time, metric: n, service: `s${n % 5}`, state };
  });
  const { readings } = encodeDrafts(drafts, 'crash');
  if (readings) await log.append('readings', readings);
  await sleep(2);
}

async function end(): Promise<void> {
  // The end of the last window is only known once the clock has passed it.
  await sleep(4_000);
  await runtime.stop();
  const events = await all();
  const sent = events.filter(({ source }) => source === 'crash');
  const made = events.filter(({ source }) => source !== 'crash');
  await new Promise((told) =>
    process.send?.({ kind: 'settled', sent, made } satisfies Heard, told),
  );
  await log.close();
  process.disconnect();
}

async function all(): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (const stream of ['facts', 'readings'] as const)
    for await (const batch of log.read(stream, 1)) events.push(...decodeBatch(batch));
  return events;
}
