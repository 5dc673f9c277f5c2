import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { openLmdbLog } from '../../src/log/lmdb/lmdb-log.ts';
import type { Decision } from '../../src/rules/decision.ts';
import { AlertsPart } from '../../src/server/compose/alerts-part.ts';
import { loadConfig } from '../../src/server/config/load.ts';

/** What the test wants of one life of this process. */
export interface AlertsOrders {
  readonly dir: string;
  /** Address of the webhooks. */
  readonly url: string;
  /** The step to decide next, as rules that begin again from a checkpoint; none: only send. */
  readonly from: number | undefined;
}

const keys = 5;
/** The recorded past that the rules read: event times say nothing of when it is decided. */
const past = Date.UTC(2026, 0, 1);
const stepMs = 300_000;

/** What is decided at one step: the same whoever asks. */
function decisionsOf(step: number): readonly Decision[] {
  const at = past + step * stepMs;
  const service = `s${step % keys}`;
  const severity = Math.floor(step / keys) % 2 === 0 ? 'critical' : 'ok';
  const origin = { rule: 'r', key: { service }, at };
  const title = `${service} ${severity}`;
  return [
    { ...origin, kind: 'alert', id: `a${step}`, severity, title, since: at, service },
    { ...origin, kind: 'notify', id: `m${step}`, to: 'webhook:chat', title: `m${step}`, body: '' },
    ...(step % keys === 0
      ? [
          {
            ...origin,
            kind: 'scale' as const,
            id: `c${step}`,
            target: 'workers',
            want: 1 + (step % 7),
            min: 1,
            max: 9,
          },
        ]
      : []),
  ];
}

/** Lives until it is killed, or until all is sent. A line on stdout says a step is durable. */
async function live({ dir, url, from }: AlertsOrders): Promise<void> {
  const loaded = loadConfig({
    flags: {
      'notify.webhooks': JSON.stringify({
        chat: { url: `${url}/chat` },
        scaler: { url: `${url}/scale` },
      }),
      'notify.routes':
        '[{"to":["webhook:chat"],"groupBy":["service"],"groupWait":"0","groupInterval":"0"}]',
      'notify.rate.max': 1_000,
      'notify.rate.window': '1s',
      'scale.targets': '[{"target":"workers","webhook":"scaler","cooldown":"1s"}]',
    },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const log = await openLmdbLog({ dir, role: 'writer', now: Date.now, reserveBytes: 0 });
  const part = new AlertsPart({
    config: loaded.config,
    log,
    now: Date.now,
    publicUrl: () => 'http://localhost',
    logger: pino({}, { write: (line) => void writeSync(2, line) }),
  });
  part.start();
  writeSync(1, 'open\n');
  if (from === undefined) {
    while (!part.keeper.ready || !isIdle(part)) await delay(20);
    await part.close();
    await log.close();
    return;
  }
  for (let step = from; ; step++) {
    await part.decided(decisionsOf(step));
    writeSync(1, `${step}\n`);
    if (step % keys === 0) await delay(Math.random() * 60);
  }
}

function isIdle({ keeper }: AlertsPart): boolean {
  const { queue, scale } = keeper.state;
  return queue.size === 0 && ![...scale.values()].some(({ state }) => state === 'decided');
}

await live(JSON.parse(process.argv[2] ?? '{}') as AlertsOrders);
