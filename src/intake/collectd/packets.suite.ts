import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/** Parts of packets, written as collectd's network plugin writes them. */
export const part = {
  text: (kind: number, text: string): Buffer => framed(kind, Buffer.from(`${text}\0`)),
  number: (kind: number, value: number | bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return framed(kind, bytes);
  },
  host: (text: string) => part.text(0, text),
  /** ms since the epoch. */
  time: (ms: number) => part.number(8, (BigInt(ms) << 30n) / 1000n),
  plugin: (text: string) => part.text(2, text),
  pluginInstance: (text: string) => part.text(3, text),
  type: (text: string) => part.text(4, text),
  typeInstance: (text: string) => part.text(5, text),
  /** s */
  interval: (seconds: number) => part.number(9, BigInt(seconds) << 30n),
  severity: (severity: number) => part.number(0x101, severity),
  message: (text: string) => part.text(0x100, text),
  values: (...values: readonly Value[]): Buffer => {
    const count = Buffer.alloc(2);
    count.writeUInt16BE(values.length);
    const kinds = Buffer.from(values.map(([kind]) => 'cgda'.indexOf(kind)));
    return framed(6, Buffer.concat([count, kinds, ...values.map(bytesOf)]));
  },
};

/** Kind (counter, gauge, derive, absolute) and value. */
export type Value = readonly ['c' | 'g' | 'd' | 'a', number | bigint];

function bytesOf([kind, value]: Value): Buffer {
  const bytes = Buffer.alloc(8);
  if (kind === 'g') bytes.writeDoubleLE(Number(value));
  else bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)));
  return bytes;
}

function framed(kind: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(kind);
  head.writeUInt16BE(4 + body.length, 2);
  return Buffer.concat([head, body]);
}

/** The same parts with a signature before them. */
export function signed(user: string, password: string, parts: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(user), parts]);
  const hash = createHmac('sha256', password).update(named).digest();
  return Buffer.concat([framed(0x200, Buffer.concat([hash, Buffer.from(user)])), parts]);
}

/** The same parts encrypted. */
export function encrypted(user: string, password: string, parts: Buffer): Buffer {
  const iv = randomBytes(16);
  const key = createHash('sha256').update(password).digest();
  const cipher = createCipheriv('aes-256-ofb', key, iv);
  const sum = createHash('sha1').update(parts).digest();
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(user));
  return framed(
    0x210,
    Buffer.concat([length, Buffer.from(user), iv, cipher.update(Buffer.concat([sum, parts]))]),
  );
}
