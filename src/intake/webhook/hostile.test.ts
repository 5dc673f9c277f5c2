import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import { anyJson } from '../../event/arbitrary.suite.ts';
import { checkDraft } from '../../event/check.ts';
import type { Draft, Json } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { draftsOfDelivery, readJson } from './deliver.ts';
import { essential, maxEssential } from './essential.ts';
import { type ProductKind, productKinds, products } from './products.ts';

const now = Date.UTC(2026, 10, 26);
const folder = join(import.meta.dirname, '../../../test/vectors/webhooks');

interface Recorded {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

const recorded = productKinds.flatMap((kind) => {
  const alike = kind === 'alertmanager' ? 'grafana' : kind;
  return readdirSync(join(folder, alike))
    .filter((file) => /^[^.]+\.json$/.test(file))
    .map((file) => {
      const { headers, body } = JSON.parse(
        readFileSync(join(folder, alike, file), 'utf8'),
      ) as Recorded;
      return { kind, headers, body };
    });
});

/** The events, or none when it is refused as it should be. Anything else than a CodedError is thrown. */
function taken(kind: ProductKind, headers: Recorded['headers'], body: Buffer): Draft[] {
  try {
    return [...draftsOfDelivery(products[kind], { headers, body, source: '/webhooks/x', now })];
  } catch (error) {
    if (error instanceof CodedError) return [];
    throw error;
  }
}

/** What is wrong with them beside a time that cannot be. */
function faults(drafts: readonly Draft[]): string[] {
  return drafts.flatMap((draft) => {
    const checked = checkDraft(draft, defaultLimits, now);
    if (!('refusal' in checked) || checked.refusal.code === 'TERR_EVENT_TIME') return [];
    return [checked.refusal.message];
  });
}

/** One value somewhere in it is replaced by another. */
function changed(value: Json, where: number, by: Json): Json {
  let left = where;
  const walk = (part: Json): Json => {
    if (left-- === 0) return by;
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, walk(one)]));
  };
  return walk(value);
}

const odd: fc.Arbitrary<Json> = fc.oneof(
  anyJson,
  fc.constantFrom<Json>(
    null,
    '',
    ' ',
    -1,
    1e300,
    [],
    {},
    [[]],
    true,
    '\uD800',
    '__proto__',
    'a\u0000b',
  ),
  fc.constant<Json>('x'.repeat(20_000)),
);

describe('whatever comes', () => {
  test('as JSON becomes events that can be taken, and never a throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recorded), anyJson, ({ kind, headers }, body) => {
        expect(faults(taken(kind, headers, Buffer.from(JSON.stringify(body))))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('with something else in a place of a good body', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recorded), fc.nat(120), odd, (one, where, by) => {
        const body = Buffer.from(JSON.stringify(changed(one.body, where, by)));
        expect(faults(taken(one.kind, one.headers, body))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['__proto__', 'constructor', 'toString', ''])('with %j as every text', (text) => {
    const all = (part: Json): Json => {
      if (typeof part === 'string') return text;
      if (Array.isArray(part)) return part.map(all);
      if (typeof part !== 'object' || part === null) return part;
      return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, all(one)]));
    };
    for (const { kind, headers, body } of recorded) {
      const named = Object.fromEntries(Object.keys(headers).map((name) => [name, text]));
      for (const given of [headers, named]) {
        const bytes = Buffer.from(JSON.stringify(all(body)));
        expect(faults(taken(kind, given, bytes))).toEqual([]);
      }
      for (let where = 0; where < 150; where += 5) {
        const bytes = Buffer.from(JSON.stringify(changed(body, where, text)));
        expect(faults(taken(kind, headers, bytes))).toEqual([]);
      }
    }
  });

  test('as bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...productKinds),
        fc.uint8Array({ maxLength: 200 }),
        (kind, bytes) => {
          expect(faults(taken(kind, {}, Buffer.from(bytes)))).toEqual([]);
        },
      ),
    );
  });

  test('cut short', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...recorded),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, share) => {
          const whole = Buffer.from(JSON.stringify(one.body));
          const body = whole.subarray(0, Math.floor(whole.length * share));
          expect(faults(taken(one.kind, one.headers, body))).toEqual([]);
        },
      ),
    );
  });
});

describe('what is kept of a payload', () => {
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

  test('is bounded, however it is made', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, i) => [`n${i}`, 'x'.repeat(100)]),
    );
    const long = Array.from({ length: 50_000 }, () => ({ a: 'y'.repeat(5_000) }));
    for (const payload of [
      wide,
      long,
      { wide, long, more: [wide] },
      nested(100_000),
      { a: nested(100_000) },
    ])
      expect(Buffer.byteLength(JSON.stringify(essential(payload)))).toBeLessThanOrEqual(
        maxEssential,
      );
  });

  test('has no secrets and no addresses of people', () => {
    const payload = {
      id: 1,
      client_secret: 's',
      api_key: 's',
      config: { webhookToken: 's', 'private-key': 's', password: 's' },
      user: { name: 'Ann', email: 's', emailAddress: 's', phone: 's' },
      token_count: 5,
    };
    expect(essential(payload)).toEqual({ id: 1, user: { name: 'Ann' }, token_count: 5 });
  });

  test('treats names of prototypes as names', () => {
    const kept = essential(
      JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":2}}'),
    );
    expect(Object.keys(kept as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('the JSON of a body', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  test('is also in the payload of a form', () => {
    const body = Buffer.from(new URLSearchParams({ payload: '{"a":"ü&="}' }).toString());
    expect(readJson(body, form)).toEqual({ a: 'ü&=' });
  });

  test.each<[string, Recorded['headers'], code: string, place?: object]>([
    ['', {}, 'TERR_INTAKE_EMPTY'],
    ['a=b', form, 'TERR_INTAKE_EMPTY'],
    ['7', {}, 'TERR_INTAKE_DECODE'],
    ['<xml/>', {}, 'TERR_INTAKE_DECODE', { line: 1, column: 1 }],
    ['{"a": 1,\n "b": }', {}, 'TERR_INTAKE_DECODE', { line: 2, column: 7 }],
  ])('is asked for where there is none: %j', (text, headers, ...[code, place = {}]) => {
    const details: unknown = expect.objectContaining(place);
    expect(() => readJson(Buffer.from(text), headers)).toThrow(
      expect.objectContaining({ code, details }),
    );
  });
});
