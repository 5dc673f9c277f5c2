import type { Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { wireType, type WireReader } from '../protobuf/wire.ts';
import { undecodable } from './undecodable.ts';

/** How deep a value may nest; deeper is `…`. */
const deepest = 32;
/** Attributes of one thing, and values in one of them or in one body, that are looked at. */
const mostAttributes = 1_024;
const mostValues = 10_000;

/** Attributes as they were sent. */
export interface Attributes {
  readonly values: ReadonlyMap<string, Json>;
  /** How many were not looked at. */
  readonly over: number;
}

export const noAttributes: Attributes = { values: new Map(), over: 0 };

/** What may still be read of one value. */
interface Budget {
  values: number;
}

/** A protobuf `AnyValue` as JSON. Whole numbers beyond 2^53 are text, bytes are base64. */
export function wireValue(reader: WireReader): Json {
  return fromWire(reader, deepest, { values: mostValues });
}

/** The same in the JSON encoding. */
export function jsonValue(value: unknown): Json {
  return fromJson(value, deepest, { values: mostValues });
}

/** Collects the key-values of one repeated field. */
export class AttributeReader implements Attributes {
  readonly values = new Map<string, Json>();
  over = 0;
  readonly #budget: Budget = { values: mostValues };

  wire(reader: WireReader): void {
    if (this.#isFull()) return;
    const [key, value] = pairFromWire(reader, deepest, this.#budget);
    this.values.set(key, value);
  }

  json(value: unknown): void {
    if (this.#isFull()) return;
    const [key, held] = pairFromJson(value, deepest, this.#budget);
    this.values.set(key, held);
  }

  #isFull(): boolean {
    const full = this.values.size >= mostAttributes || this.#budget.values <= 0;
    if (full) this.over++;
    return full;
  }
}

function pairFromWire(reader: WireReader, depth: number, budget: Budget): [string, Json] {
  let key = '';
  let value: Json = null;
  while (reader.next()) {
    if (reader.type !== wireType.bytes) reader.skip();
    else if (reader.field === 1) key = reader.text();
    else if (reader.field === 2) value = fromWire(reader.message(), depth, budget);
    else reader.skip();
  }
  return [key, value];
}

function fromWire(reader: WireReader, depth: number, budget: Budget): Json {
  budget.values--;
  if (depth === 0) return '…';
  let value: Json = null;
  while (reader.next()) {
    const { type } = reader;
    const read =
      type === wireType.bytes ? lengthy(reader, depth - 1, budget) : scalarFromWire(reader);
    if (read === undefined) reader.skip();
    else value = read;
  }
  return value;
}

/** Text, a list, a map or bytes; undefined, with nothing read, of what is unknown. */
function lengthy(reader: WireReader, depth: number, budget: Budget): Json | undefined {
  if (reader.field === 1) return reader.text();
  if (reader.field === 5) return listFromWire(reader.message(), depth, budget);
  if (reader.field === 6) return pairsFromWire(reader.message(), depth, budget);
  return reader.field === 7 ? reader.raw().toString('base64') : undefined;
}

function scalarFromWire(reader: WireReader): Json | undefined {
  const { field, type } = reader;
  if (field === 4 && type === wireType.fixed64) return finite(reader.double());
  if (type !== wireType.varint) return undefined;
  if (field === 2) return reader.varint() !== 0;
  return field === 3 ? whole(reader.int64()) : undefined;
}

function listFromWire(reader: WireReader, depth: number, budget: Budget): Json {
  const list: Json[] = [];
  while (reader.next()) {
    if (reader.field === 1 && reader.type === wireType.bytes && budget.values > 0)
      list.push(fromWire(reader.message(), depth, budget));
    else reader.skip();
  }
  return list;
}

function pairsFromWire(reader: WireReader, depth: number, budget: Budget): Json {
  const pairs: [string, Json][] = [];
  while (reader.next()) {
    if (reader.field === 1 && reader.type === wireType.bytes && budget.values > 0)
      pairs.push(pairFromWire(reader.message(), depth, budget));
    else reader.skip();
  }
  return Object.fromEntries(pairs);
}

function pairFromJson(given: unknown, depth: number, budget: Budget): [string, Json] {
  if (!isRecord(given)) throw undecodable('an attribute', 'an object', given);
  const { key, value } = given;
  return [typeof key === 'string' ? key : '', fromJson(value, depth, budget)];
}

function fromJson(given: unknown, depth: number, budget: Budget): Json {
  budget.values--;
  if (given === undefined || given === null) return null;
  if (!isRecord(given)) throw undecodable('the value of an attribute', 'an object', given);
  if (depth === 0) return '…';
  const [kind] = Object.keys(given).filter((one) => readers.has(one));
  const read = kind === undefined ? undefined : readers.get(kind);
  return kind === undefined || read === undefined ? null : read(given[kind], depth - 1, budget);
}

type Reader = (value: unknown, depth: number, budget: Budget) => Json;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['stringValue', scalar],
  ['boolValue', scalar],
  ['intValue', (value) => (typeof value === 'string' ? wholeText(value) : scalar(value))],
  ['doubleValue', scalar],
  ['bytesValue', scalar],
  [
    'arrayValue',
    (value, depth, budget) =>
      listIn(value).flatMap((one) => (budget.values > 0 ? [fromJson(one, depth, budget)] : [])),
  ],
  [
    'kvlistValue',
    (value, depth, budget) =>
      Object.fromEntries(
        listIn(value).flatMap((one) =>
          budget.values > 0 ? [pairFromJson(one, depth, budget)] : [],
        ),
      ),
  ],
]);

function scalar(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return finite(value);
  throw undecodable('the value of an attribute', 'of the kind that its name says', value);
}

function listIn(value: unknown): readonly unknown[] {
  const list = isRecord(value) ? value['values'] : undefined;
  return Array.isArray(list) ? list : [];
}

function wholeText(text: string): Json {
  return /^-?\d{1,20}$/.test(text) ? whole(BigInt(text)) : text;
}

function whole(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has neither NaN nor Infinity: they stand as text, as in protobuf's JSON. */
function finite(value: number): Json {
  return Number.isFinite(value) ? value : String(value);
}
