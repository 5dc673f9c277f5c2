import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDraft, draftFields } from './check.ts';
import type { Refusal } from './errors.ts';
import { defaultLimits } from './limits.ts';

const now = Date.UTC(2026, 5, 1, 12);
const check = (value: unknown) => checkDraft(value, defaultLimits, now);

function draftOf(value: unknown) {
  const checked = check(value);
  if ('refusal' in checked) throw new Error(checked.refusal.message);
  return checked.draft;
}

function refusalOf(value: unknown): Refusal {
  const checked = check(value);
  if ('draft' in checked) throw new Error(`taken: ${JSON.stringify(checked.draft)}`);
  return checked.refusal;
}

describe('a draft that is right', () => {
  test('needs nothing but a type', () => {
    expect(draftOf({ type: 'metric' })).toEqual({ type: 'metric' });
  });

  test('comes back with its fields in the stored order', () => {
    const draft = draftOf({ metric: -0, tags: ['a'], type: 'metric', id: '1', data: { a: [1] } });
    expect(Object.keys(draft)).toEqual(['id', 'type', 'metric', 'tags', 'data']);
    expect(Object.is(draft.metric, 0)).toBe(true);
    expect(draftFields).toHaveLength(15);
  });

  test('may give its time as RFC 3339', () => {
    expect(draftOf({ type: 'log', time: '2026-06-01T13:59:59.1239+02:00' }).time).toBe(now - 877);
  });

  test('keeps what a prototype could hide', () => {
    const given: unknown = JSON.parse(
      '{"type":"log","attributes":{"__proto__":"x"},"data":{"__proto__":1}}',
    );
    expect(JSON.stringify(draftOf(given))).toBe(JSON.stringify(given));
  });

  test('a fact may be old', () => {
    expect(
      draftOf({ type: 'dev.cdevents.change.merged.0.3.0', time: Date.UTC(1991, 1) }).time,
    ).toBe(Date.UTC(1991, 1));
  });
});

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('a draft that is wrong', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['no object', 7, '', /JSON object, and this is the number 7/],
    ['an array', [], '', /an array/],
    ['no type', { id: '1' }, 'type', /type is missing/],
    ['an empty type', { type: '' }, 'type', /empty/],
    ['an unknown field', { type: 'a', code: '1' }, 'code', /Put what is flat under "attributes"/],
    ['a misspelt field', { type: 'a', atributes: {} }, 'atributes', /Did you mean "attributes"/],
    ["another system's name", { type: 'a', Timestamp: 1 }, 'Timestamp', /Did you mean "time"/],
    ['a field of ours', { type: 'a', received: 1 }, 'received', /leave it out/],
    ['__proto__', JSON.parse('{"type":"a","__proto__":{}}'), '__proto__', /not a field/],
    ['constructor', { type: 'a', constructor: 1 }, 'constructor', /not a field/],
    ['a metric in quotes', { type: 'a', metric: '12' }, 'metric', /leave out the quotes/],
    ['a metric that is none', { type: 'a', metric: Number.NaN }, 'metric', /finite number/],
    ['an endless metric', { type: 'a', metric: Infinity }, 'metric', /this is Infinity$/],
    ['an empty type', { type: '' }, 'type', /is empty: say what kind/],
    ['an endless ttl', { type: 'a', ttl: Number.POSITIVE_INFINITY }, 'ttl', /finite/],
    ['null', { type: 'a', host: null }, 'host', /leave it out where there is none/],
    ['a number for text', { type: 'a', service: 1 }, 'service', /put it in quotes/],
    ['long text', { type: 'a'.repeat(1025) }, 'type', /1025 characters, and 1024/],
    ['half a character', { type: 'a', name: 'x\ud800' }, 'name', /surrogate/],
    ['tags as text', { type: 'a', tags: 'b' }, 'tags', /array/],
    ['a tag that is a number', { type: 'a', tags: ['b', 1] }, 'tags[1]', /must be text/],
    ['a long tag', { type: 'a', tags: ['b'.repeat(257)] }, 'tags[0]', /257/],
    ['many tags', { type: 'a', tags: Array.from({ length: 65 }, () => 'b') }, 'tags', /65 tags/],
    ['attributes as an array', { type: 'a', attributes: [] }, 'attributes', /an array/],
    [
      'a number as attribute',
      { type: 'a', attributes: { code: 200 } },
      'attributes.code',
      /put it in quotes/,
    ],
    [
      'a long attribute',
      { type: 'a', attributes: { c: 'x'.repeat(8193) } },
      'attributes.c',
      /8193/,
    ],
    [
      'many attributes',
      { type: 'a', attributes: Object.fromEntries(Array.from({ length: 129 }, (_, i) => [i, ''])) },
      'attributes',
      /129/,
    ],
    ['deep data', { type: 'a', data: deep(65) }, 'data', /nested too deeply/],
    ['data that is not JSON', { type: 'a', data: { x: [1, undefined] } }, 'data', /data\.x\[1\]/],
  ])('%s', (_, value, field, message) => {
    const refusal = refusalOf(value);
    expect(refusal).toMatchObject({ field, message: expect.stringMatching(message) as string });
  });

  test('10 MB is refused with its size, and the limit counts encoded bytes', () => {
    const large = refusalOf({ type: 'a', data: 'x'.repeat(10_000_000) });
    expect(large).toMatchObject({
      code: 'TERR_EVENT_TOO_LARGE',
      message: expect.stringMatching(/100000\d\d bytes/) as string,
    });
    const room = 1024 * 1024 - Buffer.byteLength('{"type":"a","data":""}');
    expect(draftOf({ type: 'a', data: 'x'.repeat(room) })).toBeDefined();
    expect(refusalOf({ type: 'a', data: `${'x'.repeat(room - 1)}é` }).code).toBe(
      'TERR_EVENT_TOO_LARGE',
    );
  });

  test('never throws, and what it takes it takes again', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true }),
        fc.dictionary(fc.constantFrom(...draftFields, 'x'), fc.anything()),
        (value, record) => {
          for (const given of [value, record, { type: 'a', ...record }]) {
            const checked = check(given);
            expect('draft' in checked ? check(checked.draft) : checked).toEqual(checked);
          }
        },
      ),
    );
  });
});

describe('a time that cannot be right', () => {
  const seconds = Math.floor(now / 1000);
  test.each<[string, unknown, RegExp]>([
    ['seconds', seconds, /looks like seconds; send milliseconds/],
    ['microseconds', now * 1000, /looks like microseconds/],
    ['nanoseconds', now * 1e6, /looks like nanoseconds/],
    ['1970', 0, /1970-01-01T00:00:00.000Z is more than 400 days ago/],
    ['2099', '2099-01-01T00:00:00Z', /2099-.* ahead of this server's clock .*2026-06-01/],
    ['words', 'yesterday', /"yesterday" is not a time/],
    ['a day', '2026-06-01', /is a day and no time/],
    ['no offset', '2026-06-01T10:00:00', /no offset/],
    ['no such day', '2026-02-30T10:00:00Z', /not a time/],
    ['NaN', Number.NaN, /NaN/],
    ['an object', {}, /an object/],
  ])('%s', (_, time, message) => {
    const refusal = refusalOf({ type: 'metric', time });
    expect(refusal).toMatchObject({
      field: 'time',
      code: 'TERR_EVENT_TIME',
      message: expect.stringMatching(message) as string,
    });
  });

  test('readings are held to 400 days, facts to 1980, both to a day ahead', () => {
    const day = 86_400_000;
    const fact = 'dev.cdevents.change.merged.0.3.0';
    expect(draftOf({ type: 'log', time: now - 400 * day }).time).toBeDefined();
    expect(refusalOf({ type: 'log', time: now - 400 * day - 1 }).message).toMatch(
      /too old for a reading/,
    );
    expect(draftOf({ type: fact, time: Date.UTC(1980, 0) }).time).toBeDefined();
    expect(refusalOf({ type: fact, time: Date.UTC(1979, 11, 31) }).message).toMatch(
      /too old for a fact/,
    );
    expect(draftOf({ type: fact, time: now + day }).time).toBeDefined();
    expect(refusalOf({ type: fact, time: now + day + 1 }).message).toMatch(/ahead/);
  });
});
