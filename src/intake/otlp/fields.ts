import { isRecord } from '../../event/json.ts';
import { wireType, WireReader } from '../protobuf/wire.ts';
import { AttributeReader, jsonValue, wireValue } from './any-value.ts';
import { undecodable } from './undecodable.ts';

/** Numbers of one list that are read; a list with more has `mostNumbers + 1`. */
export const mostNumbers = 2_048;

/** A message that has not been read yet, in one of the two encodings. */
export type Input = WireReader | Readonly<Record<string, unknown>>;

/**
 * How a field is read. `nanos`: ns since the epoch as bigint; `hex`: ids; `count`: unsigned, as
 * number; `whole`: signed, as number; `zigzag`: sint32; `each`: messages, read one by one when
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
  } else if (kind === 'doubles' || kind === 'counts') {
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
  switch (reader.type) {
    case wireType.bytes:
      return bytesOf(reader, kind);
    case wireType.fixed64:
      if (kind === 'double') return reader.double();
      if (kind === 'nanos') return reader.fixed64();
      if (kind === 'count') return Number(reader.fixed64());
      return kind === 'whole' ? Number(BigInt.asIntN(64, reader.fixed64())) : undefined;
    case wireType.varint:
      if (kind === 'count') return reader.varint();
      if (kind === 'bool') return reader.varint() !== 0;
      if (kind === 'whole') return Number(reader.int64());
      return kind === 'zigzag' ? Number(reader.zigzag()) : undefined;
    default:
      return kind === 'count' && reader.type === wireType.fixed32 ? reader.fixed32() : undefined;
  }
}

function bytesOf(reader: WireReader, kind: Kind): unknown {
  if (kind === 'text') return reader.text();
  if (kind === 'hex') return reader.raw().toString('hex');
  if (kind === 'value') return wireValue(reader.message());
  return kind === 'message' ? reader.message() : undefined;
}

/** Repeated numbers, packed or not; all that is read of what is too long is that it is. */
function numbers(reader: WireReader, kind: 'doubles' | 'counts', into: number[]): void {
  const packed = reader.type === wireType.bytes;
  const inner = packed ? reader.message() : reader;
  if (packed && isFixed(inner, kind)) {
    while (inner.at < inner.end && into.length <= mostNumbers)
      into.push(kind === 'doubles' ? inner.double() : Number(inner.fixed64()));
  } else if (packed) {
    while (inner.at < inner.end && into.length <= mostNumbers) into.push(inner.varint());
  } else {
    const value = scalarOf(reader, kind === 'doubles' ? 'double' : 'count');
    if (typeof value !== 'number') reader.skip();
    else if (into.length <= mostNumbers) into.push(value);
  }
}

/**
 * Histograms count in fixed64 and exponential ones in varints. Which of the two a packed list is
 * says its message alone; so `counts` are fixed64, and varints are read by `packedVarints`.
 */
function isFixed(_: WireReader, kind: 'doubles' | 'counts'): boolean {
  return kind === 'doubles' || kind === 'counts';
}

function readJson<T>(shape: Shape<T>, input: Readonly<Held>, held: Held): void {
  for (const [name, field] of shape.byName) {
    const given = input[name];
    if (given !== undefined && given !== null) held[name] = jsonOf(given, field);
  }
}

function jsonOf(given: unknown, [, name, kind, names]: Field): unknown {
  const value = jsonReaders[kind](given, names);
  if (value === undefined) throw undecodable(`${name} is not ${wanted[kind]}`, given);
  return value;
}

const wanted: Readonly<Record<Kind, string>> = {
  text: 'text',
  hex: 'an id in hexadecimal digits',
  nanos: 'a time in nanoseconds',
  count: 'a whole number',
  whole: 'a whole number',
  zigzag: 'a whole number',
  double: 'a number',
  bool: 'true or false',
  doubles: 'a list of numbers',
  counts: 'a list of numbers',
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
