import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Event, streamNames, streamOf } from '../../event/event.ts';
import { anyWhere } from '../../event/where/arbitrary.suite.ts';
import { compileWhere } from '../../event/where/compile.ts';
import { parseWhere } from '../../event/where/parse.ts';
import { bucketsOf, secondsWithin, widthFor } from './buckets.ts';
import { likeLiteral, textLiteral } from './literal.ts';
import { streamsOf } from './streams.ts';
import { whereToSql } from './where.ts';

describe('streams that a query needs', () => {
  test.each([
    ['true', streamNames],
    ['false', []],
    ['type = "metric"', ['readings']],
    ['type = "dev.cdevents.build.finished.0.2.0"', ['facts']],
    ['type = "dev.cdevents.build.finished"', ['facts']],
    ['type != "dev.cdevents.build.finished"', ['facts', 'readings']],
    ['type =~ "dev.cdevents%"', ['facts', 'readings']],
    ['type =~ "dev.cdevents.%"', ['facts']],
    ['type =~ "met%" and host = "a"', ['readings']],
    ['type = "metric" and type = "dev.cdevents.x"', []],
    ['type = "metric" or host = "a"', ['facts', 'readings']],
    ['not type = "metric"', ['facts', 'readings']],
    ['label.type = "metric"', ['facts', 'readings']],
  ])('%s: %j', (query, streams) => {
    expect(streamsOf(parseWhere(query))).toEqual(streams);
  });

  test('the stream of an event that matches is never left out', () => {
    const types = fc.constantFrom(
      'metric',
      'ok',
      'dev.cdevents.a',
      'dev.cdeventsx.',
      'dev.cdevents',
    );
    const onType = fc.constantFrom('type = "metric"', 'type =~ "dev.%"', 'not type = "ok"');
    fc.assert(
      fc.property(
        anyWhere(),
        onType.map(parseWhere),
        fc.constantFrom('and' as const, 'or' as const),
        types,
        (a, b, kind, type) => {
          const where = { kind, of: [a, b] as const };
          const event: Event = { id: '1', time: 0, received: 0, source: 's', type };
          const leftOut = !streamsOf(where).includes(streamOf(type));
          expect(leftOut && compileWhere(where)(event)).toBe(false);
        },
      ),
    );
  });
});

test('a literal ends where it should, whatever the text', () => {
  expect(textLiteral("a'b\\c\0d\n")).toBe("'a\\'b\\\\c\\0d\n'");
  expect(likeLiteral(['a%', '_\\'])).toBe("'a\\\\%%\\\\_\\\\\\\\'");
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '\\', '"', '%', '\0', '-', 'x') }),
      (text) => {
        const body = textLiteral(text).slice(1, -1);
        // No quote is left once every escaped character is taken out.
        expect(body.replaceAll(/\\./gs, '')).not.toMatch(/['\\]/);
      },
    ),
  );
});

test('a payload is read only where its bytes can hold the text', () => {
  expect(whereToSql(parseWhere('data =~ "%disk%full"'), 'readings')).toBe(
    "(position(data, 'disk') > 0 OR position(data, '\\\\') > 0) AND if(JSONType(data) = 'String', JSONExtractString(data), '') LIKE '%disk%full'",
  );
});

test('a type without its version is one short condition, whose dots are dots', () => {
  expect(whereToSql(parseWhere('type != "dev.cdevents.build.finished"'), 'facts')).toBe(
    String.raw`NOT match(type, '^dev\\.cdevents\\.build\\.finished(?:\\.[0-9]|\\z)')`,
  );
});

test('buckets are aligned to the epoch, and the range may cut the first and the last', () => {
  const range = { from: 1500, to: 4200 };
  expect(bucketsOf(range, 1000)).toEqual({ first: 1000, every: 1000, count: 4 });
  expect([1000, 2000, 4000].map((start) => secondsWithin(start, 1000, range))).toEqual([
    0.5, 1, 0.2,
  ]);
});

test('the width that is suggested fits', () => {
  expect(widthFor({ from: 0, to: 86_400_000 }, 1440)).toBe('1m');
  expect(widthFor({ from: 1, to: 86_400_001 }, 1440)).toBe('5m');
  expect(widthFor({ from: 0, to: 100 * 365 * 86_400_000 }, 10)).toBe('3650d');
});
