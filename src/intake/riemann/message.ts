import { WireReader, wireType } from '../protobuf/wire.ts';
import { RecentTexts } from '../recent-texts.ts';

/** An event of Riemann as it is on the wire (riemann-java-client, proto/riemann/proto.proto). */
export interface RiemannEvent {
  /** Seconds since the epoch. */
  time?: number;
  /** Microseconds since the epoch, of newer clients. */
  timeMicros?: number;
  state?: string;
  service?: string;
  host?: string;
  description?: string;
  /** Seconds. */
  ttl?: number;
  metric?: number;
  readonly tags: string[];
  readonly attributes: (readonly [key: string, value: string])[];
}

/** What a client sends: events, or a question. */
export interface Message {
  readonly events: readonly RiemannEvent[];
  readonly query: string | undefined;
}

/** Reads one message. Throws TERR_INTAKE_DECODE. */
export function readMessage(bytes: Buffer): Message {
  const events: RiemannEvent[] = [];
  let query: string | undefined;
  const reader = new WireReader(bytes);
  while (reader.next())
    // 4: the states of old clients, whose fields have the same numbers.
    if (reader.field === 6 || reader.field === 4) events.push(readEvent(reader.message()));
    else if (reader.field === 5) query = readQuery(reader.message());
    else reader.skip();
  return { events, query };
}

function readQuery(reader: WireReader): string {
  let text = '';
  while (reader.next())
    if (reader.field === 1) text = reader.text();
    else reader.skip();
  return text;
}

/** Keys of the fields that are read, by number and wire type: one of another type is passed over. */
const keys = {
  time: 1 * 8,
  state: 2 * 8 + 2,
  service: 3 * 8 + 2,
  host: 4 * 8 + 2,
  description: 5 * 8 + 2,
  tag: 7 * 8 + 2,
  ttl: 8 * 8 + 5,
  attribute: 9 * 8 + 2,
  timeMicros: 10 * 8,
  metricSint64: 13 * 8,
  metricD: 14 * 8 + 1,
  metricF: 15 * 8 + 5,
} as const;

function readEvent(reader: WireReader): RiemannEvent {
  const event: RiemannEvent = { tags: [], attributes: [] };
  while (reader.next()) {
    const key = reader.field * 8 + reader.type;
    if (key <= keys.description) readText(reader, event, key);
    else if (key >= keys.metricSint64) readMetric(reader, event, key);
    else readMore(reader, event, key);
  }
  return event;
}

function readText(reader: WireReader, event: RiemannEvent, key: number): void {
  switch (key) {
    case keys.time:
      event.time = reader.varint();
      break;
    case keys.state:
      event.state = text(reader);
      break;
    case keys.service:
      event.service = text(reader);
      break;
    case keys.host:
      event.host = text(reader);
      break;
    case keys.description:
      event.description = reader.text();
      break;
    default:
      reader.skip();
  }
}

function readMore(reader: WireReader, event: RiemannEvent, key: number): void {
  switch (key) {
    case keys.tag:
      event.tags.push(text(reader));
      break;
    case keys.ttl:
      event.ttl = shortest(reader.float());
      break;
    case keys.attribute:
      event.attributes.push(readAttribute(reader.message()));
      break;
    case keys.timeMicros:
      event.timeMicros = reader.varint();
      break;
    default:
      reader.skip();
  }
}

/** Clients that send a double or an integer repeat it as a float for old servers. */
function readMetric(reader: WireReader, event: RiemannEvent, key: number): void {
  switch (key) {
    case keys.metricSint64:
      event.metric = zigzag(reader);
      break;
    case keys.metricD:
      event.metric = reader.double();
      break;
    case keys.metricF: {
      const float = reader.float();
      event.metric ??= shortest(float);
      break;
    }
    default:
      reader.skip();
  }
}

function readAttribute(reader: WireReader): readonly [string, string] {
  let key = '';
  let value = '';
  while (reader.next())
    if (reader.type !== wireType.bytes) reader.skip();
    else if (reader.field === 1) key = text(reader);
    else if (reader.field === 2) value = text(reader);
    else reader.skip();
  return [key, value];
}

const texts = new RecentTexts();

/** A text that comes again and again. */
function text(reader: WireReader): string {
  const { bytes } = reader;
  // Behind its length, whose last byte is the first one below 0x80.
  let start = reader.at + 1;
  reader.skip();
  while (start < reader.at && (bytes[start - 1] ?? 0) >= 0x80) start++;
  return texts.of(bytes, start, reader.at);
}

/** A sint64 as a number: exact up to 2^53, and the nearest one beyond. */
function zigzag(reader: WireReader): number {
  const start = reader.at;
  const value = reader.varint();
  if (value <= Number.MAX_SAFE_INTEGER) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  reader.at = start;
  return Number(reader.zigzag());
}

/** The shortest decimal that is this float: 252.2 was sent, and not 252.1999969482422. */
function shortest(float: number): number {
  if (!Number.isFinite(float) || Number.isInteger(float)) return float;
  for (let digits = 6; digits < 10; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return float;
}
