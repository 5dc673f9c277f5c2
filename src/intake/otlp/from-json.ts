import { isRecord } from '../../event/json.ts';
import { intakeErrors } from '../errors.ts';
import type { FieldOf, Kind, Message } from './schema.ts';

type Read = Record<string, unknown>;

const maxDepth = 32;

/**
 * Reads a message in its JSON form (opentelemetry-proto, docs/specification.md, "JSON Protobuf
 * Encoding"): lowerCamelCase, ids in hex, 64-bit integers as text or number, unknown fields left
 * out. Throws TERR_INTAKE_DECODE with the path of what is wrong.
 */
export function fromJson(value: unknown, message: Message, path = ''): Read {
  if (!isRecord(value)) throw wrong(path, 'an object', value);
  const read: Read = {};
  for (const [name, held] of Object.entries(value)) {
    const field = message.byName.get(name);
    if (field === undefined || held === null) continue;
    const at = path === '' ? name : `${path}.${name}`;
    if (at.split('.').length > maxDepth * 2) continue;
    read[name] = field.repeated ? listOf(held, field, at) : valueOf(held, field, at);
  }
  return read;
}

function listOf(value: unknown, field: FieldOf, path: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(path, 'a list', value);
  return value.map((one, i) => valueOf(one, field, `${path}[${i}]`));
}

function valueOf(value: unknown, { kind, names }: FieldOf, path: string): unknown {
  if (typeof kind === 'object') return fromJson(value, kind, path);
  const read = readers[kind](value, names);
  if (read === undefined) throw wrong(path, words[kind], value);
  return read;
}

const words: Readonly<Record<Exclude<Kind, Message>, string>> = {
  text: 'a text',
  bool: 'true or false',
  double: 'a number',
  integer: 'an integer',
  fixed: 'an integer',
  digits: 'an integer',
  nanos: 'nanoseconds since the epoch',
  id: 'an id in hex',
  bytes: 'base64',
};

type Reader = (value: unknown, names: FieldOf['names']) => unknown;

const textOf: Reader = (value) => (typeof value === 'string' ? value : undefined);
const numbered: Reader = (value, names) =>
  (typeof value === 'string' ? names?.[value] : undefined) ?? numberOf(value);

const readers: Readonly<Record<Exclude<Kind, Message>, Reader>> = {
  text: textOf,
  bytes: textOf,
  id: (value) => (typeof value === 'string' ? value.toLowerCase() : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  digits: digitsOf,
  nanos: msOf,
  double: numbered,
  fixed: numbered,
  integer: numbered,
};

/** Protobuf's JSON writes what is no number as text. */
const odd: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
};

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const read = odd[value] ?? Number(value);
  return Number.isNaN(read) && value !== 'NaN' ? undefined : read;
}

function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(Math.trunc(value));
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? value : undefined;
}

function msOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value / 1e6;
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return undefined;
  return Number(value) / 1e6;
}

function wrong(path: string, expected: string, value: unknown): Error {
  const shown = JSON.stringify(value)?.slice(0, 64) ?? 'nothing';
  const message = `${path || 'the body'} must be ${expected}, and is ${shown}`;
  return intakeErrors('DECODE', message, { field: path });
}
