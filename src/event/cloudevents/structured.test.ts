import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyDraft, anyJson } from '../arbitrary.suite.ts';
import type { Checked } from '../check.ts';
import type { Draft } from '../event.ts';
import { defaultLimits } from '../limits.ts';
import { fromCloudEvent, toCloudEvent } from './structured.ts';

const now = Date.UTC(2026, 5, 1);
const from = (value: unknown): Checked => fromCloudEvent(value, defaultLimits, now);

function draftOf(value: unknown): Draft {
  const checked = from(value);
  if ('refusal' in checked) throw new Error(`${checked.refusal.field}: ${checked.refusal.message}`);
  return checked.draft;
}

const base = { specversion: '1.0', id: '1', source: '/ci', type: 'build' };

describe('a structured CloudEvent', () => {
  test('becomes an event: extensions are attributes, ours are our fields', () => {
    const event = {
      ...base,
      time: '2026-01-31T10:00:00.000Z',
      subject: 'shop',
      datacontenttype: 'application/json',
      traceparent: '00-ab-01',
      service: 'shop',
      metric: 12,
      tags: '["a","b"]',
      attributes: '{"http.route":"/cart"}',
      data: { ok: true },
    };
    expect(draftOf(event)).toEqual({
      id: '1',
      source: '/ci',
      type: 'build',
      time: Date.UTC(2026, 0, 31, 10),
      subject: 'shop',
      service: 'shop',
      metric: 12,
      tags: ['a', 'b'],
      attributes: {
        'http.route': '/cart',
        datacontenttype: 'application/json',
        traceparent: '00-ab-01',
      },
      data: { ok: true },
    });
    expect(toCloudEvent(draftOf(event))).toEqual(event);
  });

  test('keeps what we would say otherwise, and gives it back', () => {
    const event = {
      ...base,
      time: '2026-01-31T10:00:00.123456+02:00',
      sampled: true,
      sequence: 7,
      name: false,
      metric: '12.50',
      tags: 'a, b',
      attributes: 'none',
    };
    const draft = draftOf(event);
    expect(draft).toMatchObject({ name: 'false', metric: 12.5, tags: ['a', 'b'] });
    expect(draft.attributes).toMatchObject({ sampled: 'true', sequence: '7', attributes: 'none' });
    expect(toCloudEvent(draft)).toEqual(event);
  });

  test('null is absent, but data may be null', () => {
    expect(draftOf({ ...base, subject: null, data: null })).toEqual({
      id: '1',
      source: '/ci',
      type: 'build',
      data: null,
    });
  });

  test('bytes travel as base64', () => {
    const event = { ...base, data_base64: 'AP8=' };
    expect(draftOf(event)).toMatchObject({
      data: 'AP8=',
      attributes: { 'cloudevents.encoding': 'base64' },
    });
    expect(toCloudEvent(draftOf(event))).toEqual(event);
  });

  test.each<[string, unknown, string, RegExp]>([
    ['no object', [base], '', /JSON object/],
    [
      'no specversion',
      { ...base, specversion: undefined, id: '1' },
      'specversion',
      /must be text|missing/,
    ],
    ['specversion 0.3', { ...base, specversion: '0.3' }, 'specversion', /only "1.0"/],
    ['specversion as a number', { ...base, specversion: 1 }, 'specversion', /only "1.0"/],
    ['no id', { specversion: '1.0', source: '/', type: 'a' }, 'id', /missing/],
    ['an empty source', { ...base, source: '' }, 'source', /empty/],
    ['a null type', { ...base, type: null }, 'type', /missing/],
    ['an id that is a number', { ...base, id: 7 }, 'id', /must be text/],
    ['time: yesterday', { ...base, time: 'yesterday' }, 'time', /not a time/],
    ['time as a number', { ...base, time: now }, 'time', /must be text/],
    ['time in 1970', { ...base, time: '1970-01-01T00:00:00Z' }, 'time', /too old/],
    ['a name with capitals', { ...base, traceParent: 'x' }, 'traceParent', /a to z/],
    ['a name with a dash', { ...base, 'x-y': 'x' }, 'x-y', /a to z/],
    ['an object as extension', { ...base, x: {} }, 'x', /must be text/],
    ['a fraction as extension', { ...base, x: 1.5 }, 'x', /whole number/],
    ['a large number as extension', { ...base, x: 2 ** 31 }, 'x', /32 bits/],
    ['a metric that is none', { ...base, metric: 'much' }, 'metric', /finite number/],
    ['data twice', { ...base, data: 1, data_base64: 'AA==' }, 'data', /both/],
    ['bad base64', { ...base, data_base64: 'AA' }, 'data_base64', /RFC 4648/],
    ['base64 that is no text', { ...base, data_base64: 7 }, 'data_base64', /RFC 4648/],
    [
      'data too deep',
      { ...base, data: JSON.parse('['.repeat(70) + ']'.repeat(70)) },
      'data',
      /deep/,
    ],
  ])('is refused: %s', (_, value, field, message) => {
    expect(from(value)).toMatchObject({
      refusal: { field, message: expect.stringMatching(message) as string },
    });
  });

  test('a made-up original is not believed', () => {
    const lie = { 'cloudevents.original': '{"id":"other","specversion":"2.0"}' };
    const draft: Draft = { id: '1', source: '/ci', type: 'build', attributes: lie };
    expect(toCloudEvent(draft)).toEqual({ ...base, attributes: JSON.stringify(lie) });
    const only: Draft = {
      ...draft,
      attributes: { 'cloudevents.original': '{"specversion":"2.0"}' },
    };
    expect(toCloudEvent(only)['specversion']).toBe('1.0');
  });
});

test('every event is the same after a trip through JSON and a CloudEvent', () => {
  const whole = anyDraft.map((d) => ({ ...d, id: d.id ?? '1', source: d.source ?? '/' }));
  fc.assert(
    fc.property(whole, (draft) => {
      expect(draftOf(JSON.parse(JSON.stringify(toCloudEvent(draft))))).toEqual(draft);
    }),
    { numRuns: 500 },
  );
});

/** Any valid CloudEvent, its time in the last year and spelled in one of many ways. */
const anyCloudEvent = fc
  .record(
    {
      id: fc.string({ minLength: 1, unit: 'grapheme' }),
      source: fc.webPath().map((p) => p || '/'),
      type: fc.string({ minLength: 1 }),
      subject: fc.string({ minLength: 1 }),
      time: fc
        .record({
          ms: fc.integer({ min: Date.UTC(2025, 6), max: Date.UTC(2026, 4) }),
          more: fc.constantFrom('', '000', '123456'),
          zone: fc.constantFrom('Z', 'z', '+00:00', '-05:30', '+14:00'),
        })
        .map(({ ms, more, zone }) => new Date(ms).toISOString().replace('Z', more + zone)),
      datacontenttype: fc.constantFrom('application/json', 'text/plain', 'image/png'),
      dataschema: fc.webUrl(),
    },
    { requiredKeys: ['id', 'source', 'type'] },
  )
  .chain((core) => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.integer(),
      fc.integer().map(String),
    );
    const name = fc.oneof(
      fc.stringMatching(/^[a-z0-9]{1,20}$/),
      fc.constantFrom('service', 'host', 'name', 'state', 'tags', 'attributes', 'constructor'),
    );
    const free = name.filter(
      (n) =>
        !(n in core) &&
        ![
          'data',
          'metric',
          'ttl',
          'time',
          'subject',
          'specversion',
          'datacontenttype',
          'dataschema',
        ].includes(n),
    );
    const data = fc.oneof(
      fc.constant({}),
      fc.record({ data: anyJson }),
      fc.record({ data_base64: fc.uint8Array().map((b) => Buffer.from(b).toString('base64')) }),
      fc.record({
        metric: fc.oneof(
          fc.integer(),
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => String(n)),
        ),
        ttl: fc.nat(),
      }),
    );
    return fc
      .tuple(fc.dictionary(free, value, { maxKeys: 6, noNullPrototype: true }), data)
      .map(([extensions, payload]) => ({ ...extensions, specversion: '1.0', ...core, ...payload }));
  });

test('every CloudEvent is the same after a trip through an event', () => {
  fc.assert(
    fc.property(anyCloudEvent, (event) => {
      expect(toCloudEvent(draftOf(event))).toEqual(event);
    }),
    { numRuns: 500 },
  );
});

test('nothing makes it throw', () => {
  fc.assert(
    fc.property(fc.anything(), fc.dictionary(fc.string(), fc.anything()), (value, more) => {
      for (const given of [value, { ...base, ...more }]) {
        const checked = from(given);
        expect('draft' in checked ? checked.draft.id : checked.refusal.message).toBeTruthy();
      }
    }),
  );
});

describe('the CloudEvents SDK as a sender', () => {
  const sent = new CloudEvent({
    id: 'ü 1',
    source: '/sdk',
    type: 'build',
    time: '2026-01-31T10:00:00.000Z',
    sampled: true,
    sequence: 7,
    data: { greeting: 'Grüße' },
  });

  test('structured', () => {
    const { body } = HTTP.structured(sent);
    const draft = draftOf(JSON.parse(String(body)));
    expect(draft).toMatchObject({ id: 'ü 1', data: { greeting: 'Grüße' } });
    expect(draft.attributes).toMatchObject({ sampled: 'true', sequence: '7' });
    expect(
      HTTP.toEvent({
        headers: { 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify(toCloudEvent(draft)),
      }),
    ).toMatchObject({ ...sent.toJSON() });
  });

  test('batch', () => {
    const batch = JSON.stringify([sent.toJSON(), sent.cloneWith({ id: '2' }).toJSON()]);
    const ids = (JSON.parse(batch) as unknown[]).map((item) => draftOf(item).id);
    expect(ids).toEqual(['ü 1', '2']);
  });
});
