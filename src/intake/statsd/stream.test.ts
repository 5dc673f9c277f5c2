import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { open, refusals, values } from './opened.suite.ts';
import { maxFrame } from './stream.ts';

const messages = [
  'a:1|c',
  'b:2.5|g|#env:prod',
  '_e{7,3}:two\nlin|a|b|t:error',
  '_sc|up|1|m:slow',
  'c:1:2|h',
];
const text = messages.map((message) => `${message}\n`).join('');

/** The text in pieces that end at these places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((cut) => cut % bytes.length), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

function prefixed(...parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      const bytes = Buffer.alloc(4 + Buffer.byteLength(part));
      bytes.writeUInt32LE(bytes.length - 4);
      bytes.write(part, 4);
      return bytes;
    }),
  );
}

test.each([
  ['with newlines', Buffer.from(text)],
  ['with lengths before it', prefixed(text.slice(0, -1), 'a:0|c')],
])('a stream %s may come in any pieces', (_, bytes) => {
  fc.assert(
    fc.property(fc.array(fc.nat()), (cuts) => {
      const opened = open();
      const stream = opened.connect();
      const others = pieces(bytes, cuts).flatMap((piece) => stream.data(piece));
      expect([...others, ...stream.end()]).toMatchObject([
        { type: 'event', name: 'two\nlin', data: 'a|b', state: 'critical' },
        { type: 'check', name: 'up', data: 'slow' },
      ]);
      expect(values(opened.flush())).toMatchObject({ a: 1, b: 2.5, 'c.count': 2 });
    }),
  );
});

describe('what is wrong with a stream', () => {
  test('the last message may lack its end', () => {
    const opened = open();
    const stream = opened.connect();
    stream.data('a:1|c\na:2|c');
    expect(stream.end()).toEqual([]);
    expect(values(opened.flush())).toEqual({ a: 3 });
    expect(opened.samples()).toBe(2);
  });

  test('what is too long is passed, up to its end', () => {
    const opened = open();
    const stream = opened.connect();
    const chunk = 'x'.repeat(10_000);
    const others = Array.from({ length: 20 }, () => stream.data(chunk)).flat();
    expect(refusals(others)).toMatchObject([{ code: 'TERR_INTAKE_FRAME' }]);
    expect(stream.data('xx:1|c\na:1|c\n')).toEqual([]);
    expect(values(opened.flush())).toEqual({ a: 1 });
  });

  test('an event that lies about its length takes one line along', () => {
    const opened = open();
    const stream = opened.connect();
    const others = stream.data('_e{2,2}:abc|d\na:1|c\n_e{60000,60000}:abc|d\na:1|c\n');
    expect(refusals(others)).toHaveLength(2);
    expect(values(opened.flush())).toEqual({ a: 2 });
  });

  test('a frame that is too long ends the connection', () => {
    const stream = open().connect();
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(maxFrame + 1);
    expect(() => stream.data(bytes)).toThrow(
      expect.objectContaining({ code: 'TERR_INTAKE_FRAME' }),
    );
  });

  test('a frame that breaks off', () => {
    const stream = open().connect();
    stream.data(prefixed('a:1|c').subarray(0, 6));
    expect(refusals(stream.end())).toMatchObject([{ code: 'TERR_INTAKE_FRAME' }]);
  });
});
