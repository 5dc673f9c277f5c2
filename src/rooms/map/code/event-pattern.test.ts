import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInterval, parsePattern } from './event-pattern.ts';

describe('a pattern of events', () => {
  test.each([
    ['build.finished', 'build', 'finished', {}],
    ['*.finished', '*', 'finished', {}],
    ['territory-map.*', 'territory-map', '*', {}],
    ['service.deployed[env=production]', 'service', 'deployed', { env: ['production'] }],
    [
      'a.b[ env = live , outcome=pass | error ]',
      'a',
      'b',
      { env: ['live'], outcome: ['pass', 'error'] },
    ],
    ['card.moved[to="In Review"]', 'card', 'moved', { to: ['In Review'] }],
    ['card.moved[to=In Review]', 'card', 'moved', { to: ['In Review'] }],
  ])('%s', (text, subject, predicate, where) => {
    const conditions = Object.entries(where).map(([field, values]) => ({ field, values }));
    expect(parsePattern(text)).toEqual({ subject, predicate, where: conditions, text });
  });

  test.each([
    ['build', 0, /subject\.predicate/],
    ['', 0, /subject\.predicate/],
    ['a.b.c', 3, /only conditions in brackets/],
    ['a.b[x=y', 6, /"\]" is missing/],
    ['a.b[x]', 4, /field=value/],
    ['a.b[x=1, y]', 9, /field=value/],
    ['a.b[=1]', 4, /name of a field/],
    ['a.b[x=]', 6, /no value/],
    ['a.b[x=1|]', 8, /no value/],
    ['a.b[]', 4, /field=value/],
  ])('%s is none, told at %i', (text, at, wrong) => {
    expect(parsePattern(text)).toEqual({ at, wrong: expect.stringMatching(wrong) });
  });
});

describe('an interval', () => {
  test('is between two patterns', () => {
    expect(parseInterval('a.started[v=1..2]..b.finished[x=y]')).toMatchObject({
      start: { text: 'a.started[v=1..2]', where: [{ field: 'v', values: ['1..2'] }] },
      end: { text: 'b.finished[x=y]' },
    });
  });

  test.each([
    ['a.b', 0, /between two events/],
    ['a.b..c', 5, /subject\.predicate/],
    ['a..b.c', 0, /subject\.predicate/],
    ['a.b..c.d[x]', 9, /field=value/],
  ])('%s is none, told at %i', (text, at, wrong) => {
    expect(parseInterval(text)).toEqual({ at, wrong: expect.stringMatching(wrong) });
  });
});

test('whatever is read, it does not throw, and a slip is within the text', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[ab.*[\]=,|" ]{0,20}$/));
  fc.assert(
    fc.property(text, (any) => {
      for (const found of [parsePattern(any), parseInterval(any)]) {
        if (!('wrong' in found)) continue;
        expect(found.at).toBeGreaterThanOrEqual(0);
        expect(found.at).toBeLessThanOrEqual(any.length);
      }
    }),
  );
});
