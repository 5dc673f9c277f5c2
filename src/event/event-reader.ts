import type { Batch } from './batch.ts';
import { brokenBatch, decodeLine, type PlacedEvent } from './codec.ts';
import type { Json } from './event.ts';
import { at, special } from './scan/fields.ts';
import { KnownTexts } from './scan/known-texts.ts';
import { LineScanner } from './scan/scanner.ts';

const lineFeed = 0x0a;
const quote = 0x22;

/**
 * The events of batches, for who looks at every one of them: as `decodeBatch`, and faster
 * (measured by `bench/event-reader.ts`). One reader is made for a stream of batches and keeps the
 * strings that repeat: services, hosts, names, types, sources, environments, states, tags and
 * attributes.
 *
 * What it gives are plain objects that own everything they hold. Nothing is decoded later, because
 * that would keep a whole batch in memory for one event that a rule remembers, and would be lost
 * in a copy (`{ ...event }`, structuredClone). They have the fields of `decodeBatch`'s and no
 * others; only the order of their keys is another.
 */
export class EventReader {
  /** Lines, since it was made, that took the slow way of `decodeLine`. */
  unusual = 0;
  readonly texts: KnownTexts;
  readonly #scanner = new LineScanner();

  constructor(texts = new KnownTexts()) {
    this.texts = texts;
  }

  /** Throws TERR_EVENT_JSON when the batch is not what the log promises. */
  read(batch: Batch): PlacedEvent[] {
    if (batch.count === 0) return [];
    const { buffer, byteOffset, byteLength } = batch.bytes;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.texts.read(bytes);
    const from = { scanner: this.#scanner, texts: this.texts, bytes, batch };
    const events: PlacedEvent[] = [];
    for (let start = 0; start < bytes.length;) {
      const offset = batch.first + events.length;
      const behind = this.#scanner.scan(bytes, start, bytes.length);
      if (isPlain(from, behind)) {
        events.push(new PlainEvent(from, offset));
        start = behind + 1;
      } else {
        const found = bytes.indexOf(lineFeed, start);
        const end = found < 0 ? bytes.length : found;
        const { stream, received, source } = batch;
        const line = bytes.toString('utf8', start, end);
        events.push(decodeLine(line, { stream, received, source, offset }));
        this.unusual++;
        start = end + 1;
      }
    }
    if (events.length !== batch.count)
      throw brokenBatch(batch, `it holds ${events.length} lines and says ${batch.count}`);
    return events;
  }
}

/** What the scanner has found, and where. */
interface Scanned {
  readonly scanner: LineScanner;
  readonly texts: KnownTexts;
  readonly bytes: Buffer;
  readonly batch: Batch;
}

/** Whether the scan that ended `behind` found one whole line with an event of some type. */
function isPlain({ scanner, bytes }: Scanned, behind: number): boolean {
  if (behind < 0 || scanner.ends[at.type] === 0) return false;
  return behind === bytes.length || bytes[behind] === lineFeed;
}

/**
 * An event out of a scan. A constructor with one assignment for each field, because the engine
 * then makes room for all of them in the object itself; a function and not a class, because its
 * objects are to be plain ones, and the prototype of a class cannot be set.
 */
const PlainEvent = function (this: Settable<PlacedEvent>, from: Scanned, offset: number): void {
  const { scanner, batch } = from;
  this.id = seldomText(from, at.id) ?? `${batch.stream}-${offset}`;
  this.time = Number.isNaN(scanner.time) ? batch.received : scanner.time;
  this.type = text(from, at.type) ?? '';
  this.source = text(from, at.source) ?? batch.source;
  // Before all that may be missing, so that every object has these in the same places.
  this.received = batch.received;
  this.stream = batch.stream;
  this.offset = offset;
  setTexts(this, from);
  if (!Number.isNaN(scanner.metric)) this.metric = scanner.metric;
  if (!Number.isNaN(scanner.ttl)) this.ttl = scanner.ttl;
  if (scanner.has(special.tags)) this.tags = tagsOf(from);
  if (scanner.has(special.attributes)) this.attributes = attributesOf(from);
  if (scanner.has(special.data)) this.data = dataOf(from);
} as unknown as new (from: Scanned, offset: number) => PlacedEvent; // what `new` gives
PlainEvent.prototype = Object.prototype;

type Settable<T> = { -readonly [K in keyof T]: T[K] };

function setTexts(event: Settable<PlacedEvent>, from: Scanned): void {
  const subject = seldomText(from, at.subject);
  if (subject !== undefined) event.subject = subject;
  const service = text(from, at.service);
  if (service !== undefined) event.service = service;
  const host = text(from, at.host);
  if (host !== undefined) event.host = host;
  const environment = text(from, at.environment);
  if (environment !== undefined) event.environment = environment;
  const name = text(from, at.name);
  if (name !== undefined) event.name = name;
  const state = text(from, at.state);
  if (state !== undefined) event.state = state;
}

/** The text of a field whose values repeat. */
function text({ scanner, texts }: Scanned, field: number): string | undefined {
  const end = scanner.ends[field] ?? 0;
  return end === 0 ? undefined : texts.text(scanner.starts[field] ?? 0, end);
}

/** The text of a field whose values seldom repeat, so that they are not looked for. */
function seldomText({ scanner, bytes }: Scanned, field: number): string | undefined {
  const end = scanner.ends[field] ?? 0;
  return end === 0 ? undefined : bytes.toString('utf8', scanner.starts[field], end);
}

function tagsOf({ scanner, texts }: Scanned): string[] {
  const tags: string[] = [];
  for (let i = 0; i < scanner.tagCount; i++)
    tags.push(texts.text(scanner.tagStarts[i] ?? 0, scanner.tagEnds[i] ?? 0));
  return tags;
}

function attributesOf({ scanner, texts }: Scanned): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let i = 0; i < scanner.attributeCount; i++) {
    const key = texts.text(scanner.keyStarts[i] ?? 0, scanner.keyEnds[i] ?? 0);
    const value = texts.text(scanner.valueStarts[i] ?? 0, scanner.valueEnds[i] ?? 0);
    // As JSON.parse does: an assignment would go to the setter of Object.prototype.
    if (key === '__proto__') Object.defineProperty(attributes, key, { ...ownValue, value });
    else attributes[key] = value;
  }
  return attributes;
}

const ownValue = { enumerable: true, configurable: true, writable: true };

function dataOf({ scanner, bytes }: Scanned): Json {
  const { dataStart, dataEnd } = scanner;
  const json = bytes.toString('utf8', dataStart, dataEnd);
  const isBareText = bytes[dataStart] === quote && !json.includes('\\');
  return isBareText ? json.slice(1, -1) : (JSON.parse(json) as Json); // the scanner found it valid
}
