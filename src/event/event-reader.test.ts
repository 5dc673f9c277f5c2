import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyDraft } from './arbitrary.suite.ts';
import type { Batch } from './batch.ts';
import { decodeBatch, encodeDrafts } from './codec.ts';
import { EventReader } from './event-reader.ts';
import { streamNames, textFields } from './event.ts';

const received = Date.UTC(2026, 5, 1);
const batchOf = (lines: readonly string[]): Batch => ({
  stream: 'readings',
  first: 7,
  count: lines.length,
  received,
  source: '/a',
  bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')),
});

test('a reading is read as decodeBatch reads it', () => {
  const line =
    '{"time":1795000000123,"type":"metric","service":"shop","host":"web-1","metric":1.5,' +
    '"tags":["a"],"attributes":{"http.route":"/ä"},"data":"42 % full"}';
  const [event] = new EventReader().read(batchOf([line]));
  expect(event).toStrictEqual({
    id: 'readings-7',
    time: 1795000000123,
    type: 'metric',
    source: '/a',
    service: 'shop',
    host: 'web-1',
    metric: 1.5,
    tags: ['a'],
    attributes: { 'http.route': '/ä' },
    data: '42 % full',
    received,
    stream: 'readings',
    offset: 7,
  });
});

test('an event is a plain object, and its copies are whole', () => {
  const [event] = new EventReader().read(batchOf(['{"id":"a","type":"x","data":{"b":[1]}}']));
  const expected = { id: 'a', type: 'x', data: { b: [1] }, offset: 7 };
  expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  for (const copy of [{ ...event }, structuredClone(event), JSON.parse(JSON.stringify(event))])
    expect(copy).toMatchObject(expected);
  expect(Object.keys(event ?? {})).not.toContain('host');
});

test('an event keeps nothing of the bytes that it was read from', () => {
  const batch = batchOf(['{"id":"a-long-enough-id","type":"metric","data":{"text":"disk"}}']);
  const [event] = new EventReader().read(batch);
  batch.bytes.fill(0);
  expect(event).toMatchObject({ id: 'a-long-enough-id', type: 'metric', data: { text: 'disk' } });
});

test('what repeats is made once, what does not is not remembered', () => {
  const reader = new EventReader();
  const lines = Array.from(
    { length: 100 },
    (_, i) => `{"id":"id-${i}","type":"metric","subject":"job/${i}","attributes":{"zone":"eu"}}`,
  );
  expect(reader.read(batchOf(lines))).toHaveLength(100);
  expect(reader.texts.made).toBe(3);
});

describe('unusual lines', () => {
  test.each([
    ['an escape', '{"type":"a\\nb"}'],
    ['an unknown field', '{"type":"a","colour":"red"}'],
    ['no type', '{"id":"a"}'],
    ['null', '{"type":"a","host":null}'],
    ['an attribute named __proto__', '{"type":"a","attributes":{"__proto__":"b"}}'],
    ['empty lists', '{"type":"a","tags":[],"attributes":{}}'],
    ['a time as text', '{"type":"a","time":"2016-12-31T23:59:60Z"}'],
    ['a time that is none', '{"type":"a","time":"now"}'],
    ['data with an escape', '{"type":"a","data":"\\u00e4"}'],
    ['data that is null', '{"type":"a","data":null}'],
  ])('%s', (_, line) => {
    const batch = batchOf(['{"type":"before"}', line, '{"type":"behind"}']);
    expect(new EventReader().read(batch)).toStrictEqual(decodeBatch(batch));
  });

  test('are counted', () => {
    const reader = new EventReader();
    reader.read(batchOf(['{"type":"a"}', '{"type":"a\\n"}', '{"type":""}']));
    expect(reader.unusual).toBe(2);
  });
});

test('a batch that is not what the log promises is refused with its place', () => {
  const reader = new EventReader();
  const batch = batchOf(['{"type":"x"}', '{"type":']);
  expect(() => reader.read(batch)).toThrow(/readings 8 is broken: a line is not JSON/);
  const short = { ...batch, bytes: batch.bytes.subarray(0, 13) };
  expect(() => reader.read(short)).toThrow(/holds 1 lines and says 2/);
});

test('gives what decodeBatch gives, whatever was taken', () => {
  const reader = new EventReader();
  fc.assert(
    fc.property(fc.array(anyDraft, { maxLength: 20 }), (drafts) => {
      const encoded = encodeDrafts(drafts, '/default');
      for (const stream of streamNames) {
        const lines = encoded[stream];
        if (lines === undefined) continue;
        const batch = { ...lines, stream, first: 7, received };
        expect(reader.read(batch)).toStrictEqual(decodeBatch(batch));
      }
    }),
    { numRuns: 500 },
  );
  expect(reader.texts.made).toBeGreaterThan(0);
});

test('gives what decodeBatch gives for lines of any kind', () => {
  const reader = new EventReader();
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a', 'ok', '__proto__'));
  const anything = fc.record(
    {
      ...Object.fromEntries(textFields.map((field) => [field, fc.option(text)])),
      time: fc.oneof(fc.integer(), text),
      metric: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      tags: fc.array(text, { maxLength: 3 }),
      attributes: fc.dictionary(text, text, { maxKeys: 3 }),
      data: fc.jsonValue(),
      other: text,
    },
    { requiredKeys: [] },
  );
  const spaced = fc.boolean();
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 5 }), spaced, (values, space) => {
      const texts = values.map((value) => JSON.stringify(value));
      const batch = batchOf(space ? texts.map((t) => t.replaceAll('":', '" : ')) : texts);
      expect(reader.read(batch)).toStrictEqual(decodeBatch(batch));
    }),
    { numRuns: 1000 },
  );
  expect(reader.unusual).toBeGreaterThan(100);
});
