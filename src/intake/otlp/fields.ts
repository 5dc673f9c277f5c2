import { isRecord } from '../../event/json.ts';
import { wireType, WireReader } from '../protobuf/wire.ts';
import { AttributeReader, jsonValue, wireValue } from './any-value.ts';
import { undecodable } from './undecodable.ts';

/** Numbers of one list that are read; a list with more has `mostNumbers + 1`. */
export const mostNumbers = 2_048;

/** A message that has not been read yet, in one of the two encodings. */
export type Input = WireReader | JsonInput;

/** An object of a JSON body, which knows where it stands. */
export class JsonInput {
  readonly record: Readonly<Record<string, unknown>>;
  readonly #parent: JsonInput | undefined;
  readonly #place: string;

  constructor(record: Readonly<Record<string, unknown>>, parent?: JsonInput, place = '') {
    this.record = record;
    this.#parent = parent;
    this.#place = place;
  }

  /** `resourceMetrics[0].scopeMetrics`; only ever asked for when something is wrong. */
  pathTo(name: string): string {
    const own = this.#parent === undefined ? '' : this.#parent.pathTo(this.#place);
    return own === '' ? name : `${own}.${name}`;
  }
}

/**
 * How a field is read. `nanos`: ns since the epoch as bigint; `hex`: ids; `count`: unsigned, as
 * number; `whole`: signed, as number; `zigzag`: sint32; `counts`: fixed64 in a list, `varints` uint64; `each`: messages, read one by one when
 * asked for; `message`: one, not read yet.
 */
type Kind =
  | 'text'
  | 'hex'
  | 'nanos'
  | 'count'
  | 'whole'
  | 'zigzag'
  | 'double'
  | 'bool'
  | 'doubles'
  | 'counts'
  | 'varints'
  | 'value'
  | 'attributes'
  | 'each'
  | 'message';

/** A field by its number, with its name in JSON. `names`: of an enum, by number. */
type Field = readonly [number: number, name: string, kind: Kind, names?: readonly string[]];

/** The field table of a message, in the order of opentelemetry-proto; `T` is what is read of it. */
export class Shape<T> {
  readonly byNumber: readonly (Field | undefined)[];
  readonly byName: ReadonlyMap<string, Field>;

  constructor(...fields: readonly (Field & { readonly 1: keyof T & string })[]) {
    const byNumber: Field[] = [];
    for (const field of fields) byNumber[field[0]] = field;
    this.byNumber = byNumber;
    this.byName = new Map(fields.map((field) => [field[1], field]));
  }
}

type Held = Record<string, unknown>;

/** Reads a message; fields that are missing or unknown are left out. Throws TERR_INTAKE_DECODE. */
export function read<T>(shape: Shape<T>, input: Input): Partial<T> {
  const held: Held = {};
  if (input instanceof WireReader) readWire(shape, input, held);
  else readJson(shape, input, held);
  return held as Partial<T>; // made by the shape of T
}

function readWire<T>(shape: Shape<T>, from: WireReader, held: Held): void {
  const reader = new WireReader(from.bytes, from.at, from.end);
  let start = reader.at;
  while (reader.next()) {
    const field = shape.byNumber[reader.field];
    if (field === undefined) reader.skip();
    else takeWire(reader, field, held, start);
    start = reader.at;
  }
}

function takeWire(reader: WireReader, field: Field, held: Held, start: number): void {
  const [number, name, kind] = field;
  if (kind === 'each') {
    held[name] ??= { [Symbol.iterator]: () => eachWire(reader, number, start) };
    reader.skip();
  } else if (kind === 'attributes' && reader.type === wireType.bytes) {
    const attributes = (held[name] ??= new AttributeReader()) as AttributeReader; // set here alone
    attributes.wire(reader.message());
  } else if (isNumbers(kind)) {
    numbers(reader, kind, (held[name] ??= []) as number[]); // set here alone
  } else {
    const value = scalarOf(reader, kind);
    if (value === undefined) reader.skip();
    else held[name] = value;
  }
}

function* eachWire(outer: WireReader, number: number, start: number): Generator<Input> {
  const reader = new WireReader(outer.bytes, start, outer.end);
  while (reader.next()) {
    if (reader.field === number && reader.type === wireType.bytes) yield reader.message();
    else reader.skip();
  }
}

/** A value of the wire type that belongs to its kind; undefined, with nothing read, of another. */
function scalarOf(reader: WireReader, kind: Kind): unknown {
  if (reader.type === wireType.bytes) return bytesOf(reader, kind);
  if (reader.type === wireType.fixed64) return fixedOf(reader, kind);
  if (reader.type === wireType.varint) return varintOf(reader, kind);
  return kind === 'count' && reader.type === wireType.fixed32 ? reader.fixed32() : undefined;
}

function fixedOf(reader: WireReader, kind: Kind): unknown {
  if (kind === 'double') return reader.double();
  if (kind === 'nanos') return reader.fixed64();
  if (kind === 'count') return Number(reader.fixed64());
  return kind === 'whole' ? Number(BigInt.asIntN(64, reader.fixed64())) : undefined;
}

function varintOf(reader: WireReader, kind: Kind): unknown {
  if (kind === 'count') return reader.varint();
  if (kind === 'bool') return reader.varint() !== 0;
  if (kind === 'whole') return Number(reader.int64());
  return kind === 'zigzag' ? Number(reader.zigzag()) : undefined;
}

function bytesOf(reader: WireReader, kind: Kind): unknown {
  if (kind === 'text') return reader.text();
  if (kind === 'hex') return reader.raw().toString('hex');
  if (kind === 'value') return wireValue(reader.message());
  return kind === 'message' ? reader.message() : undefined;
}

const isNumbers = (kind: Kind): boolean =>
  kind === 'doubles' || kind === 'counts' || kind === 'varints';

/** Repeated numbers, packed or not; all that is read of what is too long is that it is. */
function numbers(reader: WireReader, kind: Kind, into: number[]): void {
  const full = (): boolean => into.length > mostNumbers;
  if (reader.type === wireType.bytes) {
    const inner = reader.message();
    while (inner.at < inner.end && !full()) into.push(packed(inner, kind));
    return;
  }
  const value = scalarOf(reader, kind === 'doubles' ? 'double' : 'count');
  if (typeof value !== 'number') reader.skip();
  else if (!full()) into.push(value);
}

function packed(inner: WireReader, kind: Kind): number {
  if (kind === 'doubles') return inner.double();
  return kind === 'counts' ? Number(inner.fixed64()) : inner.varint();
}

function readJson<T>(shape: Shape<T>, input: JsonInput, held: Held): void {
  for (const [name, field] of shape.byName) {
    const given = input.record[name];
    if (given !== undefined && given !== null) held[name] = jsonOf(given, field, input);
  }
}

function jsonOf(given: unknown, [, name, kind, names]: Field, input: JsonInput): unknown {
  const value = jsonReaders[kind](given, names);
  if (value === undefined) throw undecodable(input.pathTo(name), wanted[kind], given);
  // `each` and `message` have been found to be objects.
  if (kind === 'message') return new JsonInput(value as Held, input, name);
  return kind === 'each'
    ? { [Symbol.iterator]: () => eachJson(value as Held[], name, input) }
    : value;
}

function* eachJson(list: readonly Held[], name: string, input: JsonInput): Generator<Input> {
  for (const [i, one] of list.entries()) yield new JsonInput(one, input, `${name}[${i}]`);
}

const wanted: Readonly<Record<Kind, string>> = {
  text: 'a text',
  hex: 'an id in hexadecimal digits',
  nanos: 'a time in nanoseconds',
  count: 'a whole number',
  whole: 'a whole number',
  zigzag: 'a whole number',
  double: 'a number',
  bool: 'true or false',
  doubles: 'a list of numbers',
  counts: 'a list of numbers',
  varints: 'a list of numbers',
  value: 'a value',
  attributes: 'a list of attributes',
  each: 'a list of objects',
  message: 'an object',
};

type JsonReader = (given: unknown, names: readonly string[] | undefined) => unknown;

const jsonReaders: Readonly<Record<Kind, JsonReader>> = {
  text: (given) => (typeof given === 'string' ? given : undefined),
  hex: (given) =>
    typeof given === 'string' && /^(?:[0-9a-f]{2})*$/i.test(given)
      ? given.toLowerCase()
      : undefined,
  nanos: (given) => {
    if (typeof given === 'string' && /^\d{1,20}$/.test(given)) return BigInt(given);
    return typeof given === 'number' && given >= 0 && given < 2 ** 64
      ? BigInt(Math.trunc(given))
      : undefined;
  },
  count: numberOf,
  whole: numberOf,
  zigzag: numberOf,
  double: numberOf,
  bool: (given) => (typeof given === 'boolean' ? given : undefined),
  doubles: numbersOf,
  counts: numbersOf,
  varints: numbersOf,
  value: jsonValue,
  attributes: (given) => {
    if (!Array.isArray(given)) return undefined;
    const attributes = new AttributeReader();
    for (const one of given) attributes.json(one);
    return attributes;
  },
  each: (given) => (Array.isArray(given) && given.every(isRecord) ? given : undefined),
  message: (given) => (isRecord(given) ? given : undefined),
};

/** Numbers, also in quotes as protobuf's JSON has 64 bits, `NaN` and the infinities; names of enums. */
function numberOf(given: unknown, names?: readonly string[]): number | undefined {
  if (typeof given === 'number') return given;
  if (typeof given !== 'string' || given === '') return undefined;
  const named = names?.indexOf(given) ?? -1;
  if (named >= 0) return named;
  const number = Number(given);
  return Number.isNaN(number) && given !== 'NaN' ? undefined : number;
}

function numbersOf(given: unknown): number[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const some: number[] = [];
  for (const one of given.slice(0, mostNumbers + 1)) {
    const number = numberOf(one);
    if (number === undefined) return undefined;
    some.push(number);
  }
  return some;
}
