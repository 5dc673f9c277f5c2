import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { SyslogFrames } from './frames.ts';

/** What is found in a stream that arrives in these pieces; a `…` behind what was cut. */
function framesOf(chunks: readonly (string | Buffer)[], most = 100): string[] {
  const frames = new SyslogFrames(most);
  const found = chunks.flatMap((chunk) => [...frames.add(Buffer.from(chunk))]);
  const last = frames.end();
  return [...found, ...(last === undefined ? [] : [last])].map(
    ({ bytes, cut }) => `${bytes.toString()}${cut ? '…' : ''}`,
  );
}

const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

test('both framings in one stream, in pieces of any size', () => {
  const messages = ['<1>a', '<2>with\na newline, é', '<3>b'];
  const stream = Buffer.from(
    `<0>first\n${messages.map(counted).join('')}<4>x\r\n\n17 is no count\n2026-06-01 text\n<5>last`,
  );
  const expected = [
    '<0>first',
    ...messages,
    '<4>x\r',
    '17 is no count',
    '2026-06-01 text',
    '<5>last',
  ];
  for (let size = 1; size <= stream.length; size++) {
    const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
      stream.subarray(i * size, (i + 1) * size),
    );
    expect(framesOf(chunks)).toEqual(expected);
  }
});

test('what is too long is cut, and what follows is found', () => {
  const long = `<1>${'x'.repeat(497)}`;
  for (const chunks of [
    [`${long}\n<2>a\n`],
    `${long}\n<2>a\n`.split(''),
    [counted(long), '5 <2>ab'],
    [...counted(long).split(''), '5 <2>ab'],
  ])
    expect(framesOf(chunks)).toEqual([`${long.slice(0, 100)}…`, expect.stringMatching(/^<2>ab?$/)]);
  expect(framesOf([`${'y'.repeat(100)}\n`])).toEqual(['y'.repeat(100)]);
});

test('a stream that breaks off', () => {
  expect(framesOf(['20 <1>short'])).toEqual(['<1>short…']);
  expect(framesOf(['12'])).toEqual(['12']);
  expect(framesOf(['12 '])).toEqual(['12 ']);
});

test('a length that lies costs its sender the connection, or what it said', () => {
  expect(() => framesOf(['9999999999 <1>x'])).toThrow(CodedError);
  expect(framesOf(['999999999 <1>x', 'y'.repeat(1000), 'z'.repeat(1000)])).toEqual([
    `<1>x${'y'.repeat(96)}…`,
  ]);
});

test('any bytes: nothing but a CodedError, and no more kept than allowed', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    fc.stringMatching(/^[0-9 <>\n a]{0,50}$/).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const frames = new SyslogFrames(20);
      try {
        for (const one of pieces)
          for (const { bytes } of frames.add(one)) expect(bytes.length).toBeLessThanOrEqual(20);
        expect(frames.end()?.bytes.length ?? 0).toBeLessThanOrEqual(32);
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});
