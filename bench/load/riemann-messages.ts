import { Bodies } from './events.ts';

interface BenchEvent {
  readonly service: string;
  readonly host: string;
  readonly environment: string;
  readonly name: string;
  readonly state: string;
  readonly metric?: number;
  readonly tags?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly data?: string;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));

/** As riemann-c-client and collectd write it: the time twice, and the number once. */
function encoded(event: BenchEvent, now: number): Buffer {
  const metric = Buffer.alloc(9, 14 * 8 + 1);
  metric.writeDoubleLE(event.metric ?? 0, 1);
  const attributes = Object.entries({
    'service.name': event.service,
    'deployment.environment.name': event.environment,
    ...event.attributes,
  });
  return Buffer.concat([
    varint(8),
    varint(Math.floor(now / 1000)),
    text(2, event.state),
    text(3, event.name),
    text(4, event.host),
    ...(event.data === undefined ? [] : [text(5, event.data)]),
    ...(event.tags ?? []).map((tag) => text(7, tag)),
    ...attributes.map(([key, value]) => field(9, Buffer.concat([text(1, key), text(2, value)]))),
    varint(10 * 8),
    varint(now * 1000),
    ...(event.metric === undefined ? [] : [metric]),
  ]);
}

/** Messages of `batch` events each, with their lengths: those that the HTTP intake is sent. */
export function riemannMessages(batch: number, count: number): Buffer[] {
  const bodies = new Bodies({ count, batch, ids: false });
  const now = Date.now();
  return Array.from({ length: count }, () => {
    const lines = bodies.next(now).toString().trimEnd().split('\n');
    const events = lines.map((line) => field(6, encoded(JSON.parse(line) as BenchEvent, now)));
    const message = Buffer.concat(events);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    return Buffer.concat([length, message]);
  });
}
