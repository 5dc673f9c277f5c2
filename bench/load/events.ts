import { randomFrom } from './random.ts';

const names = Array.from(
  { length: 18 },
  (_, i) => `http.server.${i % 3 ? 'latency' : 'requests'}.${i}`,
);

/** One event: 50 services, 500 hosts, 20 types of reading, 85 % plain metrics, 15 % rich ones. */
function line(random: () => number, id: string | undefined, time: number): string {
  const pick = (n: number) => Math.floor(random() * n);
  const rich = random() < 0.15;
  const service = `service-${pick(50)}`;
  const event = {
    ...(id !== undefined && { id }),
    time,
    type: rich ? 'log' : 'metric',
    source: '/bench/agent',
    service,
    host: `host-${pick(500)}`,
    environment: 'production',
    name: rich ? 'app.log' : names[pick(names.length)],
    state: random() < 0.02 ? 'critical' : 'ok',
    ...(!rich && { metric: Math.round(random() * 100_000) / 100 }),
    ...(rich && {
      tags: ['bench', `zone-${pick(3)}`],
      attributes: {
        'http.route': `/orders/${pick(40)}`,
        'http.response.status_code': String(200 + 100 * pick(4)),
        'customer.id': `c${pick(10_000)}`,
      },
      data: `order ${pick(1_000_000)} was handled by worker ${pick(64)}`,
    }),
  };
  return JSON.stringify(event);
}

const idDigits = 12;

/**
 * Bodies of NDJSON that can be sent again and again: each time they are stamped with the current
 * time and, where events have ids, with ids that were never used before.
 */
export class Bodies {
  private readonly bodies: {
    readonly bytes: Buffer;
    readonly times: number[];
    readonly ids: number[];
  }[] = [];
  private turn = 0;
  private nextId = 0;

  constructor(options: { readonly count: number; readonly batch: number; readonly ids: boolean }) {
    const random = randomFrom(20261123);
    const blank = '0'.repeat(idDigits);
    const time = 1_000_000_000_000;
    for (let b = 0; b < options.count; b++) {
      const text = Array.from(
        { length: options.batch },
        () => `${line(random, options.ids ? blank : undefined, time)}\n`,
      ).join('');
      const bytes = Buffer.from(text);
      this.bodies.push({
        bytes,
        times: positions(bytes, `"time":${time}`).map((p) => p + 7),
        ids: options.ids ? positions(bytes, `"id":"${blank}"`).map((p) => p + 6) : [],
      });
    }
  }

  /** The next body, stamped. It is overwritten when its turn comes again. */
  next(now: number): Buffer {
    const body = this.bodies[this.turn++ % this.bodies.length];
    if (!body) throw new Error('no bodies');
    const stamp = Buffer.from(String(now));
    for (const at of body.times) stamp.copy(body.bytes, at);
    for (const at of body.ids)
      body.bytes.write(String(this.nextId++).padStart(idDigits, '0'), at, 'latin1');
    return body.bytes;
  }
}

function positions(bytes: Buffer, text: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found.push(at);
  return found;
}
