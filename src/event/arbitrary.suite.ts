import fc from 'fast-check';
import type { Draft, Json } from './event.ts';

/** Text of any characters, but for halves of surrogate pairs. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const filled = text.filter((t) => t !== '');

/** A number that JSON can hold: finite, no -0. */
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
);

/** Any JSON value; -0, which JSON.stringify turns to 0, left out. */
export const anyJson: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** Names of attributes: plain, dotted, odd, and such as collide with names of CloudEvents. */
const attributeName = fc.oneof(
  fc.stringMatching(/^[a-z0-9]{1,20}$/),
  fc.constantFrom('http.route', 'id', 'type', 'data', 'specversion', 'name', 'metric', '__proto__'),
  fc.constantFrom('datacontenttype', 'cloudevents.original', 'cloudevents.encoding', 'tags'),
  filled,
);

/** Drafts as `checkDraft` lets them pass, their times being between 2025-06 and 2026-06. */
export const anyDraft: fc.Arbitrary<Draft> = fc.record(
  {
    id: filled,
    time: fc.integer({ min: Date.UTC(2025, 5), max: Date.UTC(2026, 5) }),
    type: fc.oneof(filled, fc.constantFrom('metric', 'dev.cdevents.service.deployed.0.3.0')),
    source: filled,
    subject: filled,
    service: text,
    host: text,
    environment: text,
    name: text,
    state: text,
    metric: number,
    ttl: number,
    tags: fc.array(text, { maxLength: 4 }),
    attributes: fc.dictionary(attributeName, text, { maxKeys: 5 }),
    data: anyJson,
  },
  { requiredKeys: ['type'] },
);
