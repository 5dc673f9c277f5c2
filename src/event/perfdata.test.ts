import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PerfDatum, formatPerfDatum, maxPerfData, parsePerfData, unitOf } from './perfdata.ts';
import { formatRange } from './range.ts';

const read = (text: string) => [...parsePerfData(text)];

describe('performance data', () => {
  test.each([
    [
      'time=0.002s;1;2;0',
      { label: 'time', value: 0.002, uom: 's', warning: '1', critical: '2', min: 0 },
    ],
    [
      "'/ used'=81%;80;90;0;100",
      { label: '/ used', value: 81, uom: '%', warning: '80', critical: '90', min: 0, max: 100 },
    ],
    ["'it''s'=1", { label: "it's", value: 1, uom: '' }],
    [
      'users=4;@10:20;~:30;0;',
      { label: 'users', value: 4, uom: '', warning: '@10:20', critical: '~:30', min: 0 },
    ],
    ['size=-1.5e3KB', { label: 'size', value: -1500, uom: 'KB' }],
    ['load=0,25', { label: 'load', value: 0.25, uom: '' }],
    ['packets=12c', { label: 'packets', value: 12, uom: 'c' }],
    ['temp=U;;;', { label: 'temp', value: undefined, uom: '' }],
    ['a::b=.5', { label: 'a::b', value: 0.5, uom: '' }],
  ])('%s', (text, datum) => {
    expect(read(text)).toEqual([datum]);
  });

  test('one bad piece leaves the others', () => {
    expect(
      read("nothing a=1 'open b=2").map((one) => ('wrong' in one ? one.text : one.label)),
    ).toEqual(['nothing', 'a', "'open b=2"]);
    expect(read("=1 ''=2 x=y 'a' b=1 'c'd=2").map((one) => 'wrong' in one)).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
  });

  test('is cut off', () => {
    const many = read('a=1 '.repeat(maxPerfData + 50));
    expect(many).toHaveLength(maxPerfData + 1);
    expect(many.at(-1)).toMatchObject({ wrong: /only the first/ });
  });

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."a'=; \t1.,-e%|U\u00e4".split('')) }),
        (text) => {
          expect(read(text).length).toBeLessThanOrEqual(maxPerfData + 1);
        },
      ),
    );
    expect(read(`${'9'.repeat(5000)} a=${'9'.repeat(400)}`)).toHaveLength(2);
  });

  test('units are UCUM where it has one', () => {
    expect(['s', 'us', '%', 'KB', 'c', '', 'rpm'].map(unitOf)).toEqual([
      's',
      'us',
      '%',
      'kBy',
      undefined,
      undefined,
      'rpm',
    ]);
  });

  test.each([
    ['time=0.002s;1;2;0', undefined],
    ["'/ used'=81%;80;90;0;100", undefined],
    ["'it''s'=1", undefined],
    ['users=4;@10:20;~:30;0;', 'users=4;@10:20;~:30;0'],
    ['temp=U;;;', 'temp=U'],
    ['load=0,25', 'load=0.25'],
    ['n=1;;;0;10', undefined],
    ['size=1e-7B', 'size=0.0000001B'],
  ])('%s is written as it was', (text, written) => {
    const [datum] = read(text);
    if (datum === undefined || 'wrong' in datum) throw new Error('no value');
    expect(formatPerfDatum(datum)).toBe(written ?? text);
  });

  test('what would end a label, or all data, is replaced in it', () => {
    const texts = ['a=b', 'a|b', 'a\nb', ''].map((label) =>
      formatPerfDatum({ label, value: 1, uom: '' }),
    );
    expect(texts).toEqual(['a_b=1', 'a_b=1', 'a_b=1', '_=1']);
  });

  test('what is written is read as the same values', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0);
    const range = fc
      .tuple(number, number, fc.boolean())
      .map(([a, b, inside]) => formatRange({ start: Math.min(a, b), end: Math.max(a, b), inside }));
    const datum = fc.record(
      {
        label: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        value: number,
        uom: fc.constantFrom('', 's', 'ms', '%', 'B', 'KB', 'c'),
        warning: range,
        critical: range,
        min: number,
        max: number,
      },
      { requiredKeys: ['label', 'value', 'uom'] },
    );
    fc.assert(
      fc.property(fc.array(datum, { maxLength: 20 }), (all: readonly PerfDatum[]) => {
        const expected = all.map((one) => ({
          ...one,
          label: one.label.replaceAll(/[=|\p{Cc}\p{Zl}\p{Zp}]/gu, '_'),
        }));
        expect(read(all.map(formatPerfDatum).join(' '))).toEqual(expected);
      }),
    );
  });
});
