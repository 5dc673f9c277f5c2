import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyJson } from '../../../event/arbitrary.suite.ts';
import { applyMappings } from './apply.ts';
import type { Mapping, MappingProblem } from './mapping.ts';
import { maxMappingText, readMapping } from './read.ts';

function mappingsOf(text: string): readonly Mapping[] {
  const read = readMapping(text);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.mappings;
}

function problemsOf(text: string): readonly MappingProblem[] {
  const read = readMapping(text);
  return 'problems' in read ? read.problems : [];
}

const made = (text: string, body: unknown, headers = {}): unknown[] => [
  ...applyMappings(mappingsOf(text), { body, headers, id: 'd' }),
];

describe('a mapping', () => {
  test('takes a build out of a body', () => {
    const text = `
type: dev.cdeventsx.acme-build.finished.0.1.0
id: "{project}/{build.number}"
source: https://ci.example.org/{project}
subject: build/{build.number}
time: { from: $.build.finished, as: s }
service: $.project
state: { from: $.build.status, values: { success: ok, failed: critical }, else: unknown }
tags: [ci, $.build.branch]
attributes:
  vcs.ref.head.revision: $.build.commit
  nothing: $.not.there
data: $.build
`;
    const build = {
      number: 7,
      finished: 1_790_000_000,
      status: 'failed',
      branch: 'main',
      commit: 'ab',
    };
    expect(made(text, { project: 'shop', build })).toEqual([
      {
        type: 'dev.cdeventsx.acme-build.finished.0.1.0',
        id: 'shop/7',
        source: 'https://ci.example.org/shop',
        subject: 'build/7',
        time: 1_790_000_000_000,
        service: 'shop',
        state: 'critical',
        tags: ['ci', 'main'],
        attributes: { 'vcs.ref.head.revision': 'ab' },
        data: build,
      },
    ]);
  });

  test('makes one event of each element, and knows the whole body and the headers', () => {
    const text = `
each: $.checks
skip: { muted: true }
type: check
name: $.name
host: $body.host
state: $.state
attributes: { request: $headers.x-request-id }
`;
    const body = {
      host: 'web-1',
      checks: [
        { name: 'disk', state: 'ok' },
        { name: 'cpu', state: 'warning', muted: true },
        { name: 'net' },
      ],
    };
    expect(made(text, body, { 'x-request-id': 'r-1' })).toEqual([
      {
        id: 'd/1',
        type: 'check',
        name: 'disk',
        host: 'web-1',
        state: 'ok',
        attributes: { request: 'r-1' },
      },
      { id: 'd/2', type: 'check', name: 'net', host: 'web-1', attributes: { request: 'r-1' } },
    ]);
  });

  test('can be several, each for what it is about', () => {
    const text = `
- only: { status: [started, queued] }
  type: dev.cdeventsx.acme-build.started.0.1.0
- only: { status: done, result: { exists: true } }
  type: dev.cdeventsx.acme-build.finished.0.1.0
`;
    expect(made(text, { status: 'queued' })).toEqual([
      { id: 'd/1', type: 'dev.cdeventsx.acme-build.started.0.1.0' },
    ]);
    expect(made(text, { status: 'done' })).toEqual([]);
    expect(made(text, { status: 'done', result: 0 })).toHaveLength(1);
  });

  test('leaves out a text of which a part is missing, and says what cannot be made', () => {
    expect(made('{ type: event, name: "a {b} c" }', {})).toEqual([{ id: 'd', type: 'event' }]);
    expect(made('type: $.kind', { kind: ['a'] })).toMatchObject([
      { refused: { field: 'type', message: /list or an object/ } },
    ]);
    expect(made('{ type: metric, metric: $.v }', { v: 'x' })).toMatchObject([
      { refused: { field: 'metric', index: 0 } },
    ]);
    expect(made('type: "dev.cdeventsx.{a}"', { a: 'territory-token.created.0.1.0' })).toMatchObject(
      [{ refused: { code: 'TERR_INTAKE_FORBIDDEN' } }],
    );
  });

  test.each([
    ['rfc3339', '2026-01-31T10:00:00Z', 1_769_853_600_000],
    ['s', '1769853600', 1_769_853_600_000],
    ['ms', 1_769_853_600_000, 1_769_853_600_000],
    ['us', 1_769_853_600_000_000, 1_769_853_600_000],
    ['ns', 1_769_853_600_000_000_000, 1_769_853_600_000],
  ])('reads a time as %s', (as, t, time) => {
    expect(made(`{ type: event, time: { from: $.t, as: ${as} } }`, { t })).toMatchObject([
      { time },
    ]);
  });

  test('in JSON is one as well, and braces can be written', () => {
    const text = JSON.stringify({ type: 'event', name: "{{x}} {a['b.c'][0]}", data: '$' });
    const body = { a: { 'b.c': [7] } };
    expect(made(text, body)).toEqual([{ id: 'd', type: 'event', name: '{x} 7', data: body }]);
  });
});

describe('what is wrong with a mapping is told with its place', () => {
  test.each([
    ['', 1, 1, undefined, 'names and values'],
    ['name: x', 1, 1, 'type', 'type is missing'],
    ['type: event\nstat: $.a', 2, 1, 'stat', 'Did you mean "state"'],
    ['type: event\nlabels: {}', 2, 1, 'labels', 'Did you mean "attributes"'],
    ['type: event\nname: $.a..b', 2, 10, 'name', 'names behind points'],
    ['type: event\nname: $foo.a', 2, 7, 'name', '$body.'],
    ['type: event\nname: "x {a"', 2, 10, 'name', 'a single {'],
    ['type: event\nstate: { frm: $.a }', 2, 10, 'state.frm', 'Did you mean "from"'],
    ['type: event\nstate: { values: {} }', 2, 1, 'state', 'needs "from"'],
    ['type: event\ntime: { from: $.t, as: days }', 2, 24, 'time.as', 'rfc3339, s, ms'],
    ['type: event\nname: { from: $.t, as: s }', 2, 24, 'name.as', 'only "time"'],
    ['type: event\neach: alerts', 2, 7, 'each', 'path to a list'],
    ['type: event\nonly: yes', 2, 7, 'only', 'paths and what stands there'],
    ['type: event\nattributes: [a]', 2, 13, 'attributes', 'names and values'],
    ['type: event\ntags: a', 2, 7, 'tags', 'a list'],
    ['type: event\nname:', 2, 6, 'name', 'no value'],
    ['type: event\n  name: x', 1, 7, undefined, ''],
    [`type: ${'x'.repeat(maxMappingText)}`, 1, 1, undefined, 'at most'],
  ])('%j', (text, ...[line, column, field, message]) => {
    const [problem] = problemsOf(text);
    expect(problem).toMatchObject({ line, column, ...(field !== undefined && { field }) });
    expect(problem?.message).toContain(message);
  });

  test('all at once', () => {
    expect(problemsOf('nam: x\nstat: y').map(({ field }) => field)).toEqual([
      'nam',
      'stat',
      'type',
    ]);
  });

  test('aliases do not make a small text huge', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    expect(problemsOf(`a0: &a0 [x]\n${lines.join('\n')}\ntype: event`).length).toBeGreaterThan(0);
    expect(problemsOf('type: &a event\nname: *a')).toMatchObject([{ field: 'name', line: 2 }]);
  });
});

describe('anything', () => {
  const text = `
each: $.__proto__
only: [{ constructor: x }, { a.b: { exists: false } }]
type: "{constructor} {$body.__proto__.polluted} {a[0]}"
name: $.__proto__.x
time: $.a
metric: $.b
ttl: $.c
tags: [$.a, $.b]
attributes: { __proto__: $.a, toString: $.b, x: "{a}{b}" }
data: $body
`;

  test('that is JSON makes events or refusals, and never a throw', () => {
    fc.assert(
      fc.property(anyJson, anyJson, anyJson, (a, b, c) => {
        const body = { ['__proto__']: [{ a, b, c }, a, b], a, b, c };
        for (const one of made(text, JSON.parse(JSON.stringify(body))))
          expect(one).toBeInstanceOf(Object);
        for (const one of made(text.replace('$.__proto__', '$.a'), { a, b }))
          expect(one).toBeInstanceOf(Object);
      }),
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
  });

  test('that is text is a mapping or has problems with places', () => {
    const word = fc.constantFrom(
      'type',
      'each',
      'only',
      'from',
      '$.a',
      '{a}',
      ': ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a',
      '*a',
      '!!x',
      '"',
      '? ',
      '|',
      '  ',
    );
    const anyText = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 30 }).map((w) => w.join('')),
    );
    fc.assert(
      fc.property(anyText, anyJson, (text, body) => {
        const read = readMapping(text);
        const mappings = 'problems' in read ? [] : read.mappings;
        const places = 'problems' in read ? read.problems : [];
        const events = [...applyMappings(mappings, { body, headers: {}, id: 'd' })];
        expect(places.every(({ line, column }) => line > 0 && column > 0)).toBe(true);
        expect(events.length).toBeLessThanOrEqual(mappings.length * 1_000);
      }),
      { numRuns: 1_000 },
    );
  });

  test('that nests deeply is looked at no deeper than its paths', () => {
    const deep = JSON.parse('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)) as unknown;
    expect(made('{ type: event, name: $.a.a, data: $.a.b }', deep)).toMatchObject([
      { refused: { field: 'name' } },
    ]);
  });
});
