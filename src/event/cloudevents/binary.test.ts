import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyDraft } from '../arbitrary.suite.ts';
import type { Draft } from '../event.ts';
import { defaultLimits } from '../limits.ts';
import { fromBinary, type Headers, type Message, toBinary } from './binary.ts';
import { decodeHeader, encodeHeader } from './header.ts';
import { fromCloudEvent } from './structured.ts';

const now = Date.UTC(2026, 5, 1);
const base: Headers = {
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': '/ci',
  'ce-type': 'build',
};
const from = (headers: Headers, body: string | Uint8Array = '') =>
  fromBinary(headers, Buffer.from(body), defaultLimits, now);

/** As a receiver does: the content type chooses the mode. */
function receive({ headers, body }: Message): Draft {
  const checked = headers['content-type']?.startsWith('application/cloudevents')
    ? fromCloudEvent(JSON.parse(Buffer.from(body).toString()), defaultLimits, now)
    : fromBinary(headers, body, defaultLimits, now);
  if ('refusal' in checked) throw new Error(checked.refusal.message);
  return checked.draft;
}

describe('a CloudEvent in binary mode', () => {
  test.each<[string, string | undefined, string | Uint8Array, unknown]>([
    ['JSON is parsed', 'application/json; charset=utf-8', '{"a":[1]}', { a: [1] }],
    ['also by suffix', 'application/problem+json', '{"a":1}', { a: 1 }],
    ['text stays text', 'text/plain', 'Grüße', 'Grüße'],
    ['a byte order mark stays', 'text/plain', '\ufeffx', '\ufeffx'],
    ['other bytes are base64', 'image/png', Buffer.from([0, 255]), 'AP8='],
    [
      'so are texts of other encodings',
      'text/plain; charset=iso-8859-1',
      Buffer.from([0xfc]),
      '/A==',
    ],
    ['and texts that are not UTF-8', 'text/plain', Buffer.from([0xff]), '/w=='],
    ['and bodies without a type', undefined, 'abc', 'YWJj'],
    ['nothing is nothing', 'application/json', '', undefined],
  ])('%s', (_, type, body, data) => {
    const checked = from({ ...base, 'Content-Type': type }, body);
    expect(checked).toMatchObject({ draft: { id: '1', source: '/ci', type: 'build' } });
    expect('draft' in checked && checked.draft.data).toEqual(data);
  });

  test('headers are percent-encoded UTF-8, names in any case', () => {
    const headers = {
      ...base,
      'CE-Subject': 'Euro%20%E2%82%AC%20%F0%9F%98%80',
      'ce-x': '"a \\"b\\""',
    };
    expect(from(headers)).toMatchObject({
      draft: { subject: 'Euro € 😀', attributes: { x: 'a "b"' } },
    });
  });

  test.each<[string, readonly [Headers, string?], string, RegExp]>([
    ['no id', [{ ...base, 'ce-id': undefined }], 'id', /missing/],
    ['another specversion', [{ ...base, 'ce-specversion': '0.3' }], 'specversion', /only "1.0"/],
    ['a bad name', [{ ...base, 'ce-x_y': '1' }], 'x_y', /a to z/],
    ['a header twice', [{ ...base, 'ce-x': ['1', '2'] }], 'x', /more than once/],
    ['data as a header', [{ ...base, 'ce-data': '1' }], 'data', /the body or Content-Type/],
    ['invalid UTF-8', [{ ...base, 'ce-x': '%FF' }], 'x', /UTF-8/],
    ['time: yesterday', [{ ...base, 'ce-time': 'yesterday' }], 'time', /not a time/],
    [
      'broken JSON',
      [{ ...base, 'content-type': 'application/json' }, '{"a":'],
      'data',
      /says JSON and the body is none/,
    ],
  ])('is refused: %s', (_, request, field, message) => {
    expect(from(...request)).toMatchObject({
      refusal: { field, message: expect.stringMatching(message) as string },
    });
  });

  test('what it cannot carry goes in structured mode', () => {
    const draft: Draft = {
      id: '1',
      source: '/',
      type: 'a',
      data: { x: 1 },
      attributes: { datacontenttype: 'text/xml' },
    };
    expect(toBinary(draft).headers).toEqual({
      'content-type': 'application/cloudevents+json; charset=utf-8',
    });
    expect(receive(toBinary(draft))).toEqual(draft);
    expect(toBinary({ ...draft, data: '<x/>' }).headers).toMatchObject({
      'content-type': 'text/xml',
      'ce-id': '1',
    });
  });
});

/** Data always has a content type in HTTP; and types of extensions cannot be sent. */
function inHttp(draft: Draft): Draft {
  const { attributes, data } = draft;
  if (data === undefined || attributes?.['datacontenttype']) return draft;
  return { ...draft, attributes: { ...attributes, datacontenttype: 'application/json' } };
}

test('every event is the same after a trip through HTTP, but that its data has a type', () => {
  const whole = anyDraft
    .map((d) => ({ ...d, id: d.id ?? '1', source: d.source ?? '/' }))
    .filter((d) => !('cloudevents.encoding' in (d.attributes ?? {})))
    // No attributes at all are as good as an empty object of them, and no content type as an empty one.
    .filter((d) => d.attributes === undefined || Object.keys(d.attributes).length > 0)
    .filter((d) => d.attributes?.['datacontenttype'] !== '');
  fc.assert(
    fc.property(whole, (draft) => {
      const message = toBinary(draft);
      expect([draft, inHttp(draft)]).toContainEqual(receive(message));
      expect(receive(toBinary(receive(message)))).toEqual(receive(message));
    }),
    { numRuns: 500 },
  );
});

test('bytes are the same after the trip', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const headers = { ...base, 'content-type': 'image/png' } as Record<string, string>;
      const checked = from(headers, bytes);
      expect('draft' in checked && toBinary(checked.draft)).toEqual({
        headers,
        body: Buffer.from(bytes),
      });
    }),
  );
});

test('every text is the same after a trip through a header, which is printable ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(encodeHeader(text)).toMatch(/^[\x21-\x7e]*$/);
      expect(decodeHeader(encodeHeader(text))).toBe(text);
    }),
  );
  expect(decodeHeader('100% sure%2')).toBe('100% sure%2');
  expect(decodeHeader(Buffer.from('€').toString('latin1'))).toBe('€');
});

test('the CloudEvents SDK as a sender, and as a receiver', () => {
  const sent = new CloudEvent({
    id: '1',
    source: '/sdk',
    type: 'build',
    time: '2026-01-31T10:00:00.000Z',
    sampled: true,
    data: { a: 'ü' },
  });
  const message = HTTP.binary(sent);
  const draft = receive({
    // The SDK leaves booleans to Node, which makes texts of them.
    headers: Object.fromEntries(Object.entries(message.headers).map(([n, v]) => [n, String(v)])),
    body: Buffer.from(String(message.body)),
  });
  expect(draft).toMatchObject({ id: '1', source: '/sdk', data: { a: 'ü' } });
  expect(draft.attributes?.['sampled']).toBe('true');
  const back = toBinary(draft);
  expect(
    HTTP.toEvent({ headers: { ...back.headers }, body: Buffer.from(back.body).toString() }),
  ).toMatchObject({
    id: '1',
    source: '/sdk',
    time: sent.time,
    data: { a: 'ü' },
  });
});
