import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineProblem, readExemplar, readLine, readSeries } from './line.ts';

const none = { time: undefined, exemplar: undefined };

test.each([
  ['up 1', { series: 'up', value: 1, ...none }],
  ['up\t 1.5e3\t1700000000000 ', { series: 'up', value: 1500, ...none, time: 1_700_000_000_000 }],
  ['a:b{x="} 1",y=""} -0.5', { series: 'a:b{x="} 1",y=""}', value: -0.5, ...none }],
  ['a { x = "\\"}" , } +Inf', { series: 'a { x = "\\"}" , }', value: Infinity, ...none }],
  ['{"a.b", "c d"="e"} .5', { series: '{"a.b", "c d"="e"}', value: 0.5, ...none }],
  ['a{} nan', { series: 'a{}', value: Number.NaN, ...none }],
])('reads %s', (line, sample) => {
  expect(readLine(line, false)).toEqual(sample);
});

test('OpenMetrics says times in seconds, and may add an exemplar', () => {
  const line = 'a_bucket{le="1"} 8 1700000000.123 # {trace_id="x"} 0.67 1700000000.1';
  expect(readLine(line, true)).toEqual({
    series: 'a_bucket{le="1"}',
    value: 8,
    time: 1_700_000_000_123,
    exemplar: '{trace_id="x"} 0.67 1700000000.1',
  });
  expect(readExemplar('{trace_id="x"} 0.67 1700000000.1')).toEqual({
    labels: [['trace_id', 'x']],
    value: 0.67,
    time: 1_700_000_000_100,
  });
  expect(readExemplar('{} 1')).toEqual({ labels: [], value: 1, time: undefined });
});

test.each([
  ['a', [['__name__', 'a']]],
  [
    'a{b="\\\\ \\" \\n",c="ü",}',
    [
      ['__name__', 'a'],
      ['b', '\\ " \n'],
      ['c', 'ü'],
    ],
  ],
  [
    '{"a.b", "c d"="e"}',
    [
      ['__name__', 'a.b'],
      ['c d', 'e'],
    ],
  ],
])('labels of %s', (text, labels) => {
  expect(readSeries(text)).toEqual(labels);
});

function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof LineProblem) return `${error.column}: ${error.message}`;
    throw error;
  }
}

test.each([
  ['a', '2: a value is missing'],
  ['a x', '3: "x" is no number'],
  ['a 0x10', '3: "0x10" is no number'],
  ['a 1 1.5', '5: "1.5" is no time in whole milliseconds'],
  ['a 1 2 3', '7: "3" stands behind the time'],
  ['a{b="c 1', '9: the quote of column 5 is not closed'],
  ['a{b="c" 1', '10: the } of the labels is missing'],
])('says what is wrong with %s', (line, problem) => {
  expect(problemOf(() => readLine(line, false))).toBe(problem);
});

test.each([
  ['a-b', '2: a name ends here that is none'],
  ['a{1="b"}', '3: there is no name of a label'],
  ['a{b}', '4: there is no ='],
  ['a{b=c}', '5: the value of a label is not in quotes'],
  ['a{b="c"d="e"}', '8: a comma or } is missing'],
  ['a{,}', '3: there is no name of a label'],
])('says what is wrong with the labels %s', (text, problem) => {
  expect(problemOf(() => readSeries(text))).toBe(problem);
});

test('no text does more than be refused', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '{', '}', '"', '\\', '=', ',', ' ', '1', '#', '\t', '.', 'é'),
    maxLength: 40,
  });
  fc.assert(
    fc.property(text, fc.boolean(), (line, openMetrics) => {
      const read = (): void => {
        const { series, exemplar } = readLine(line, openMetrics);
        readSeries(series);
        if (exemplar !== undefined) readExemplar(exemplar);
      };
      expect(problemOf(read)).toSatisfy((one) => one === undefined || /^\d+: \S/.test(String(one)));
    }),
    { numRuns: 20_000 },
  );
});
