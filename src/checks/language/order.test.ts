import { expect, test } from 'vitest';
import { type Feature, readFeature } from './feature.ts';
import { lineOfFinding, planOf } from './plan.ts';
import { filled, namesIn } from './remembered.ts';
import { type StepDefinition, vocabularyOf } from './vocabulary.ts';

const nothing = { group: 'HTTP', about: '', example: [], run: () => {} } as const;
const vocabulary = vocabularyOf<null>(
  (
    [
      { expression: 'I visit {string}', kind: 'action', gives: 'an answer' },
      { expression: 'I send {string}:', kind: 'action', takes: 'text', gives: 'an answer' },
      { expression: 'I fill in:', kind: 'action', takes: 'table' },
      { expression: 'I remember {jsonpath} as {string}', kind: 'action', remembers: 1 },
      { expression: 'I should see {string}', kind: 'assertion', needs: 'an answer' },
      { expression: 'it should be there', kind: 'assertion' },
    ] satisfies readonly Partial<StepDefinition<null>>[]
  ).map((one) => ({ ...nothing, ...one })),
);

/** Findings of scenarios, each a list of steps; and how many can be run. */
function lint(...scenarios: readonly (readonly string[])[]): readonly string[] {
  const lines = scenarios.flatMap((steps, i) => [
    `  Scenario: s${i + 1}`,
    ...steps.map((step) => `    ${step}`),
  ]);
  const read = readFeature('a.feature', ['Feature: x', ...lines].join('\n'));
  const features: readonly Feature[] = 'feature' in read ? [read.feature] : [];
  const plan = planOf(features, vocabulary);
  return [...plan.findings.map(lineOfFinding), `${plan.scenarios.length} can be run`];
}

const seen = 'Then I should see "x"';
const there = 'Then it should be there';

test('what is about an answer stands behind what gives one, in the same scenario', () => {
  expect(lint(['When I visit "/"', seen], ['When I send "/":', '"""', '"""', seen])).toEqual([
    '2 can be run',
  ]);
  expect(lint(['When I visit "/"', seen], [seen, 'When I visit "/"'])).toEqual([
    'a.feature:6:5: "I should see "x"" is about an answer, and no step before it in this scenario gives one',
    '1 can be run',
  ]);
});

const missing = '{order} is not remembered by a step before it in this scenario';
const remembers = 'When I remember $.id as "order"';
const uses = 'When I visit "/{order}"';

test.each([
  ['remembered before', [[remembers, uses, seen]], []],
  ['in a text', [[remembers, 'When I send "/":', '"""', '{"id": {order}}', '"""', seen]], []],
  [
    'remembered by another',
    [
      [remembers, there],
      [uses, seen],
    ],
    [`a.feature:6:5: ${missing}, but in "s1" (a.feature:2): scenarios do not know of each other`],
  ],
  [
    'remembered by one that comes later',
    [
      [uses, seen],
      [remembers, there],
    ],
    [`a.feature:3:5: ${missing}, but in "s2" (a.feature:5): scenarios do not know of each other`],
  ],
  [
    'in the text of another',
    [
      [remembers, there],
      ['When I send "/":', '"""', '{order}', '"""', seen],
    ],
    [`a.feature:6:5: ${missing}, but in "s1" (a.feature:2): scenarios do not know of each other`],
  ],
  [
    'in the table of another',
    [
      [remembers, there],
      ['When I fill in:', '| {order} |', there],
    ],
    [`a.feature:6:5: ${missing}, but in "s1" (a.feature:2): scenarios do not know of each other`],
  ],
  ['remembered too late', [[uses, remembers, seen]], [`a.feature:3:5: ${missing}`]],
  [
    'one that is misspelt',
    [[remembers, 'When I visit "/{ordr}"', seen]],
    [
      'a.feature:4:5: {ordr} is not remembered by a step before it in this scenario; did you mean {order}?',
    ],
  ],
  ['one of another language', [[remembers, 'When I visit "/?q={somethingElse}"', seen]], []],
  ['where nothing is remembered', [['When I visit "/"', 'Then I should see "{order}"']], []],
  [
    'two braces are of a template',
    [[remembers, 'When I visit "/"', 'Then I should see "{{ordr}}"']],
    [],
  ],
  [
    'a name that is none',
    [['When I remember $.id as "an order"', there]],
    ['a.feature:3:5: "an order" is no name: a letter, and then letters, digits, - and _'],
  ],
] as const)('%s', (_, scenarios, expected) => {
  const right = scenarios.length - expected.length;
  expect(lint(...scenarios)).toEqual([...expected, `${right} can be run`]);
});

test.each([
  ['/{a}/{b-1}', ['a', 'b-1']],
  ['{{a}} {} {1} { a } {"a"}', []],
])('names in %s', (text, expected) => {
  expect(namesIn(text)).toEqual(expected);
});

test('what is remembered is put in once, and all else stays', () => {
  const known = new Map([
    ['a', '{b} $&'],
    ['b', '2'],
  ]);
  expect(filled('{a}/{b}/{c}/{{b}}', known)).toBe('{b} $&/2/{c}/{{b}}');
});
