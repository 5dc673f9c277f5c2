import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printWhere } from '../../../event/where/print.ts';
import { parseSli } from './parse.ts';
import { pastsOf, type SliPlan } from './plan.ts';

function planOf(measure: string, ok = '> 0', down?: string): SliPlan {
  const parsed = parseSli({ measure, ok, ...(down !== undefined && { down }) });
  if ('fault' in parsed) throw new Error(JSON.stringify(parsed.fault));
  return parsed.plan;
}

function faultOf(measure: string, ok = '> 0'): string {
  const parsed = parseSli({ measure, ok });
  if (!('fault' in parsed)) throw new Error('there is nothing wrong with it');
  const { part, column, message } = parsed.fault;
  return `${part} ${column}: ${message}`;
}

describe('a measure', () => {
  test('finds events by name, by type, and facts by subject and predicate in any version', () => {
    const plan = planOf('rate(order.placed)', '> 0.5 of same hour last week');
    expect(plan).toMatchObject({
      text: 'rate(order.placed)',
      of: 'order.placed',
      aggregate: 'rate',
      window: 300_000,
      orZero: false,
      ok: {
        all: [{ op: '>', amount: { kind: 'past', factor: 0.5, past: 'same hour last week' } }],
        text: '> 0.5 of same hour last week',
      },
    });
    expect(printWhere(plan.where)).toBe(
      'name = "order.placed" or type = "order.placed" or (type = "dev.cdevents.order.placed" or type =~ "dev.cdeventsx.%-order.placed.%")',
    );
    expect(pastsOf(plan)).toEqual(['same hour last week']);
  });

  test('can say of which events, and over how long', () => {
    const plan = planOf('p95(http.duration) where "service = \'shop\'" over 10m', '< 500ms');
    expect(plan).toMatchObject({ aggregate: 'p95', window: 600_000 });
    expect(printWhere(plan.where)).toContain('and service = "shop"');
    expect(plan.ok.all).toEqual([{ op: '<', amount: { kind: 'number', value: 500, unit: 'ms' } }]);
  });

  test('can be one number of events over another, with conditions on each and on both', () => {
    const plan = planOf(
      String.raw`ratio(request where "state = \"error\"" / request) where "service = 'shop'"`,
      '< 1%',
    );
    expect(plan).toMatchObject({ of: 'request', aggregate: 'count' });
    expect(printWhere(plan.where)).toBe(
      '(name = "request" or type = "request") and state = "error" and service = "shop"',
    );
    expect(printWhere(plan.ratio ?? { kind: 'literal', value: false })).toBe(
      '(name = "request" or type = "request") and service = "shop"',
    );
    expect(plan.ok.all[0]?.amount).toEqual({ kind: 'number', value: 0.01, unit: '%' });
    expect(planOf('ratio(sum(sold) / sum(offered))')).toMatchObject({ aggregate: 'sum' });
  });

  test('is 0 when nothing comes only where that is said', () => {
    expect(planOf('count(order.placed) or 0 over 1h')).toMatchObject({
      orZero: true,
      window: 3_600_000,
    });
  });

  test('quotes a name that is none by itself', () => {
    expect(planOf('max("disk used/percent")').of).toBe('disk used/percent');
  });

  test.each([
    [
      '',
      'measure 1: one of rate, count, sum, mean, min, max, p50, p75, p90, p95, p99, p999, ratio is expected, and it ends here',
    ],
    [
      'rete(x)',
      'measure 1: one of rate, count, sum, mean, min, max, p50, p75, p90, p95, p99, p999, ratio is expected (did you mean rate?), and here is "rete"',
    ],
    ['rate order', 'measure 6: "(" is expected, and here is "order"'],
    [
      'rate()',
      'measure 6: the name of a metric or event such as order.placed is expected, and here is ")"',
    ],
    ['rate(x', 'measure 7: ")" is expected, and it ends here'],
    [
      'rate(x) per minute',
      'measure 9: where "…", or 0, over 5m or the end is expected, and here is "per"',
    ],
    ['rate(x) over 5', 'measure 14: a span such as 30s, 5m or 1h is expected, and here is "5"'],
    ['rate(x) over 1s', 'measure 14: a span from 10s to 7d is expected, and here is "1s"'],
    [
      'rate(x) where service',
      'measure 15: a condition in quotes is expected, such as "state = \'error\'", and here is "service"',
    ],
    [
      'p95(x) or 0',
      'measure 11: only rate, count and sum are 0 when nothing comes, and here is "0"',
    ],
    ['ratio(a, b)', 'measure 8: "/" is expected, and here is ","'],
    [
      'ratio(sum(a) / b)',
      'measure 16: the same function as above (sum) is expected, and here is "b"',
    ],
  ])('%j is refused: %s', (measure, message) => {
    expect(faultOf(measure)).toBe(message);
  });

  test('a condition that is wrong is refused where it is wrong', () => {
    expect(faultOf('rate(x) where "service = = 1"')).toMatch(/^measure 26: /);
  });
});

describe('what must be true of it', () => {
  const boundOf = (ok: string, measure = 'rate(x)') =>
    planOf(measure, ok).ok.all.map(({ op, amount }) => [
      op,
      amount.kind === 'past' ? `${amount.factor} ${amount.past}` : `${amount.value} ${amount.unit}`,
    ]);
  test.each([
    ['> 2', 'rate(x)', [['>', '2 none']]],
    ['>= 120/min', 'rate(x)', [['>=', '2 /s']]],
    ['> 7200 / h', 'rate(x)', [['>', '2 /s']]],
    ['< 0.5 s', 'p99(x)', [['<', '0.5 s']]],
    ['<= 85%', 'max(cpu)', [['<=', '85 %']]],
    ['> 99.5%', 'ratio(a / b)', [['>', '0.995 %']]],
    ['< 1.5 of yesterday', 'rate(x)', [['<', '1.5 yesterday']]],
    ['> 50% of the same hour last week', 'rate(x)', [['>', '0.5 same hour last week']]],
    [
      'between 1 and 10',
      'count(x)',
      [
        ['>=', '1 none'],
        ['<=', '10 none'],
      ],
    ],
    [
      'between 0.5 of last hour and 2 of last hour',
      'rate(x)',
      [
        ['>=', '0.5 last hour'],
        ['<=', '2 last hour'],
      ],
    ],
  ])('%s of %s', (ok, measure, all) => {
    expect(boundOf(ok, measure)).toEqual(all);
  });

  test.each([
    ['2', 'ok 1: >, >=, <, <= or between is expected, and here is "2"'],
    ['>', 'ok 2: a number is expected, and it ends here'],
    [
      '> 2 parsecs',
      'ok 5: one of ms, s, min, h, /s, /min, /h, %, or "of" is expected, and here is "parsecs"',
    ],
    [
      '> 5 ms',
      'ok 5: only the values of a metric are compared with a number of ms, and here is "ms"',
    ],
    [
      '> 2 of next week',
      'ok 8: one of same hour last week, same hour yesterday, last week, yesterday, last hour is expected, and here is "next"',
    ],
    [
      '> 2 s of yesterday',
      'ok 3: a factor such as 0.5 or 50% is expected before "of", and here is "2"',
    ],
    ['between 1', 'ok 10: "and" and another number are expected, and it ends here'],
    ['between 5 and 1', 'ok 15: a number that is not below the first is expected, and here is "1"'],
    ['between 1 /s and 2', 'ok 18: a number in the unit of the first is expected, and here is "2"'],
    ['> 2 /min or so', 'ok 10: the end is expected, and here is "or"'],
  ])('%j is refused: %s', (ok, message) => {
    expect(faultOf('rate(x)', ok)).toBe(message);
  });

  test('only a rate has a number per time', () => {
    expect(faultOf('count(x)', '> 2/min')).toBe(
      'ok 4: only a rate is compared with a number /min, and here is "/"',
    );
  });

  test('what is down has the same grammar, and its own faults', () => {
    expect(planOf('rate(x)', '> 2', '> 0.1/s').down?.text).toBe('> 0.1/s');
    expect(parseSli({ measure: 'rate(x)', ok: '> 2', down: 'low' })).toMatchObject({
      fault: { part: 'down', column: 1 },
    });
  });
});

test('whatever is written, it is read or refused at a place within it', () => {
  const pieces = ['rate', 'ratio', '(', ')', 'x', '/', 'where', '"a = 1"', '"', 'over', '5m', 'or'];
  const more = [
    '0',
    '>',
    'between',
    'and',
    '1.5',
    '%',
    'of',
    'last',
    'week',
    'same hour',
    ' ',
    'é',
  ];
  const text = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, fc.string(), (measure, ok, any) => {
      for (const sli of [
        { measure: measure.join(' '), ok: ok.join(' ') },
        { measure: any, ok: any },
        { measure: 'rate(x)', ok: ok.join('') },
      ]) {
        const parsed = parseSli(sli);
        if (!('fault' in parsed)) continue;
        const { part, column } = parsed.fault;
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((part === 'measure' ? sli.measure : sli.ok).length + 1);
      }
    }),
    { numRuns: 1_000 },
  );
});
