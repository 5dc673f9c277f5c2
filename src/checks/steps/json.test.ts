import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextSteps } from './context.ts';
import { httpSteps } from './http.ts';
import { jsonSteps } from './json.ts';
import { schemaSteps } from './schema.ts';
import { type TriedWith, trying } from './steps.suite.ts';
import { type Web, saying, startWeb } from './web.suite.ts';

const tried = trying([...contextSteps, ...httpSteps, ...jsonSteps, ...schemaSteps]);
const order = {
  id: 7,
  name: 'tea',
  tags: ['new', 'green'],
  price: { amount: 2.5, currency: 'EUR' },
  'odd name': null,
  at: new Date(Date.now() - 60_000).toISOString(),
  seconds: Math.floor(Date.now() / 1000) - 60,
  ms: Date.now() - 60_000,
  noZone: '2026-01-01T00:00:00',
  evil: `${'a'.repeat(60)}b`,
};

let web: Web;
beforeAll(async () => {
  web = await startWeb({
    '/order': saying(JSON.stringify(order), { 'content-type': 'application/json' }),
    '/text': saying('no JSON'),
    '/proto': saying('{"__proto__": {"a": 1}, "list": []}'),
  });
});
afterAll(async () => web.stop());

const at = async (path: string, lines: readonly string[], given: TriedWith = {}): Promise<string> =>
  tried([`When I visit "${path}"`, ...lines], { base: web.base, ...given });

describe.concurrent('JSON', () => {
  test.each([
    ['$.id should be the number 7', /^passed$/],
    ['$.id should be "7"', /^failed: expected "7" at \$\.id; there is 7$/],
    ['$.name should contain "ea"', /^passed$/],
    ['$.tags should contain "green"', /^passed$/],
    [
      '$.tags should contain "gree"',
      /^failed: expected "gree" in what is at \$\.tags; there is \["new","green"\]$/,
    ],
    ['$.id should contain "7"', /^failed: /],
    ['$.name should match /^t.a$/', /^passed$/],
    ['$.id should match /^[0-9]$/', /^passed$/],
    ['$.tags should match /new/', /^failed: /],
    ['$.evil should match /^(a+)+$/', /^unknown: .* does not come to an end/],
    ['$.id should be less than 7.5', /^passed$/],
    ['$.id should be less than 7', /^failed: expected less than 7 at \$\.id; there is 7$/],
    ['$.name should be less than 7', /^failed: /],
    ['$.tags should have at least 2 items', /^passed$/],
    ['$.tags should have at least 3 items', /^failed: /],
    ["$['odd name'] should be null", /^passed$/],
    ['$.none should not be present', /^passed$/],
    ['$.id should not be present', /^failed: expected nothing at \$\.id; there is 7$/],
    ['$.tags[1] should be "green"', /^passed$/],
    ['$.tags[2] should not be present', /^passed$/],
    ['$.tags.length should not be present', /^failed: |^passed$/],
    ['$.at should be less than 10 minutes old', /^passed$/],
    ['$.at should be less than 30 seconds old', /^failed: expected a time less than 30 s ago at/],
    ['$.seconds should be less than 10 minutes old', /^passed$/],
    ['$.ms should be less than 10 minutes old', /^passed$/],
    ['$.noZone should be less than 10000 days old', /^failed: /],
    ['$.name should be less than 1 day old', /^failed: /],
  ] as const)('%s', async (step, expected) => {
    expect(await at('/order', [`Then the JSON at ${step}`])).toMatch(expected);
  });

  const whole = (place: string, json: string): readonly string[] => [
    `Then the JSON at ${place} should be:`,
    '  """',
    `  ${json}`,
    '  """',
  ];
  test.each([
    [whole('$.price', '{"currency": "EUR", "amount": 2.50}'), /^passed$/],
    [whole('$.tags', '["new", "green"]'), /^passed$/],
    [
      whole('$.tags', '["green", "new"]'),
      /^failed: expected \["green","new"\] at \$\.tags; there is/,
    ],
    [whole('$.price', '{amount: 2.5}'), /^unknown: the text below the step is no JSON: /],
  ] as const)('%s', async (lines, expected) => {
    expect(await at('/order', lines)).toMatch(expected);
  });

  test('what is no JSON, and names that objects have by themselves', async () => {
    expect(await at('/text', ['Then the JSON at $.a should be present'])).toMatch(
      /^failed: expected JSON; .* answered 200: no JSON$/,
    );
    expect(await at('/proto', ['Then the JSON at $.constructor should not be present'])).toBe(
      'passed',
    );
    expect(await at('/proto', ['Then the JSON at $.a should not be present'])).toBe('passed');
  });
});

describe.concurrent('schemas', () => {
  const schema = (json: unknown): readonly string[] => [
    'Then the JSON should match the schema:',
    '  """',
    `  ${typeof json === 'string' ? json : JSON.stringify(json)}`,
    '  """',
  ];
  const properties = { id: { type: 'integer' }, name: { type: 'string', pattern: '^t' } };
  test.each([
    ['right', { type: 'object', required: ['id'], properties }, /^passed$/],
    ['a format', { properties: { at: { type: 'string', format: 'date-time' } } }, /^passed$/],
    [
      'a format that is not',
      { properties: { name: { format: 'date-time' } } },
      /^failed: expected JSON of the schema; of .* \/name must match format "date-time"$/,
    ],
    [
      'something missing',
      { required: ['no'] },
      /^failed: .* the whole must have required property 'no'$/,
    ],
    [
      'of another type',
      { properties: { price: { properties: { amount: { type: 'integer' } } } } },
      /^failed: .* \/price\/amount must be integer$/,
    ],
    [
      'something too much',
      { properties, additionalProperties: false },
      /^failed: .* must NOT have additional properties: tags$/,
    ],
    [
      'draft 7',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        properties: { tags: { items: [{ const: 'new' }] } },
      },
      /^passed$/,
    ],
    [
      'draft 2020-12',
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        properties: { tags: { prefixItems: [{ const: 'old' }] } },
      },
      /^failed: .* \/tags\/0 must be equal to constant$/,
    ],
    [
      'two expressions',
      { properties: { name: { pattern: '^t' }, at: { pattern: '^t' }, evil: { pattern: '^a' } } },
      /^failed: .* \/at must match pattern "\^t"$/,
    ],
    ['false', 'false', /^failed: /],
    ['no schema', { type: 'nonsense' }, /^unknown: the schema can not be used: /],
    ['no JSON', '{', /^unknown: the schema can not be used: /],
    [
      'one elsewhere',
      { $ref: 'https://example.org/schema.json' },
      /^unknown: the schema can not be used: can't resolve reference/,
    ],
    [
      'an expression that does not end',
      { properties: { evil: { pattern: '^(a+)+$' } } },
      /^unknown: .* does not come to an end/,
    ],
    [
      'an expression that is none',
      { properties: { name: { pattern: '(' } } },
      /^unknown: the schema can not be used: Invalid regular/,
    ],
  ] as const)('%s', async (_, json, expected) => {
    expect(await at('/order', schema(json))).toMatch(expected);
  });

  test('in a file', async () => {
    const file = async (path: string): Promise<string> =>
      path === 'order.json' ? '{"required": ["id"]}' : '{"required": ["no"]}';
    const matches = (name: string): string => `Then the JSON should match the schema in "${name}"`;
    expect(await at('/order', [matches('order.json')], { file })).toBe('passed');
    expect(await at('/order', [matches('other.json')], { file })).toMatch(
      /^failed: .* property 'no'$/,
    );
    expect(await at('/order', [matches('order.json')])).toMatch(/^unknown: .* there are no files$/);
  });

  test('more than are kept', async () => {
    for (let n = 0; n < 70; n++)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await at('/order', schema({ properties: { id: { minimum: n - 70 } } }))).toBe(
        'passed',
      );
  });
});
