import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../event/check.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type Decoded, isRefused } from '../decoded.ts';
import { LineStream, linesIn, maxLine } from './lines.ts';

const now = Date.UTC(2026, 10, 22);
const captured = readFileSync(new URL('../../../test/vectors/wire/graphite.txt', import.meta.url));
const read = (text: string): Decoded[] => [...linesIn(Buffer.from(text))];

describe('a line', () => {
  test('is a reading', () => {
    expect(read('web-1.cpu.load 4.5 1795391907\n')).toEqual([
      {
        type: 'metric',
        name: 'web-1.cpu.load',
        metric: 4.5,
        time: 1_795_391_907_000,
        attributes: { 'metric.type': 'gauge' },
      },
    ]);
  });

  test('may have tags: our fields where there are some', () => {
    expect(read('disk.used;host=web-1;env=prod;datacenter=dc1;x 7 -1')).toEqual([
      {
        type: 'metric',
        name: 'disk.used',
        metric: 7,
        host: 'web-1',
        environment: 'prod',
        attributes: { datacenter: 'dc1', x: '', 'metric.type': 'gauge' },
      },
    ]);
  });

  test.each<[string, object]>([
    ['a\t1\t1795391907', { metric: 1, time: 1_795_391_907_000 }],
    ['  a  -1.5e3   1795391907.25 \r', { metric: -1500, time: 1_795_391_907_250 }],
    ['a +.5 -1', { metric: 0.5 }],
  ])('%j', (text, expected) => {
    expect(read(text)).toMatchObject([{ name: 'a', ...expected }]);
  });

  test.each(['', '   ', '\r\n\r\n', 'a nan 1795391907', 'a NaN -1', 'a -nan -1'])(
    '%j says nothing',
    (text) => {
      expect(read(text)).toEqual([]);
    },
  );

  test.each([
    ['a', /name value time/],
    ['a 1', /name value time/],
    ['a 1 2 3', /name value time/],
    ['a one 1795391907', /value/],
    ['a 0x10 1795391907', /value/],
    ['a inf 1795391907', /value/],
    ['a 1e999 1795391907', /not finite/],
    ['a 1 now', /time/],
    ['a 1 nan', /time/],
    [';host=x 1 -1', /name is empty/],
    [`${'n'.repeat(9_000)} 1 -1`, /longer/],
  ])('%j is refused, and those beside it are not', (text, reason) => {
    const decoded = read(`ok 1 -1\n${text}\nok 2 -1\n`);
    expect(decoded).toMatchObject([
      { metric: 1 },
      { refused: { message: expect.stringMatching(reason) as string } },
      { metric: 2 },
    ]);
  });
});

describe('a connection', () => {
  test('brings what collectd sends, in any pieces', () => {
    const [first] = read(captured.toString());
    expect(first).toMatchObject({ name: 'testhost.load.load.shortterm', metric: 4.00244140625 });
    const whole = read(captured.toString());
    // Its counters are nan at first.
    expect(whole).toHaveLength(10);
    fc.assert(
      fc.property(fc.array(fc.nat(captured.length)), (cuts) => {
        const ends = [...cuts, captured.length].toSorted((a, b) => a - b);
        const stream = new LineStream();
        const decoded = ends.flatMap((end, i) => [
          ...stream.data(captured.subarray(ends[i - 1] ?? 0, end)),
        ]);
        expect([...decoded, ...stream.end()]).toEqual(whole);
      }),
    );
  });

  test('passes a line that is too long, up to its end', () => {
    const stream = new LineStream();
    const chunk = Buffer.from('x'.repeat(1_000));
    const decoded = Array.from({ length: 100 }, () => [...stream.data(chunk)]).flat();
    expect(decoded).toMatchObject([
      {
        refused: {
          code: 'TERR_INTAKE_FRAME',
          message: expect.stringContaining(String(maxLine)) as string,
        },
      },
    ]);
    expect([...stream.data(Buffer.from('x 1 -1\na 1 -1\nb 2 -1'))]).toMatchObject([{ name: 'a' }]);
    expect([...stream.end()]).toMatchObject([{ name: 'b' }]);
  });
});

test('whatever comes: nothing is thrown, and what is given can be taken', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'a 1 -1\n',
      'a;b=c 1.5 1795391907\n',
      ' ',
      '\t',
      '\n',
      ';',
      '=',
      'nan',
      '-1',
      '\0',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(255)), (pieces, noise) => {
      const bytes = Buffer.concat([Buffer.from(pieces.join('')), Buffer.from(noise)]);
      const wrong = [...linesIn(bytes)]
        .filter((one) => !isRefused(one))
        .map((one) => checkDraft(one, defaultLimits, now))
        .filter((checked) => 'refusal' in checked && checked.refusal.field !== 'time');
      expect(wrong).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
