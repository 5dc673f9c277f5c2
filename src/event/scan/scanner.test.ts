import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textFields } from '../event.ts';
import { at, distinctSlots, fieldAt, special } from './fields.ts';
import { LineScanner } from './scanner.ts';

const scanner = new LineScanner();

type Found = Record<string, unknown>;

/** What the scanner found, as an object; undefined when it said unusual. */
function scan(bytes: Buffer, start = 0, end = bytes.length): Found | undefined {
  const behind = scanner.scan(bytes, start, end);
  if (behind < 0) return undefined;
  const text = (from = 0, to = 0): string => bytes.toString('utf8', from, to);
  const found: Found = {};
  textFields.forEach((field, n) => {
    if ((scanner.ends[n] ?? 0) > 0) found[field] = text(scanner.starts[n], scanner.ends[n]);
  });
  for (const field of ['time', 'metric', 'ttl'] as const)
    if (!Number.isNaN(scanner[field])) found[field] = scanner[field];
  if (scanner.dataEnd > 0) found['data'] = JSON.parse(text(scanner.dataStart, scanner.dataEnd));
  if (scanner.tagCount > 0)
    found['tags'] = Array.from({ length: scanner.tagCount }, (_, n) =>
      text(scanner.tagStarts[n], scanner.tagEnds[n]),
    );
  const pairs = Array.from({ length: scanner.attributeCount }, (_, n) => [
    text(scanner.keyStarts[n], scanner.keyEnds[n]),
    text(scanner.valueStarts[n], scanner.valueEnds[n]),
  ]);
  if (pairs.length > 0) found['attributes'] = Object.fromEntries(pairs);
  return { ...found, behind };
}

/** The same by JSON.parse, of the text up to `behind`. */
function parsed(bytes: Buffer, behind: number): Found {
  const value = JSON.parse(bytes.toString('utf8', 0, behind)) as Found;
  if (typeof value['time'] === 'string') value['time'] = Date.parse(value['time']);
  for (const field of ['tags', 'attributes'])
    if (value[field] !== undefined && Object.keys(value[field] as object).length === 0)
      delete value[field];
  return { ...value, behind };
}

const line = (text: string): Found | undefined => scan(Buffer.from(text));

test('finds every field of a plain event', () => {
  const text =
    '{"id":"a1","time":1795000000123,"type":"metric","source":"/s","subject":"x/1","service":"shop",' +
    '"host":"h1","environment":"prod","name":"cpu","state":"ok","metric":-1.5e2,"ttl":30,' +
    '"tags":["a","b"],"attributes":{"http.route":"/ä","empty":""},"data":{"deep":[1,{"x":"\\n"}]}}';
  expect(line(text)).toEqual({ ...JSON.parse(text), behind: Buffer.byteLength(text) });
});

test('passes spaces and stops behind the object, so that arrays can be walked', () => {
  const body = Buffer.from('[{ "type" : "a" , "tags" : [ "x" , "y" ] } , {"type":"b"}]');
  expect(scan(body, 1)).toEqual({ type: 'a', tags: ['x', 'y'], behind: 42 });
  expect(scan(body, 45)).toEqual({ type: 'b', behind: 57 });
});

test('a second scan knows nothing of the first', () => {
  line('{"type":"a","service":"s","metric":1,"tags":["x"],"attributes":{"k":"v"},"data":1}');
  expect(line('{"type":"b"}')).toEqual({ type: 'b', behind: 12 });
});

test('what it learnt of the order of fields misleads it nowhere', () => {
  const one = '{"type":"a","service":"s","metric":1}';
  const two = '{"metric": 2,"type" :"b","service":"t","host":"h"}';
  for (const text of [one, one, two, one, two, two])
    expect(line(text)).toEqual({ ...JSON.parse(text), behind: text.length });
  expect(line('{"type":"a","service":"s","metri":1}')).toBeUndefined();
  expect(line('{"type":"a","type":"s"}')).toBeUndefined();
  expect(line(`{${'"id":"x",'.repeat(20)}"type":"a"}`)).toBeUndefined();
});

test.each([
  ['an unknown field', '{"type":"a","colour":"red"}'],
  ['a field twice', '{"type":"a","type":"b"}'],
  ['an attribute twice', '{"attributes":{"k":"1","l":"2","k":"3"}}'],
  ['a backslash', String.raw`{"type":"a\n"}`],
  ['an escaped key', String.raw`{"\u0074ype":"a"}`],
  ['an empty text', '{"type":""}'],
  ['an empty tag', '{"tags":[""]}'],
  ['a control character', '{"type":"a\tb"}'],
  ['null', '{"service":null}'],
  ['a number for a text', '{"id":1}'],
  ['a text for a number', '{"metric":"1"}'],
  ['a nested attribute', '{"attributes":{"a":{"b":"c"}}}'],
  ['an attribute that is a number', '{"attributes":{"a":1}}'],
  ['a line end', '{"type":"a",\n"id":"b"}'],
  ['a number too large', '{"metric":1e999}'],
  ['a number too large in data', '{"data":[1e999]}'],
  ['a leading zero', '{"metric":01}'],
  ['a bare point', '{"metric":1.}'],
  ['a comma at the end', '{"type":"a",}'],
  ['no object', '"type"'],
  ['an empty object', '{}'],
  ['65 tags', `{"tags":[${'"t",'.repeat(64)}"t"]}`],
  ['data too deep', `{"data":${'['.repeat(100)}${']'.repeat(100)}}`],
  ['data that is broken', '{"data":{"a":tru}}'],
  ['data with a bad escape', String.raw`{"data":"\x"}`],
])('says unusual to %s', (_, text) => {
  expect(line(text)).toBeUndefined();
});

test('every beginning of an event is unusual, also when more bytes follow the end', () => {
  const text =
    '{"id":"a","time":"2026-11-23T02:44:36.5+01:30","metric":1.5e-3,"tags":["a"],"attributes":{"k":"v"},"data":[true,"\\u00e4"]}';
  const bytes = Buffer.from(text);
  for (let end = 0; end < bytes.length; end++) {
    expect(scanner.scan(bytes, 0, end)).toBe(-1);
    expect(scanner.scan(bytes.subarray(0, end), 0, end)).toBe(-1);
  }
  expect(scanner.scan(bytes, 0, bytes.length)).toBe(bytes.length);
});

test('each field has a slot of its own', () => {
  expect(distinctSlots).toBe(textFields.length + Object.keys(special).length);
  for (const [n, field] of textFields.entries()) {
    expect(at[field]).toBe(n);
    expect(fieldAt(Buffer.from(field), 0, field.length)).toBe(n);
  }
});

describe('times', () => {
  test.each([
    ['2026-11-23T02:44:36Z', Date.UTC(2026, 10, 23, 2, 44, 36)],
    ['2026-11-23T02:44:36.5Z', Date.UTC(2026, 10, 23, 2, 44, 36, 500)],
    ['2026-11-23T02:44:36.123456789+05:30', Date.UTC(2026, 10, 22, 21, 14, 36, 123)],
    ['2026-11-23T02:44:36-00:00', Date.UTC(2026, 10, 23, 2, 44, 36)],
    ['2024-02-29T23:59:59.999-08:00', Date.UTC(2024, 2, 1, 7, 59, 59, 999)],
    ['0000-01-01T00:00:00Z', Date.parse('0000-01-01T00:00:00Z')],
    ['9999-12-31T23:59:59Z', Date.parse('9999-12-31T23:59:59Z')],
  ])('%s', (text, time) => {
    expect(line(`{"time":"${text}"}`)?.['time']).toBe(time);
  });

  test.each([
    '2026-11-23T02:44:36',
    '2026-11-23t02:44:36z',
    '2026-11-23 02:44:36Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00.0123456789Z',
    '2026-01-01T00:00:00+0100',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00ZZ',
    '20260101T000000Z',
    '2026-01-01',
  ])('says unusual to %s', (text) => {
    expect(line(`{"time":"${text}"}`)).toBeUndefined();
  });

  test('agrees with Date.parse', () => {
    const date = fc.date({
      min: new Date('0000-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    const zone = fc.constantFrom('Z', '+00:00', '-03:30', '+14:00');
    const wrong: string[] = [];
    fc.assert(
      fc.property(date, zone, (day, offset) => {
        const text = day.toISOString().replace('Z', offset);
        if (line(`{"time":"${text}"}`)?.['time'] !== Date.parse(text)) wrong.push(text);
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('against JSON.parse', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string(), fc.constantFrom('a', 'ok'));
  const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
  const event = fc.record(
    {
      ...Object.fromEntries(textFields.map((field) => [field, text])),
      time: fc.oneof(number, fc.integer({ min: 0 }), text),
      metric: number,
      ttl: number,
      tags: fc.array(text, { maxLength: 5 }),
      attributes: fc.dictionary(text, text, { maxKeys: 5 }),
      data: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );

  function agrees(bytes: Buffer): boolean {
    const found = scan(bytes);
    if (found === undefined) return false;
    expect(found).toEqual(parsed(bytes, found['behind'] as number));
    return true;
  }

  test('arbitrary events', () => {
    let plain = 0;
    const spaced = (value: unknown, space: boolean): string =>
      space ? JSON.stringify(value).replaceAll('":', '": ') : JSON.stringify(value);
    fc.assert(
      fc.property(event, fc.boolean(), (value, space) => {
        if (agrees(Buffer.from(spaced(value, space)))) plain++;
      }),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(300);
  });

  test('numbers in every spelling', () => {
    const spelled = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.stringMatching(/^\d{1,25}$/),
        fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{0,25}$/)),
        fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?\d{0,3}$/)),
      )
      .map((parts) => parts.join(''));
    let plain = 0;
    fc.assert(
      fc.property(spelled, (number) => {
        const found = line(`{"metric":${number}}`);
        if (found === undefined) return;
        plain++;
        expect(Object.is(found['metric'], JSON.parse(number))).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(plain).toBeGreaterThan(500);
  });

  test('hostile bytes: a plain event with bytes changed, cut and put in', () => {
    const byte = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(...Buffer.from('{}[]",:\\0-.eE tnu\n\r\t')),
    );
    const edit = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2), fc.array(byte, { maxLength: 2 }));
    let plain = 0;
    fc.assert(
      fc.property(event, fc.array(edit, { minLength: 1, maxLength: 3 }), (value, edits) => {
        let bytes = Buffer.from(JSON.stringify(value));
        for (const [place, cut, put] of edits) {
          const from = place % (bytes.length + 1);
          bytes = Buffer.concat([
            bytes.subarray(0, from),
            Buffer.from(put),
            bytes.subarray(from + cut),
          ]);
        }
        if (isUtf8(bytes) && agrees(bytes)) plain++;
      }),
      { numRuns: 5000 },
    );
    expect(plain).toBeGreaterThan(10);
  });
});
