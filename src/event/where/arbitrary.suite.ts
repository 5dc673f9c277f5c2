import fc from 'fast-check';
import { type Field, numberColumns, textColumns, type Value, type Where } from './ast.ts';

/** Names that are easy to get wrong beside those that the events of tests have. */
const attributeNames = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('code', 'http.route', 'odd key', 'host', 'canary') },
  fc.constantFrom('not', 'NULL', 'data', 'data.x', 'label.x', '"', "'", '\\', 'ü', '0', 'a.', '-'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }),
);
const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('order', 'paid', 'id', 'text', 'n') },
  fc.constantFrom('', 'a.b', '0', "o'k", '"', '__proto__'),
);

/** Any field of a query. */
export const anyField: fc.Arbitrary<Field> = fc.oneof(
  fc.record({ kind: fc.constant('column' as const), name: fc.constantFrom(...textColumns) }),
  fc.record({ kind: fc.constant('column' as const), name: fc.constantFrom(...numberColumns) }),
  fc.record({ kind: fc.constant('attribute' as const), name: attributeNames }),
  fc.record({ kind: fc.constant('data' as const), path: fc.array(key, { maxLength: 3 }) }),
);
const textField = anyField.filter(
  (field) => field.kind !== 'column' || !numberColumns.some((name) => name === field.name),
);

/** Texts with everything that a dialect could trip over. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('ok', 'web1', 'web2', '500', '5e2', '-1.5', '007', 'true', '', 'a%b', 'a_b'),
  fc.constantFrom("'", '"', '\\', '%', '\\%', '_', '\n', '\0', '{x}', '%s', '--', "\\'", 'ä', '😀'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, -1.5, 500, 404, 1e21, 1e-7),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
);
const anyValue: fc.Arbitrary<Value> = fc.oneof(anyText, anyNumber, fc.boolean(), fc.constant(null));

const patterns = fc.constantFrom(
  'o',
  '^web[0-9]+$',
  '\\d+',
  '(?i)OK|Web',
  '[^a-z]',
  'a.b',
  '^$',
  '(a|b)*',
  '\\bok\\b',
  '.{3,}',
  '%',
  '_',
  "'",
  '\\\\',
  '\\.',
  '[\\s\\S]+x?',
  'ä+',
  '\\x{1F600}',
  '^.$',
  '(?:we)?b\\W?',
  '[%_\\]]',
  'k$',
  '\\n',
);

const condition: fc.Arbitrary<Where> = fc.oneof(
  fc.record({ kind: fc.constant('literal' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('present' as const), field: anyField }),
  fc.record({
    kind: fc.constant('equal' as const),
    field: textField,
    value: anyValue,
    not: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('equal' as const),
    field: anyField,
    value: fc.oneof(anyNumber, fc.constant(null)),
    not: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('anyVersion' as const),
    field: fc.constant({ kind: 'column' as const, name: 'type' as const }),
    type: fc.constantFrom('dev.cdevents.service.deployed', 'dev.cdeventsx.acme-x.done'),
    not: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    field: anyField,
    op: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
    value: anyNumber,
  }),
  fc.record({
    kind: fc.constant('like' as const),
    field: textField,
    parts: fc.array(anyText, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('regex' as const), field: textField, pattern: patterns }),
  fc.record({ kind: fc.constant('tagged' as const), tag: anyText }),
);

/** Any query that `parseWhere` could give. */
export function anyWhere(): fc.Arbitrary<Where> {
  return fc.letrec<{ where: Where }>((tie) => ({
    where: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      { weight: 3, arbitrary: condition },
      fc.record({ kind: fc.constant('not' as const), of: tie('where') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        of: fc.tuple(tie('where'), tie('where')),
      }),
    ),
  })).where;
}
