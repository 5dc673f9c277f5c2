import { WireReader } from '../protobuf/wire.ts';

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

function readEvent(reader: WireReader): RiemannEvent {
  const event: RiemannEvent = { tags: [], attributes: [] };
  while (reader.next())
    if (reader.field <= 5) readText(reader, event);
    else readNumber(reader, event);
  return event;
}

function readText(reader: WireReader, event: RiemannEvent): void {
  switch (reader.field) {
    case 1:
      event.time = reader.varint();
      break;
    case 2:
      event.state = reader.text();
      break;
    case 3:
      event.service = reader.text();
      break;
    case 4:
      event.host = reader.text();
      break;
    default:
      event.description = reader.text();
  }
}

function readNumber(reader: WireReader, event: RiemannEvent): void {
  switch (reader.field) {
    case 7:
      event.tags.push(reader.text());
      break;
    case 8:
      event.ttl = shortest(reader.float());
      break;
    case 9:
      event.attributes.push(readAttribute(reader.message()));
      break;
    case 10:
      event.timeMicros = reader.varint();
      break;
    case 13:
      event.metric = zigzag(reader.varint());
      break;
    case 14:
      event.metric = reader.double();
      break;
    case 15:
      readFloat(reader, event);
      break;
    default:
      reader.skip();
  }
}

/** Clients that send a double or an integer repeat it as a float for old servers. */
function readFloat(reader: WireReader, event: RiemannEvent): void {
  const float = reader.float();
  event.metric ??= shortest(float);
}

function readAttribute(reader: WireReader): readonly [string, string] {
  let key = '';
  let value = '';
  while (reader.next())
    if (reader.field === 1) key = reader.text();
    else if (reader.field === 2) value = reader.text();
    else reader.skip();
  return [key, value];
}

/** sint64; exact as far as numbers are. */
function zigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
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
