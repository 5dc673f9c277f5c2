import type { Draft } from '../../event/event.ts';
import { bytesField, varintField } from '../protobuf/encode.ts';

const textField = (field: number, text: string | undefined): Buffer =>
  text === undefined ? Buffer.alloc(0) : bytesField(field, Buffer.from(text));

function doubleField(field: number, value: number | undefined): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  const bytes = Buffer.alloc(9);
  bytes[0] = field * 8 + 1;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

function floatField(field: number, value: number | undefined): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  const bytes = Buffer.alloc(5);
  bytes[0] = field * 8 + 5;
  bytes.writeFloatLE(value, 1);
  return bytes;
}

function numberField(field: number, value: number | undefined): Buffer {
  if (value === undefined || value < 0) return Buffer.alloc(0);
  return varintField(field, value);
}

/** An event of ours as one of Riemann's, the opposite of `toDraft`. */
function encodeEvent(event: Draft): Buffer {
  const { time, state, name, host, data, tags = [], ttl, metric, service, environment } = event;
  const attributes = Object.entries({
    ...event.attributes,
    ...(service !== undefined && { 'service.name': service }),
    ...(environment !== undefined && { 'deployment.environment.name': environment }),
  });
  return Buffer.concat([
    numberField(1, time === undefined ? undefined : Math.floor(time / 1000)),
    textField(2, state),
    textField(3, name),
    textField(4, host),
    textField(5, typeof data === 'string' ? data : undefined),
    ...tags.map((tag) => textField(7, tag)),
    floatField(8, ttl),
    ...attributes.map(([key, value]) =>
      bytesField(9, Buffer.concat([textField(1, key), textField(2, value)])),
    ),
    numberField(10, time === undefined ? undefined : Math.floor(time) * 1000),
    doubleField(14, metric),
    floatField(15, metric),
  ]);
}

/** With its length before it, as TCP needs it. */
function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

/** `ok`: everything of the message is durable. */
export const acknowledged: Buffer = framed(Buffer.from([0x10, 0x01]));

/** It is not, and why. */
export function failed(error: string): Buffer {
  return framed(Buffer.concat([Buffer.from([0x10, 0x00]), textField(3, error)]));
}

/** The answer to a question. */
export function found(events: readonly Draft[]): Buffer {
  const all = events.map((event) => bytesField(6, encodeEvent(event)));
  return framed(Buffer.concat([Buffer.from([0x10, 0x01]), ...all]));
}
