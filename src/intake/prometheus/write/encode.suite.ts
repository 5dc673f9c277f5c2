import { compress } from 'snappyjs';
import { defaultLimits } from '../../../event/limits.ts';
import { checkDraft } from '../../../event/check.ts';
import type { Draft } from '../../../event/event.ts';
import { type Decoded, isRefused, type Refused } from '../../decoded.ts';
import type { Received } from '../../http/protocol.ts';
import type { Sender } from '../../intake.ts';
import { remoteWrite } from './remote-write.ts';

export const now = Date.UTC(2026, 10, 23);
export const sender: Sender = {
  name: 'prom',
  source: '/tokens/prom',
  unrestricted: true,
  maySend: () => true,
};

type Part = number | string | Uint8Array | { readonly double: number | Uint8Array };

/** One protobuf field: a number as varint, a text or bytes by length, a double in eight bytes. */
export function field(number: number, part: Part): Buffer {
  if (typeof part === 'number')
    return Buffer.concat([varint(number * 8), varint(BigInt.asUintN(64, BigInt(part)))]);
  if (typeof part === 'object' && 'double' in part) {
    const value = Buffer.alloc(8);
    if (typeof part.double === 'number') value.writeDoubleLE(part.double);
    else value.set(part.double);
    return Buffer.concat([varint(number * 8 + 1), value]);
  }
  const bytes = Buffer.from(part as Uint8Array);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt(value);
  do {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Buffer.from(bytes);
}

/** The bits of a stale marker, little-endian. */
export const staleBits = Buffer.from('020000000000f07f', 'hex');

export function sample(value: number | Uint8Array, time: number): Buffer {
  return message(
    ...(value === 0 ? [] : [field(1, { double: value })]),
    ...(time === 0 ? [] : [field(2, time)]),
  );
}

/** A TimeSeries of 1.0. */
export function series1(labels: Readonly<Record<string, string>>, ...more: Buffer[]): Buffer {
  const encoded = Object.entries(labels).map(([name, value]) =>
    field(1, message(field(1, name), field(2, value))),
  );
  return field(1, message(...encoded, ...more));
}

export const v2 = { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' };

export function received(proto: Uint8Array, headers: Record<string, string> = {}): Received {
  const body = Buffer.from(compress(proto));
  return {
    method: 'POST',
    path: '/api/v1/write',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', ...headers },
    body,
    raw: body,
    maxBody: 16 << 20,
    now,
  };
}

export interface Read {
  readonly events: readonly Draft[];
  readonly refused: readonly Refused[];
}

/** Decodes as the door does, and holds each event to be one. */
export function read(request: Received): Read {
  const all = [...remoteWrite.decode(request, sender)];
  const events = all.filter((one): one is Draft => !isRefused(one));
  for (const event of events) {
    const checked = checkDraft(event, { ...defaultLimits, readingAge: 1e15, future: 1e15 }, now);
    if ('refusal' in checked) throw new Error(checked.refusal.message);
  }
  return { events, refused: all.flatMap((one: Decoded) => (isRefused(one) ? [one.refused] : [])) };
}
