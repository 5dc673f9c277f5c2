import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePerfData } from '../../event/perfdata.ts';
import { parseRange } from '../../event/range.ts';
import { splitOutput } from '../../event/plugin-output.ts';
import type { Performance, RunResult, RunState } from '../run/result.ts';
import { reportOf } from './report.ts';
import { scenariosReport, troubleReport } from './scenarios.ts';

const passed = (name: string, more: Partial<RunResult> = {}): RunResult => ({
  name,
  state: 'passed',
  seconds: 0.25,
  lagMs: 0,
  attempts: 1,
  steps: [],
  performance: [],
  ...more,
});

function failed(name: string, message: string, state: RunState = 'failed'): RunResult {
  const failure = { kind: 'assertion', step: 'I should see "x"', line: 7, message } as const;
  return passed(name, { state, failure });
}

const report = (results: readonly RunResult[], more = {}) =>
  scenariosReport({ title: 'shop', results, seconds: 0.5, timeout: 30, verbosity: 0, ...more });

const elapsed = (value: number): Performance => ({
  label: 'elapsed',
  value,
  unit: 's',
  critical: 1,
  max: 10,
});

const home = 'Quickly loading the EFG home page';
const eleven = Array.from({ length: 11 }, (_, i) => passed(`page ${i}`));

describe('what scenarios say', () => {
  test('one that passes', () => {
    expect(report([passed('the home page')])).toEqual({
      code: 0,
      text: 'SHOP OK - the home page (0.50 s)|time=0.5s;;;0;30 passed=1;;;0;1 warnings=0;0;;0;1 failed=0;;0;0;1 unknown=0;;;0;1\n',
    });
  });

  test('one of twelve fails by its limit: the first line, the values and the lines below', () => {
    const slow = { ...failed(home, 'expected less than 1 s'), performance: [elapsed(1.84)] };
    expect(report([...eleven, slow]).text.split('\n')).toEqual([
      `SHOP CRITICAL - 1 of 12 failed: Quickly loading th… (elapsed 1.84 s, limit 1 s)|time=0.5s;;;0;30 passed=11;;;0;12 warnings=0;0;;0;12 failed=1;;0;0;12 unknown=0;;;0;12 'Quickly loading the EFG home page.elapsed'=1.84s;;1;0;10`,
      'CRITICAL Quickly loading the EFG home page (0.25 s): I should see "x": expected less than 1 s (line 7)',
      '',
    ]);
    expect(report([slow]).text).toContain(
      'SHOP CRITICAL - Quickly loading the EFG home page (elapsed 1.84 s, limit 1 s)|',
    );
  });

  test.each([
    ['nothing', [], 3, 'SHOP UNKNOWN - no scenario is selected'],
    ['all pass', eleven, 0, 'SHOP OK - 11 scenarios passed (0.50 s)'],
    ['one fails', [failed('home', 'got 500')], 2, 'SHOP CRITICAL - home: got 500'],
    [
      'one is unknown',
      [passed('a'), failed('b', 'no secret "X"', 'unknown')],
      3,
      'SHOP UNKNOWN - 1 of 2 unknown: b: no secret "X"',
    ],
    [
      'one fails as a warning',
      [passed('a'), { ...failed('b', 'got 500'), warning: 'got 500' }],
      1,
      'SHOP WARNING - 1 of 2 passed with a warning: b: got 500',
    ],
    [
      'unknown is worse than a warning',
      [{ ...passed('a'), warning: 'slow' }, failed('b', 'who knows', 'unknown')],
      3,
      'SHOP UNKNOWN - 1 of 2 unknown: b: who knows',
    ],
    [
      'a failure is worse than unknown',
      [failed('b', 'who knows', 'unknown'), failed('c', 'no'), failed('d', 'no')],
      2,
      'SHOP CRITICAL - 2 of 3 failed: c: no',
    ],
  ] as const)('%s', (_, results, code, first) => {
    const { code: ended, text } = report(results);
    expect([ended, splitOutput(text).output]).toEqual([code, first]);
  });

  test.each([
    ['1', '2', 0, 'SHOP OK - a (0.50 s)'],
    ['0.4', '2', 1, 'SHOP WARNING - took 0.50 s, which is not within 0.4'],
    ['0.4', '0.45', 2, 'SHOP CRITICAL - took 0.50 s, which is not within 0.45'],
    ['@0.5:1', '~:1', 1, 'SHOP WARNING - took 0.50 s, which is not within @0.5:1'],
  ])('ranges -w %s -c %s of 0.5 s', (warning, critical, code, first) => {
    const ranges = { warning: parseRange(warning), critical: parseRange(critical) };
    const told = report([passed('a')], ranges);
    const { output, perfData } = splitOutput(told.text);
    expect([told.code, output]).toEqual([code, first]);
    expect([...parsePerfData(perfData)][0]).toMatchObject({ label: 'time', warning, critical });
  });

  test('more is told with -v, -vv and -vvv', () => {
    const steps = [
      { text: 'I visit "/"', line: 3, kind: 'action', state: 'passed', seconds: 0.2 },
      {
        text: 'I should see "x"',
        line: 7,
        kind: 'assertion',
        state: 'failed',
        seconds: 0,
        failure: 'no x',
      },
    ] as const;
    const excerpt = {
      url: 'http://h/',
      status: 500,
      headers: { server: 'h' },
      body: 'broken | now',
    };
    const results = [passed('a'), { ...failed('b', 'no x'), attempts: 2, steps, excerpt }];
    const lines = (verbosity: number) => splitOutput(report(results, { verbosity }).text).long;
    const b = 'CRITICAL b (0.25 s, 2 attempts): I should see "x": no x (line 7)';
    expect(lines(0)).toBe(b);
    expect(lines(1)).toBe(`OK a (0.25 s)\n${b}`);
    expect(lines(2)).toBe(
      `OK a (0.25 s)\n${b}\n- passed I visit "/" (line 3, 0.20 s)\n- failed I should see "x" (line 7, 0.000 s): no x`,
    );
    expect(lines(3)).toBe(
      `${lines(2)}\n- http://h/ answered 500\n- server: h\n- broken \u00a6 now`,
    );
  });

  test('labels are each there once', () => {
    const twice = passed('a', { performance: [elapsed(0.1), elapsed(0.2)] });
    const labels = [...parsePerfData(splitOutput(report([twice]).text).perfData)].map((one) =>
      'label' in one ? one.label : '',
    );
    expect(labels.slice(-2)).toEqual(['elapsed', 'elapsed 2']);
  });
});

test('what is wrong before a run is UNKNOWN, with a line for each', () => {
  expect(troubleReport('shop', ['a.feature:3:5: no step is "x"', 'a.feature:4:5: b'])).toEqual({
    code: 3,
    text: 'SHOP UNKNOWN - a.feature:3:5: no step is "x"\na.feature:4:5: b\n',
  });
  expect(troubleReport('shop', ['long '.repeat(40)]).text.split('\n')[1]).toBe(
    'long '.repeat(40).trim(),
  );
});

describe('whatever is said', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '|', '\n', 'ä', '=', "'", '\t', '…') });
  const results = fc.array(
    fc.record({
      name: fc.string({ minLength: 1, maxLength: 200 }),
      message: text,
      state: fc.constantFrom<RunState>('passed', 'failed', 'unknown'),
      value: fc.double({ min: 0, max: 1e6, noNaN: true }),
    }),
    { maxLength: 60 },
  );

  test('Nagios reads the state, the line and the values that were meant', () => {
    fc.assert(
      fc.property(results, fc.nat(3), (all, verbosity) => {
        const runs = all.map(({ name, message, state, value }) => ({
          ...failed(name, message, state),
          performance: [{ label: 'x', value, unit: '' as const }],
        }));
        const { code, text: told } = report(runs, { verbosity });
        const { output, perfData } = splitOutput(told);
        expect(output.length).toBeLessThan(80);
        expect(output).toMatch(/^SHOP (OK|WARNING|CRITICAL|UNKNOWN) - ./);
        expect(Buffer.byteLength(told)).toBeLessThanOrEqual(8000);
        const states = all.map((one) => one.state);
        const worst = states.includes('failed') ? 2 : states.includes('unknown') ? 3 : 0;
        expect(code).toBe(all.length === 0 ? 3 : worst);
        const values = [...parsePerfData(perfData)];
        expect(values.filter((one) => 'wrong' in one)).toEqual([]);
        expect(values[1]).toEqual({
          label: 'passed',
          value: states.filter((one) => one === 'passed').length,
          uom: '',
          min: 0,
          max: all.length,
        });
      }),
      { numRuns: 60 },
    );
  });

  test('what is too much is left out, and said', () => {
    const values = Array.from({ length: 300 }, (_, i) => ({
      label: `value number ${i}`,
      value: i,
      uom: '',
    }));
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i} ${'x'.repeat(50)}`);
    const { text: told } = reportOf({ title: 't', state: 'ok', summary: 's', lines, values });
    expect(Buffer.byteLength(told)).toBeLessThanOrEqual(8000);
    expect(told).toMatch(/\n\.\.\. and \d+ more lines\n$/);
    const few = reportOf({ title: 't', state: 'ok', summary: 's', lines: [], values });
    expect(few.text).toMatch(/\n\d+ more values are not told: too much for Nagios\n$/);
  });
});
