import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../event/check.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type Decoded, isRefused } from '../decoded.ts';
import type { ListenerContext } from '../sockets/protocol.ts';
import { gelf } from './gelf.ts';

const start = Date.UTC(2026, 5, 1, 12);
const peer = { address: '192.0.2.7', port: 1 };

/** GELF as it is opened for a listener, with a clock that stands still. */
function opened(settings: Readonly<Record<string, unknown>> = {}) {
  let now = start;
  let look: () => void = () => undefined;
  const taken: Decoded[] = [];
  const context: ListenerContext = {
    settings: { maxMessage: 10_000, maxChunked: 10, ...settings },
    now: () => now,
    host: 'here',
    take: (decoded) => void taken.push(...decoded),
    sampled: () => undefined,
    every: (_, call) => (look = call),
    latest: () => Promise.resolve([]),
  };
  const { datagrams, connection } = gelf.open(context);
  if (datagrams === undefined || connection === undefined) throw new Error('not opened');
  return {
    taken,
    advance: (ms: number) => {
      now += ms;
      look();
    },
    udp: (bytes: Buffer | string, address = peer.address) => [
      ...datagrams.datagram(Buffer.from(bytes), { address, port: 1 }),
    ],
    tcp: (...chunks: readonly (Buffer | string)[]) => {
      const one = connection(peer);
      const said = chunks.flatMap((chunk) => [...one.data(Buffer.from(chunk))]);
      return [...said, ...(one.end?.() ?? [])];
    },
  };
}

const full = {
  version: '1.1',
  host: 'example.org',
  short_message: 'A short message that helps you identify what is going on',
  full_message: 'Backtrace here\n\nmore stuff',
  timestamp: 1_780_315_199.3072,
  level: 1,
  _user_id: 9001,
  _some_info: 'foo',
  _id: 'dropped',
};

function chunked(bytes: Buffer, size: number, id: Buffer = randomBytes(8)): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, i) =>
    Buffer.concat([
      Buffer.from([0x1e, 0x0f]),
      id,
      Buffer.from([i, count]),
      bytes.subarray(i * size, (i + 1) * size),
    ]),
  );
}

describe('a message', () => {
  test('as the specification has it', () => {
    expect(opened().udp(JSON.stringify(full))).toEqual([
      {
        type: 'log',
        time: 1_780_315_199_307,
        host: 'example.org',
        state: 'critical',
        attributes: { user_id: '9001', some_info: 'foo', severity: 'alert' },
        data: `${full.short_message}\n${full.full_message}`,
      },
    ]);
  });

  test("of Docker's gelf driver", () => {
    const docker = {
      version: '1.1',
      host: 'node-1',
      short_message: 'listening',
      timestamp: 1_780_315_199.307,
      level: 6,
      _command: '/app serve',
      _container_id: '4f66ad9e',
      _container_name: 'shop-web-1',
      _created: '2026-06-01T11:00:00Z',
      _image_id: 'sha256:ab',
      _image_name: 'acme/shop:7',
      _tag: '4f66ad9e',
      _environment: 'prod',
    };
    expect(opened().udp(gzipSync(JSON.stringify(docker)))).toMatchObject([
      {
        service: 'shop-web-1',
        host: 'node-1',
        environment: 'prod',
        state: 'ok',
        attributes: {
          'container.id': '4f66ad9e',
          'container.name': 'shop-web-1',
          'container.image.name': 'acme/shop:7',
          'container.image.id': 'sha256:ab',
          'container.command': '/app serve',
          severity: 'info',
        },
        data: 'listening',
      },
    ]);
  });

  test.each<[string, unknown, object]>([
    ['without anything but its text', { short_message: 'x' }, { data: 'x', host: '192.0.2.7' }],
    [
      'whose full text begins with the short one',
      { short_message: 'a', full_message: 'a\nb' },
      { data: 'a\nb' },
    ],
    ['with a service', { short_message: 'x', _service: 'shop' }, { service: 'shop' }],
    ['with a trace', { short_message: 'x', _trace_id: 'ab' }, { attributes: { 'trace.id': 'ab' } }],
    [
      'with a place',
      { short_message: 'x', line: 7, file: 'a.ts', facility: 'f' },
      { attributes: { 'code.line.number': '7', 'code.file.path': 'a.ts', 'syslog.facility': 'f' } },
    ],
    [
      'with values that are none',
      { short_message: 'x', _a: { b: [1] }, _c: null },
      { attributes: { a: '{"b":[1]}' } },
    ],
    [
      'without a text',
      { host: 'h' },
      { refused: { code: 'TERR_INTAKE_DECODE', field: 'short_message' } },
    ],
    ['that is a list', [1], { refused: { code: 'TERR_INTAKE_DECODE' } }],
  ])('%s', (_, message, expected) => {
    expect(opened().udp(JSON.stringify(message))).toMatchObject([expected]);
  });

  test('packed or not, and no more than allowed', () => {
    const { udp } = opened();
    const plain = Buffer.from(JSON.stringify(full));
    for (const bytes of [
      plain,
      gzipSync(plain),
      deflateSync(plain),
      deflateSync(plain, { level: 1 }),
    ])
      expect(udp(bytes)).toMatchObject([{ host: 'example.org' }]);
    const bomb = Buffer.alloc(50_000_000, 0x20);
    for (const bytes of [gzipSync(bomb), deflateSync(bomb), bomb.subarray(0, 20_000)])
      expect(udp(bytes)).toMatchObject([{ refused: { code: 'TERR_INTAKE_FRAME' } }]);
    for (const bytes of [
      gzipSync(plain).subarray(0, 50),
      Buffer.from([0x1f, 0x8b, 1]),
      Buffer.from([0x78, 0x9c]),
    ])
      expect(udp(bytes)).toMatchObject([{ refused: { code: 'TERR_INTAKE_DECODE' } }]);
  });
});

describe('chunks', () => {
  const bytes = Buffer.from(JSON.stringify(full));

  test('in any order, twice, between others; packed as a whole', () => {
    const { udp } = opened();
    for (const whole of [bytes, gzipSync(bytes)]) {
      const [a, b] = [chunked(whole, 50), chunked(whole, 60)];
      const mixed = [...a.slice(1), ...a.slice(1, 3), ...b.toReversed(), ...a.slice(0, 1)];
      expect(mixed.flatMap((chunk) => udp(chunk))).toHaveLength(2);
    }
  });

  test('one of one, as gelf-pro sends', () => {
    expect(opened().udp(chunked(bytes, 5_000)[0] ?? '')).toMatchObject([{ host: 'example.org' }]);
  });

  test('ids of two senders are two messages', () => {
    const { udp } = opened();
    const [one = '', two = ''] = chunked(bytes, 200, Buffer.alloc(8));
    expect([...udp(one, '192.0.2.1'), ...udp(two, '192.0.2.2')]).toEqual([]);
    expect(udp(two, '192.0.2.1')).toHaveLength(1);
  });

  test('what does not arrive within five seconds is refused', () => {
    const { udp, advance, taken } = opened();
    udp(chunked(bytes, 50)[0] ?? '');
    advance(4_999);
    expect(taken).toEqual([]);
    advance(1);
    expect(taken).toMatchObject([
      { refused: { message: /of 7 chunks of a message of 192.0.2.7 did not/ } },
    ]);
  });

  test('who sends halves loses their own', () => {
    const { udp } = opened();
    const [first = '', last = ''] = chunked(bytes, 200);
    expect(udp(first, '192.0.2.1')).toEqual([]);
    const halves = Array.from({ length: 100 }, () => udp(chunked(bytes, 50)[0] ?? ''));
    expect(halves.flat()).toHaveLength(91);
    expect(halves.at(-1)).toMatchObject([{ refused: { code: 'TERR_INTAKE_KEYS' } }]);
    expect(udp(last, '192.0.2.1')).toMatchObject([{ host: 'example.org' }]);
  });

  test.each([
    ['too short', [0x1e, 0x0f, 1]],
    ['of none', [0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 1]],
    ['of 129', [0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, 0, 129, 1]],
    ['behind the last', [0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, 2, 2, 1]],
  ])('%s', (_, chunk) => {
    expect(opened().udp(Buffer.from(chunk))).toMatchObject([
      { refused: { code: 'TERR_INTAKE_DECODE' } },
    ]);
  });

  test('together longer than a message may be', () => {
    const { udp } = opened();
    const refusals = chunked(randomBytes(20_000), 1_000).flatMap((chunk) => udp(chunk));
    expect(refusals).toMatchObject([{ refused: { code: 'TERR_INTAKE_FRAME' } }]);
  });
});

describe('by TCP', () => {
  const text = (short: string) => JSON.stringify({ host: 'h', short_message: short });

  test('messages end with NUL, the last may lack it', () => {
    const stream = Buffer.from(`${text('a')}\0\n${text('b\nc')}\0\0${text('d')}`);
    for (let size = 1; size < stream.length; size++) {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
        stream.subarray(i * size, (i + 1) * size),
      );
      expect(
        opened()
          .tcp(...chunks)
          .map((one) => ('data' in one ? one.data : one)),
      ).toEqual(['a', 'b\nc', 'd']);
    }
  });

  test('what is too long or wrong is passed over', () => {
    const { tcp } = opened();
    const long = 'x'.repeat(30_000);
    const result = [{ refused: { code: 'TERR_INTAKE_FRAME' } }, { refused: {} }, { data: 'a' }];
    expect(tcp(`${long}\0{\0${text('a')}\0`)).toMatchObject(result);
    expect(tcp(...(`${long}\0{\0${text('a')}\0`.match(/[^]{1,100}/g) ?? []))).toMatchObject(result);
  });
});

// oxlint-disable-next-line vitest/expect-expect -- within the property
test('any bytes: never throws, and every event is one', () => {
  const json = fc
    .dictionary(
      fc.constantFrom('host', 'short_message', 'level', 'timestamp', '_a', '__proto__', '_'),
      fc.jsonValue(),
    )
    .map((value) => Buffer.from(JSON.stringify({ short_message: 'x', ...value })));
  const bytes = fc.oneof(
    json,
    fc.uint8Array({ maxLength: 100 }).map((one) => Buffer.from(one)),
  );
  const datagram = fc
    .tuple(bytes, fc.constantFrom('', '1e0f0000000000000000', '1f8b08', '789c'))
    .map(([rest, head]) => Buffer.concat([Buffer.from(head, 'hex'), rest]));
  const { udp, tcp } = opened();
  fc.assert(
    fc.property(datagram, (one) => {
      for (const decoded of [...udp(one), ...tcp(one, '\0')]) {
        const taken = isRefused(decoded) || 'draft' in checkDraft(decoded, defaultLimits, start);
        expect(taken).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});
