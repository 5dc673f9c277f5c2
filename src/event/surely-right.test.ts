import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyDraft } from './arbitrary.suite.ts';
import { checkDraft } from './check.ts';
import type { Draft } from './event.ts';
import { Gathering } from './gathering.ts';
import { defaultLimits } from './limits.ts';
import { isSurelyRight } from './surely-right.ts';

const now = Date.UTC(2026, 0, 1);
const right = (draft: unknown, limits = defaultLimits): boolean =>
  isSurelyRight(draft as Draft, limits, now);

const gathered = (take: (gathering: Gathering) => void) => {
  const gathering = new Gathering({ source: '/here', limits: defaultLimits, now });
  take(gathering);
  const { readings, refused } = gathering.result();
  return { line: readings && Buffer.from(readings.bytes).toString(), refused };
};

test('what is surely right is let through by checkDraft too, and becomes the same line', () => {
  let seen = 0;
  const odd = fc.oneof(
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 1.5, '', '\uD800', null, 0),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  const odder = fc
    .tuple(
      anyDraft,
      fc.constantFrom('time', 'metric', 'ttl', 'type', 'source', 'data', 'name'),
      odd,
    )
    .map(([draft, field, value]) => ({ ...draft, [field]: value }) as Draft);
  const plain = anyDraft.map(({ id: _id, subject: _subject, data: _data, ...draft }) => draft);
  fc.assert(
    fc.property(fc.oneof(plain, anyDraft, odder), (draft) => {
      if (!right(draft)) return;
      seen++;
      const named = { ...draft, source: draft.source ?? '/peer' };
      const checked = gathered((one) =>
        one.checked(checkDraft(named, defaultLimits, now), undefined),
      );
      expect(gathered((one) => one.sure(draft, named.source))).toEqual(checked);
      expect(checked.refused).toBe(0);
    }),
    { numRuns: 3_000 },
  );
  expect(seen).toBeGreaterThan(500);
});

test('usual readings are found to be right', () => {
  const reading: Draft = {
    type: 'metric',
    time: now - 1_000,
    host: 'web-1',
    name: 'load.shortterm',
    metric: 0.5,
    ttl: 20,
    tags: ['a'],
    attributes: { 'metric.type': 'gauge' },
    data: 'fine',
  };
  expect(right(reading)).toBe(true);
  expect(right(reading, { ...defaultLimits, textLength: 10 })).toBe(false);
});

test.each<readonly [string, Record<string, unknown>]>([
  ['a fact', { type: 'dev.cdevents.service.deployed.0.3.0' }],
  ['an empty id', { id: '' }],
  ['a source of our own', { source: 'territory/rules' }],
  ['a long name', { name: 'x'.repeat(257) }],
  ['half a character', { state: '\uDC00' }],
  ['a time long ago', { time: 0 }],
  ['a number that has no end', { metric: Number.POSITIVE_INFINITY }],
  [
    'many attributes',
    { attributes: Object.fromEntries([...Array(33).keys()].map((i) => [i, ''])) },
  ],
  ['an attribute that is no text', { attributes: { a: 1 } }],
  ['a tag that is none', { tags: [1] }],
  ['data with parts', { data: {} }],
])('%s is looked at closer', (_, more) => {
  expect(right({ type: 'metric', ...more })).toBe(false);
});
