import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import type { Draft } from '../../event/event.ts';
import { type Decoded, isRefused } from '../decoded.ts';
import { hasCommand } from './installed.suite.ts';
import { NscaDecoder, nsca } from './nsca.ts';
import { crc32, greetingOf, isWhole, packetSizes, readPacket, unXor } from './packet.ts';

const start = 1_764_115_200_000;
const vector = (name: string): Buffer =>
  readFileSync(new URL(`../../../test/vectors/nagios/${name}.bin`, import.meta.url));
/** The greeting that the captures answer: bytes 0 to 127, and `start`. */
const capturedIv = Uint8Array.from({ length: 128 }, (_, i) => i);

interface Result {
  readonly host: string;
  readonly service: string;
  readonly code?: number;
  readonly output?: string;
  readonly timestamp?: number;
  readonly version?: number;
}

function packet(result: Result, size: number = packetSizes.now): Buffer {
  const { host, service, code = 0, output = 'OK', timestamp = start / 1000, version = 3 } = result;
  const bytes = Buffer.alloc(size);
  bytes.writeInt16BE(version, 0);
  bytes.writeUInt32BE(timestamp, 8);
  bytes.writeInt16BE(code, 12);
  bytes.write(host, 14, 64);
  bytes.write(service, 78, 128);
  bytes.write(output, 206, size - 208);
  bytes.writeUInt32BE(crc32(bytes, 4), 4);
  return bytes;
}

const open = (password?: string, now: () => number = () => start): NscaDecoder =>
  new NscaDecoder(
    { password: password === undefined ? undefined : Buffer.from(password), maxAge: 30_000 },
    now,
  );

const drafts = (decoded: Iterable<Decoded>): Draft[] =>
  [...decoded].map((one) => {
    if (isRefused(one)) throw new Error(one.refused.message);
    return one;
  });

describe('packets as send_nsca 2.10 made them', () => {
  test.each([
    ['nsca-method-0', undefined],
    ['nsca-method-1', 's3cret'],
  ])('%s', (name, password) => {
    const bytes = vector(name);
    const packets = [0, packetSizes.now].map((at) => {
      const one = bytes.subarray(at, at + packetSizes.now);
      return password === undefined ? one : unXor(one, capturedIv, Buffer.from(password));
    });
    expect(packets.map(isWhole)).toEqual([true, true]);
    expect(packets.map(readPacket)).toEqual([
      {
        version: 3,
        timestamp: start / 1000,
        returnCode: 1,
        host: 'web-1',
        service: 'disk /',
        output: "DISK WARNING - /: 81%|'/'=81%;80;90;0;100 /home=1234MB;2000;3000",
      },
      {
        version: 3,
        timestamp: start / 1000,
        returnCode: 0,
        host: '\nweb-1',
        service: '',
        output: 'PING OK|rta=0.21ms;100;500;0',
      },
    ]);
  });

  test('become checks and readings, however they are cut', () => {
    const bytes = vector('nsca-method-0');
    const whole = drafts(open().data(bytes));
    expect(whole.map(({ type, name, state, metric }) => [type, name, state ?? metric])).toEqual([
      ['check', 'disk /', 'warning'],
      ['metric', 'disk /./', 81],
      ['metric', 'disk /./home', 1234],
      ['check', 'host-alive', 'ok'],
      ['metric', 'host-alive.rta', 0.21],
    ]);
    for (const step of [1, 719, 721, 4305]) {
      const decoder = open();
      const found: Draft[] = [];
      for (let at = 0; at < bytes.length; at += step)
        found.push(...drafts(decoder.data(bytes.subarray(at, at + step))));
      expect(found).toEqual(whole);
      expect([...decoder.end()]).toEqual([]);
    }
  });
});

/** What decoding throws, of bytes that come in pieces. */
function failureOf(all: Uint8Array, step: number): unknown {
  const decoder = open();
  try {
    for (let at = 0; at < all.length; at += step)
      void [...decoder.data(Buffer.from(all.subarray(at, at + step)))];
    void [...decoder.end()];
    return undefined;
  } catch (error) {
    return error;
  }
}

const isCoded = (error: unknown): boolean => error === undefined || error instanceof CodedError;

describe('a connection', () => {
  test('greets with a new vector and the time', () => {
    const [one, two] = [open().greeting(), open().greeting()];
    expect(one).toHaveLength(132);
    expect(Buffer.from(one).readUInt32BE(128)).toBe(start / 1000);
    expect(Buffer.compare(one, two)).not.toBe(0);
  });

  test('of an old client has small packets', () => {
    const decoder = open();
    const two = Buffer.concat([
      packet({ host: 'h', service: 'a' }, packetSizes.before),
      packet({ host: 'h', service: 'b', code: 3 }, packetSizes.before),
    ]);
    expect(drafts(decoder.data(two))).toMatchObject([
      { name: 'a', state: 'ok' },
      { name: 'b', state: 'unknown' },
    ]);
  });

  test.each([
    ['without a password where one is set', 'secret', packet({ host: 'h', service: 's' })],
    [
      'with another password',
      'secret',
      unXor(packet({ host: 'h', service: 's' }), Buffer.alloc(1), Buffer.from('no')),
    ],
    ['that is noise', undefined, Buffer.alloc(packetSizes.now, 'x')],
  ])('%s is ended', (_, password, bytes) => {
    expect(() => [...open(password).data(bytes)]).toThrow(
      expect.objectContaining({ code: 'TERR_INTAKE_SIGNATURE' }),
    );
  });

  test('another version ends it', () => {
    expect(() => [...open().data(packet({ host: 'h', service: 's', version: 4 }))]).toThrow(
      /version 4/,
    );
  });

  test.each([
    [31, /31 s old/],
    [-1, /1 s ahead/],
  ])('a packet %i s old is refused, and the next is taken', (age, message) => {
    const old = packet({ host: 'h', service: 's', timestamp: start / 1000 - age });
    const [first, second] = [
      ...open().data(Buffer.concat([old, packet({ host: 'h', service: 's' })])),
    ];
    expect(first).toMatchObject({
      refused: { message: expect.stringMatching(message), field: 'timestamp' },
    });
    expect(second).toMatchObject({ type: 'check' });
  });

  test('that ends within a packet is told of; an empty one is not', () => {
    const decoder = open();
    expect([...decoder.data(Buffer.alloc(100))]).toEqual([]);
    expect([...decoder.end()]).toMatchObject([{ refused: { message: /100 bytes of 4304/ } }]);
    expect([...open().end()]).toEqual([]);
  });

  test('never throws anything but a coded error', () => {
    const good = vector('nsca-method-0');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 9000 }),
      fc
        .tuple(fc.nat(8607), fc.nat(255))
        .map(([at, value]) => Buffer.from(good).fill(value, at, at + 1)),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 5000 }), (all, step) => {
        expect(failureOf(all, step)).toSatisfy(isCoded);
      }),
    );
  });
});

describe.skipIf(!hasCommand('send_nsca', 'nsca-client'))('Debian’s send_nsca', () => {
  test.each([
    [0, undefined],
    [1, undefined],
    [1, 'pa$$wörd'],
  ])('method %i, password %s', async (method, password) => {
    const place = mkdtempSync(join(tmpdir(), 'territory-nsca-'));
    const config = join(place, 'send_nsca.cfg');
    const passwordFile = join(place, 'password');
    writeFileSync(
      config,
      `encryption_method=${method}\n${password === undefined ? '' : `password=${password}\n`}`,
    );
    if (password !== undefined) writeFileSync(passwordFile, `${password}\n`);
    const { connection } = nsca.open({
      settings: password === undefined ? {} : { passwordFile },
      now: Date.now,
      host: 'here',
      take: () => undefined,
      sampled: () => undefined,
      every: () => undefined,
      latest: () => Promise.resolve([]),
    });
    const decoded: unknown[] = [];
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const decoder = connection?.({ address: '127.0.0.1', port: 1 });
      socket.write(decoder?.greeting?.() ?? '');
      socket.on('data', (chunk) => decoded.push(...(decoder?.data(chunk) ?? [])));
      socket.on('end', () => {
        decoded.push(...(decoder?.end?.() ?? []));
        socket.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // listens on TCP
    const sender = spawn('send_nsca', ['-H', '127.0.0.1', '-p', String(port), '-c', config]);
    sender.stdin.end('h\ts\t2\tfirst\\nsecond|a=1s\x17\nh\t1\tgone\x17\n');
    expect(String(await buffer(sender.stdout))).toContain('2 data packet(s) sent');
    await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(place, { recursive: true });
    expect(decoded).toMatchObject([
      { host: 'h', name: 's', state: 'critical', data: { output: 'first', longOutput: 'second' } },
      { name: 's.a', metric: 1 },
      { host: 'h', name: 'host-alive', state: 'critical' },
    ]);
  });
});

test('a password file that is not there is said', () => {
  expect(() =>
    nsca.open({
      settings: { passwordFile: '/nowhere/password' },
      now: Date.now,
      host: 'here',
      take: () => undefined,
      sampled: () => undefined,
      every: () => undefined,
      latest: () => Promise.resolve([]),
    }),
  ).toThrow(/passwordFile/);
});

test('greetingOf is what send_nsca reads', () => {
  expect(greetingOf(capturedIv, 1).readUInt32BE(128)).toBe(1);
});
