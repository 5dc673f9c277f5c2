import { isUtf8 } from 'node:buffer';
import { isRecord } from '../../event/json.ts';
import { findJsonError } from '../../event/scan/json-error.ts';
import { intakeErrors } from '../errors.ts';
import type { Received } from '../http/protocol.ts';
import { WireReader } from '../protobuf/wire.ts';
import { fromJson } from './from-json.ts';
import { fromWire } from './from-wire.ts';
import type { Resource, Scope } from './model.ts';
import { type Message, resource as resourceTable, scope as scopeTable } from './schema.ts';

/** How a body is encoded; the answer is the same way. */
export type Encoding = 'json' | 'protobuf';

/** One metric, log record or span, with whose it is. */
export interface Item<T> {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly item: T;
}

/** Names of the three levels of one signal in JSON; in protobuf all signals have the same numbers. */
interface Levels {
  readonly resources: string;
  readonly scopes: string;
  readonly items: string;
  readonly table: Message;
}

/** Throws TERR_INTAKE_MEDIA_TYPE. */
export function encodingOf({ headers }: Pick<Received, 'headers'>): Encoding {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return 'json';
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  const message = `OTLP/HTTP is taken as application/x-protobuf or application/json, not as ${JSON.stringify(type)}.`;
  throw intakeErrors('MEDIA_TYPE', message, { field: 'Content-Type' });
}

/**
 * The items of an export request, each read when it is asked for. Throws TERR_INTAKE_DECODE.
 * `T` is what the table of the levels reads.
 */
export function itemsOf<T>(received: Received, levels: Levels): Generator<Item<T>> {
  return encodingOf(received) === 'json'
    ? itemsOfJson<T>(parse(received.body), levels)
    : itemsOfWire<T>(received.body, levels.table);
}

function* itemsOfWire<T>(body: Buffer, table: Message): Generator<Item<T>> {
  for (const one of partsOf(new WireReader(body), 1)) {
    const resource = headOf<Resource>(one, resourceTable);
    for (const inner of partsOf(one, 2)) {
      const scope = headOf<Scope>(inner, scopeTable);
      for (const item of partsOf(inner, 2))
        yield { resource, scope, item: fromWire(item, table) as T };
    }
  }
}

/** The messages in one repeated field, in order. */
function* partsOf(whole: WireReader, field: number): Generator<WireReader> {
  const reader = again(whole);
  while (reader.next())
    if (reader.field === field) yield reader.message();
    else reader.skip();
}

/** Field 1, wherever it stands among the others. */
function headOf<T>(whole: WireReader, table: Message): T {
  for (const head of partsOf(whole, 1)) return fromWire(head, table) as T;
  return {} as T;
}

function again({ bytes, at, end }: WireReader): WireReader {
  return new WireReader(bytes, at, end);
}

function* itemsOfJson<T>(body: unknown, levels: Levels): Generator<Item<T>> {
  const { resources, scopes, items, table } = levels;
  for (const [one, path] of listIn(body, resources, '')) {
    const resource = fromJson(one['resource'] ?? {}, resourceTable, `${path}.resource`) as Resource;
    for (const [inner, place] of listIn(one, scopes, path)) {
      const scope = fromJson(inner['scope'] ?? {}, scopeTable, `${place}.scope`) as Scope;
      for (const [item, at] of listIn(inner, items, place))
        yield { resource, scope, item: fromJson(item, table, at) as T };
    }
  }
}

type Found = readonly [value: Readonly<Record<string, unknown>>, path: string];

function* listIn(value: unknown, name: string, path: string): Generator<Found> {
  const list = isRecord(value) ? value[name] : undefined;
  const at = path === '' ? name : `${path}.${name}`;
  if (list === undefined || list === null) return;
  if (!Array.isArray(list)) throw intakeErrors('DECODE', `${at} must be a list`, { field: at });
  for (const [i, one] of list.entries()) {
    if (!isRecord(one))
      throw intakeErrors('DECODE', `${at}[${i}] must be an object`, { field: `${at}[${i}]` });
    yield [one, `${at}[${i}]`];
  }
}

function parse(body: Buffer): unknown {
  if (!isUtf8(body)) throw intakeErrors('DECODE', 'The body is not valid UTF-8.');
  const text = body.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    const { line = 1, column = 1, expected = 'JSON' } = findJsonError(text) ?? {};
    const message = `The body is not JSON: at line ${line}, column ${column} ${expected} was expected.`;
    throw intakeErrors('DECODE', message, { line, column, cause });
  }
  throw intakeErrors('DECODE', 'The body must be a JSON object.');
}
