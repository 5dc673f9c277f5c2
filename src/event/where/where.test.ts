import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import vectors from '../../../test/vectors/stream.json' with { type: 'json' };
import type { Event } from '../event.ts';
import type { Where } from './ast.ts';
import { anyWhere } from './arbitrary.suite.ts';
import { anyVersionPattern, isUnversioned } from './cdevent-type.ts';
import { compileWhere } from './compile.ts';
import { fieldName } from './field.ts';
import { maxQueryDepth, parseField, parseWhere } from './parse.ts';
import { printWhere } from './print.ts';
import { whereTokens } from './tokens.ts';

const base: Event = { id: '1', time: 0, received: 0, type: 'metric', source: 'test' };

function matches(query: string, event: Partial<Event>): boolean {
  return compileWhere(parseWhere(query))({ ...base, ...event });
}

function refusal(query: string): string {
  try {
    parseWhere(query);
  } catch (error) {
    if (error instanceof CodedError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('what a condition matches', () => {
  test.each<[query: string, event: Partial<Event>, expected: boolean]>([
    ['type = "metric"', {}, true],
    ["type = 'metric'", {}, true],
    ['metric = 1', { metric: 1.0 }, true],
    ['metric != 1', {}, true],
    ['metric > 1', {}, false],
    ['not metric > 1', {}, true],
    ['time >= "1970-01-01T00:00:01Z"', { time: 1000 }, true],
    ['time > "1970-01-01T02:00:01.5+02:00"', { time: 1500 }, false],
    ['received < 5', { received: 4 }, true],
    ['host = ""', {}, true],
    ['host = nil', { host: '' }, true],
    ['label.code >= 500', { attributes: { code: '503' } }, true],
    ['attributes.code >= 500', { attributes: { code: '5e2' } }, true],
    ['code >= 500', { attributes: { code: '0503' } }, false],
    ['code = 500', { attributes: { code: ' 500' } }, false],
    ['code > 500', { attributes: { code: '1e99' } }, true],
    ['code > 500', { attributes: { code: '1e100' } }, false],
    ['code = "503"', { attributes: { code: '503' } }, true],
    ['http.route = "/pay"', { attributes: { 'http.route': '/pay' } }, true],
    ['label."odd key" = "x"', { attributes: { 'odd key': 'x' } }, true],
    ['label.host = "x"', { host: 'y', attributes: { host: 'x' } }, true],
    ['label.toString', { attributes: {} }, false],
    ['canary = true', { attributes: { canary: 'true' } }, true],
    ['data.order.paid = true', { data: { order: { paid: true } } }, true],
    ['data.order.paid = false', { data: { order: {} } }, false],
    ['data.order.paid != false', { data: { order: {} } }, true],
    ['data.order', { data: { order: {} } }, true],
    ['data.order = nil', { data: { order: null } }, true],
    ['data.a."b c".d > 2', { data: { a: { 'b c': { d: 3 } } } }, true],
    ['data.list."0" = 1', { data: { list: [1] } }, false],
    ['data.__proto__', { data: {} }, false],
    ['data =~ "%disk%"', { data: 'the disk is full' }, true],
    ['data =~ "%disk%"', { data: { text: 'disk' } }, false],
    ['data.n =~ "%"', { data: { n: 1 } }, false],
    ['state =~ "95\\%"', { state: '95%' }, true],
    ['state =~ "95\\%"', { state: '95x' }, false],
    ['state =~ "a%a"', { state: 'a' }, false],
    ['state =~ "a%b%b"', { state: 'a-b' }, false],
    ['state =~ "a%\\n%b"', { state: 'a\n\nb' }, true],
    ['state =~ "%"', {}, false],
    ['state ~= "^5\\d\\d$"', { state: '503' }, true],
    ['state ~= "o.k"', { state: 'o\nk' }, true],
    ['state ~= "(?i)KÖ"', { state: 'kö' }, true],
    ['state ~= "\\"x\\""', { state: 'say "x"' }, true],
    ['tagged "a" and not tagged "b"', { tags: ['a'] }, true],
    ['nil', {}, false],
    ['NOT false AND True', {}, true],
  ])('%s on %o: %o', (query, event, expected) => {
    expect(matches(query, event)).toBe(expected);
  });
});

describe('the type of a CDEvent without its version', () => {
  const deployed = 'dev.cdevents.service.deployed';
  const done = 'dev.cdeventsx.acme-job.done';
  const twoDashes = 'dev.cdeventsx.argo-cd-app.synced';
  test.each<[asked: string, type: string, expected: boolean]>([
    [deployed, `${deployed}.0.3.0`, true],
    [deployed, `${deployed}.1.0.0-draft`, true],
    [deployed, deployed, true],
    [deployed, `${deployed}.`, false],
    [deployed, `${deployed}.x`, false],
    [deployed, `${deployed}twice.0.3.0`, false],
    [deployed, `${deployed}0.3.0`, false],
    [deployed, `x${deployed}.0.3.0`, false],
    [`${deployed}.0.3.0`, `${deployed}.0.3.0`, true],
    [`${deployed}.0.3.0`, `${deployed}.0.4.0`, false],
    [`${deployed}.0`, `${deployed}.0.4.0`, false],
    [done, `${done}.0.1.0`, true],
    [twoDashes, `${twoDashes}.0.1.0`, true],
    ['dev.cdeventsx.job.done', 'dev.cdeventsx.job.done.0.1.0', false],
    ['dev.cdevents.service', 'dev.cdevents.service.1', false],
    ['com.acme.service.deployed', 'com.acme.service.deployed.1', false],
    ['metric', 'metric.1', false],
  ])('type = "%s" on %s: %o', (asked, type, expected) => {
    expect(matches(`type = "${asked}"`, { type })).toBe(expected);
    expect(matches(`type != "${asked}"`, { type })).toBe(!expected);
    // History's half; RE2 writes the end of the text as \z.
    const pattern = new RegExp(anyVersionPattern(asked).replace('\\z', '$'));
    expect(isUnversioned(asked) ? pattern.test(type) : expected).toBe(expected);
  });

  test('is so for the field type alone, and for = and != alone', () => {
    const attributes = { type: `${deployed}.0.3.0`, kind: `${deployed}.0.3.0` };
    expect(matches(`label.type = "${deployed}"`, { attributes })).toBe(false);
    expect(matches(`kind = "${deployed}"`, { attributes })).toBe(false);
    expect(matches(`subject = "${deployed}"`, { subject: `${deployed}.0.3.0` })).toBe(false);
    expect(matches(`type =~ "${deployed}"`, { type: `${deployed}.0.3.0` })).toBe(false);
  });

  test('is printed as it was written, so that limits hold for what is printed too', () => {
    const one = `type != "${deployed}"`;
    const deep = `${'not '.repeat(maxQueryDepth)}${one}`;
    const long = Array.from({ length: 190 }, () => one).join(' or ');
    for (const text of [one, deep, long]) expect(printWhere(parseWhere(text))).toBe(text);
  });
});

describe('what is refused, and how it says so', () => {
  test.each<[query: string, message: string]>([
    [
      '',
      'TERR_WHERE_SYNTAX column 1: expected a condition (true matches every event), but the query ends',
    ],
    ['state == "ok"', 'TERR_WHERE_SYNTAX column 7: "==" is not an operator here; write "="'],
    ['a = 1 && b = 2', 'TERR_WHERE_SYNTAX column 7: "&&" is not an operator here; write "and"'],
    [
      'state "ok"',
      'TERR_WHERE_SYNTAX column 7: expected "and", "or" or the end of the query, but found "ok"',
    ],
    [
      'state = ok',
      'TERR_WHERE_SYNTAX column 9: expected a value: text in quotes, a number, true, false or nil, but found ok',
    ],
    [
      'metric > "1"',
      'TERR_WHERE_SYNTAX column 10: expected a number without quotes (texts have no order) to compare metric with, but found "1"',
    ],
    [
      'metric = true',
      'TERR_WHERE_SYNTAX column 10: expected a number to compare metric with, but found true',
    ],
    [
      'ttl =~ "1%"',
      'TERR_WHERE_SYNTAX column 5: ttl is a number and has no text to match; compare it with =, !=, <, <=, > or >=',
    ],
    [
      'time > "yesterday"',
      'TERR_WHERE_SYNTAX column 8: expected a time such as "2026-01-31T12:00:00Z" or ms since the epoch, but found "yesterday"',
    ],
    [
      'time > "2026-02-30T00:00:00Z"',
      'TERR_WHERE_SYNTAX column 8: expected a time such as "2026-01-31T12:00:00Z" or ms since the epoch, but found "2026-02-30T00:00:00Z"',
    ],
    ['state = "o', 'TERR_WHERE_SYNTAX column 9: the text that begins here has no closing "'],
    [
      'state = "\\q"',
      'TERR_WHERE_SYNTAX column 10: unknown escape "\\q"; a literal backslash is written "\\\\"',
    ],
    [
      'state = "\\%"',
      'TERR_WHERE_SYNTAX column 10: unknown escape "\\%"; a literal backslash is written "\\\\"',
    ],
    [
      'a = 1\nand b ==2',
      'TERR_WHERE_SYNTAX line 2, column 7: "==" is not an operator here; write "="',
    ],
    [
      '"ok" = state',
      'TERR_WHERE_SYNTAX column 1: expected the name of a field, "not", "tagged" or "(", but found "ok"',
    ],
    ['a = 1e999', 'TERR_WHERE_SYNTAX column 5: the number 1e999 is too large'],
    ['a = 1 £', 'TERR_WHERE_SYNTAX column 7: unexpected character "£"'],
    [
      'state ~= "(?=a)"',
      'TERR_WHERE_PATTERN column 11: lookahead (?=…) is not supported: it cannot be searched in linear time',
    ],
    [
      'state ~= "(a)\\1"',
      'TERR_WHERE_PATTERN column 14: the backreference \\1 is not supported: it cannot be searched in linear time',
    ],
    [
      'state ~= "(a{30}){40}"',
      'TERR_WHERE_PATTERN column 11: the regular expression is too large: more than 1000 steps with its repeats written out',
    ],
    [
      `${'('.repeat(65)}a${')'.repeat(65)}`,
      'TERR_WHERE_LIMIT column 66: parentheses and "not" may nest 64 deep',
    ],
    [
      'a'.repeat(8193),
      'TERR_WHERE_LIMIT column 8193: the query has 8193 characters, at most 8192 are allowed',
    ],
  ])('%s', (query, message) => {
    expect(refusal(query)).toBe(message);
  });

  test('the place is in the details', () => {
    expect(() => parseWhere('a = 1\nand b ==2')).toThrow(
      expect.objectContaining({ status: 400, details: { line: 2, column: 7 } }),
    );
  });
});

describe('the recorded cases of Riemann', () => {
  /** Where the product differs on purpose: the query, what it matches here, and why. */
  const exceptions: Readonly<Record<string, { match: readonly number[]; why: string }>> = {
    'description =~ "%95\\%%"': { match: [2], why: '\\% is a literal percent sign here' },
    'metric = nil': {
      match: [6, 7, 9, 10, 11, 12],
      why: 'event 11 has a text as metric, which intake refuses',
    },
    'metric != nil': { match: [0, 1, 2, 3, 4, 5, 8], why: 'as above' },
    metric: { match: [0, 1, 2, 3, 4, 5, 8], why: 'as above' },
  };
  const columns = new Set(['host', 'service', 'state', 'metric', 'time', 'ttl', 'tags']);
  const events = vectors.queries.events.map((recorded): Event => {
    const entries = Object.entries(recorded).filter(
      ([key, value]) => value !== null && !(key === 'metric' && typeof value === 'string'),
    );
    const attributes = entries
      .filter(([key]) => !columns.has(key))
      .map(([key, value]) => [key, String(value)]);
    return {
      ...base,
      ...Object.fromEntries(entries.filter(([key]) => columns.has(key))),
      attributes: Object.fromEntries(attributes),
    };
  });

  test.each(vectors.queries.cases)('$query', ({ query, match }) => {
    const where = compileWhere(parseWhere(query));
    const found = events.flatMap((event, index) => (where(event) ? [index] : []));
    expect(found).toEqual(exceptions[query]?.match ?? match);
  });

  test('every exception is a case', () => {
    const queries = vectors.queries.cases.map((one) => one.query);
    expect(Object.keys(exceptions).filter((query) => !queries.includes(query))).toEqual([]);
  });

  test.each(vectors.queries.precedence)('precedence of $query', ({ query, ast }) => {
    expect(lisp(parseWhere(query))).toBe(ast);
  });

  test.each(vectors.queries.mustBeRejected)('refuses $query', ({ query }) => {
    expect(refusal(query)).toMatch(/^TERR_WHERE_SYNTAX column \d+: /);
  });

  function lisp(where: Where): string {
    if (where.kind === 'not') return `(not ${lisp(where.of)})`;
    if (where.kind === 'and' || where.kind === 'or')
      return `(${where.kind} ${where.of.map(lisp).join(' ')})`;
    if (where.kind === 'equal') return `(= :${fieldName(where.field)} ${where.value})`;
    throw new Error(`no notation for ${where.kind}`);
  }
});

describe('properties', () => {
  test('what is printed reads back as the same tree', () => {
    fc.assert(
      fc.property(anyWhere(), (where) => {
        expect(parseWhere(printWhere(where))).toEqual(where);
      }),
      { numRuns: 2000 },
    );
  });

  test('the names of fields read back too', () => {
    expect(parseField('label."odd key"')).toEqual({ kind: 'attribute', name: 'odd key' });
    expect(fieldName({ kind: 'attribute', name: 'NOT' })).toBe('label.NOT');
    expect(fieldName({ kind: 'attribute', name: 'data.x' })).toBe('label.data.x');
    expect(() => parseField('a b')).toThrow('expected the end of the name');
  });

  test('whatever the text, the parser answers or refuses with its own error', () => {
    const words = fc.constantFrom(
      'and',
      'or',
      'not',
      '(',
      ')',
      '=',
      '!=',
      '=~',
      '~=',
      '<',
      '"a%"',
      "'",
      '"',
      '\\',
      '1',
      '.',
      'data',
      'label.',
      'tagged',
      'nil',
      '[',
      '{2}',
      '\n',
    );
    const soup = fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 30 });
    fc.assert(
      fc.property(soup, fc.constantFrom('', ' '), (parts, gap) => {
        const text = parts.join(gap);
        // Throws whatever is not an error of ours.
        refusal(text);
        const tokens = whereTokens(text);
        expect(
          tokens.every(
            (token, i) =>
              token.from >= (tokens[i - 1]?.to ?? 0) &&
              token.to > token.from &&
              token.to <= text.length,
          ),
        ).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('a query of the greatest length and depth is read', () => {
    const long = `a${' or a'.repeat(1637)}`;
    const deep = '('.repeat(maxQueryDepth) + 'a' + ')'.repeat(maxQueryDepth);
    expect(matches(long, { attributes: { a: 'x' } })).toBe(true);
    expect(matches(deep, {})).toBe(false);
    expect(printWhere(parseWhere(long))).toBe(long);
  });
});

test('tokens for highlighting', () => {
  const text = 'not host = "x" and y >= 2 ?';
  const pieces = whereTokens(text).map(({ kind, from, to }) => `${kind}:${text.slice(from, to)}`);
  expect(pieces.join(' ')).toBe(
    'keyword:not field:host operator:= string:"x" keyword:and field:y operator:>= number:2 wrong:?',
  );
});
