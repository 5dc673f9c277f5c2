import { expect, test } from 'vitest';
import { readFeature } from './feature.ts';
import { lineOfFinding, planOf } from './plan.ts';
import { type StepDefinition, givenOf, vocabularyOf } from './vocabulary.ts';

const nothing = { group: 'HTTP', about: '', example: [], run: () => {} } as const;
const vocabulary = vocabularyOf<null>(
  (
    [
      { expression: 'I visit/request {string}', kind: 'action' },
      { expression: 'I send {word}', kind: 'action', takes: 'text' },
      { expression: 'I post the form:', kind: 'action', takes: 'table' },
      { expression: 'I should get a {int} status code', kind: 'assertion' },
      { expression: 'I should see {regex}', kind: 'assertion' },
      { expression: 'it should take less than {duration}', kind: 'assertion' },
      { expression: 'it should be smaller than {size}', kind: 'assertion' },
      { expression: 'the JSON at {jsonpath} should be {string}', kind: 'assertion' },
      { expression: 'the word {word} is ambiguous', kind: 'assertion' },
      { expression: 'the word same is ambiguous', kind: 'assertion' },
      {
        expression: 'the page should show {string}',
        kind: 'assertion',
        tag: { name: '@browser', why: 'needs a browser' },
      },
    ] satisfies readonly Partial<StepDefinition<null>>[]
  ).map((one) => ({ ...nothing, ...one })),
);

/** Findings of a feature, each as a line. */
function lint(text: string, file = 'a.feature'): readonly string[] {
  const read = readFeature(file, text);
  const findings = 'feature' in read ? planOf([read.feature], vocabulary).findings : read.findings;
  return findings.map(lineOfFinding);
}

const scenarios = (text: string, file = 'a.feature'): readonly string[] => {
  const read = readFeature(file, text);
  return 'feature' in read
    ? planOf([read.feature], vocabulary).scenarios.map(
        ({ name, scenario, steps }) => `${scenario.line} ${name}: ${steps.length} steps`,
      )
    : read.findings.map(lineOfFinding);
};

const outline = `Feature: Shop
  Background:
    Given I visit "/"
  Scenario: same
    Then I should get a 200 status code
  Scenario: same
    Then I should get a 200 status code
  Rule: it is quick
    Scenario Outline: <path>
      When I request "<path>"
      Then I should get a <status> status code
      Examples:
        | path | status |
        | /a   | 200    |
        | /b   | 404    |
`;

test('backgrounds, rules and outlines become scenarios, each with a name of its own', () => {
  expect(scenarios(outline)).toEqual([
    '4 same (a.feature:4): 2 steps',
    '6 same (a.feature:6): 2 steps',
    '14 /a: 3 steps',
    '15 /b: 3 steps',
  ]);
});

test.each([
  [
    'de',
    '# language: de\nFunktionalität: x\n  Szenario: y\n    Dann I should get a 200 status code\n',
  ],
  [
    'fr',
    '# language: fr\nFonctionnalité: x\n  Scénario: y\n    Alors I should get a 200 status code\n',
  ],
  [
    'ja',
    '# language: ja\nフィーチャ: x\n  シナリオ: y\n    ならばI should get a 200 status code\n',
  ],
])('a feature in %s', (_, text) => {
  expect(scenarios(text)).toEqual(['3 y: 1 steps']);
});

test('a feature in Markdown', () => {
  const text =
    '# Feature: x\n\nWords.\n\n## Scenario: y\n\n* Then I should get a 200 status code\n';
  expect(scenarios(text, 'a.feature.md')).toEqual(['5 y: 1 steps']);
});

test.each([
  [
    'an undefined step',
    'Then I should get a 200 status',
    [/5: no step is ".*"; did you mean: I should get a \{int\} status code$/],
  ],
  ['an alternative', 'When I vist "/"', [/did you mean: I visit\/request \{string\}$/]],
  [
    'one like nothing',
    'Then the moon is made of cheese',
    [/`territory steps` lists those there are$/],
  ],
  [
    'an ambiguous one',
    'Then the word same is ambiguous',
    [/means more than one step: the word \{word\} is ambiguous \| the word same/],
  ],
  [
    'an expression that is none',
    'Then I should see /(/',
    [/"I should see \/\(\/": Invalid regular expression/],
  ],
  [
    'a text that is missing',
    'When I send GET\n    Then I should get a 200 status code',
    [/needs a text between """ below it/],
  ],
  [
    'a table that is missing',
    'When I post the form:\n    Then I should get a 200 status code',
    [/needs a table below it/],
  ],
  [
    'a table too many',
    'Then I should get a 200 status code\n      | a |',
    [/takes nothing like what stands below it/],
  ],
  [
    'nothing asserted',
    'When I visit "/"',
    [/^a.feature:2:3: nothing is asserted by "y": it could only ever pass$/],
  ],
  ['all in order', 'Then it should take less than 1.5 seconds', []],
] as const)('lint: %s', (_, step, expected) => {
  const found = lint(`Feature: x\n  Scenario: y\n    ${step}\n`);
  expect(found).toEqual(
    expected.map((one) =>
      expect.stringMatching(new RegExp(one.source.replace(/^5:/, '^a.feature:3:5:'))),
    ),
  );
});

test.each([
  ['@page @every(30s) @env(production,staging) @app(shop) @dependsOn(dns)', []],
  ['@gates', ['a.feature:1:1: @gates is no tag that means something; did you mean @gate?']],
  [
    '@page @evry(30s)',
    ['a.feature:1:7: @evry(30s) is no tag that means something; did you mean @every(30s)?'],
  ],
  ['@env', ['a.feature:1:1: @env needs a value: @env(production)']],
  ['@gate(x)', ['a.feature:1:1: @gate takes no value']],
] as const)('tags: %s', (tags, expected) => {
  const feature = `${tags}\nFeature: x\n  Scenario: y\n    Then I should get a 200 status code\n`;
  expect(lint(feature)).toEqual(expected);
});

test('what is wrong in a background and above a feature is told once, and in order', () => {
  const text =
    '@foobarbaz\nFeature: x\n  Background:\n    Given nonsense\n  Scenario: y\n    Then z\n  Scenario: w\n    Then z\n';
  expect(lint(text).map((line) => line.split(' ')[0])).toEqual([
    'a.feature:1:1:',
    'a.feature:4:5:',
    'a.feature:6:5:',
    'a.feature:8:5:',
  ]);
});

test('what is no Gherkin is told with its place; a feature without a scenario too', () => {
  expect(lint('Feature: x\n  Scenario: y\n    Given z\n      nonsense\n')).toEqual([
    expect.stringMatching(/^a\.feature:4:7: expected: .*, got 'nonsense'$/),
  ]);
  expect(lint('Feature: x\n')).toEqual(['a.feature:1:1: there is no scenario in it']);
});

test.each([
  ['it should take less than 1.5 seconds', 1500],
  ['it should take less than 2 min', 120_000],
  ['it should take less than 20ms', 20],
  ['it should take less than 1 day', 86_400_000],
  ['it should take less than 14 days', 1_209_600_000],
  ['it should be smaller than 100 kB', 100_000],
  ['it should be smaller than 1.5 MiB', 1_572_864],
  ['it should be smaller than 12 bytes', 12],
  ['the JSON at $.a[0][\'b c\'].d should be "x"', "$.a[0]['b c'].d"],
  ['I should see /a\\/b/i', /a\/b/i],
])('%s', (text, value) => {
  expect(vocabulary.match(text).map((one) => one.values[0])).toEqual([value]);
});

test('a value that is not what a step expects is an error of the step', () => {
  const given = givenOf(['a', 1], {});
  expect(given.text(0)).toBe('a');
  expect(() => given.number(0)).toThrow('value 1 of the step is no number');
  expect(() => given.text(1)).toThrow(TypeError);
  expect(() => given.expression(2)).toThrow(TypeError);
});

test('a step that needs a tag on its scenario, since others go by it', () => {
  const shows = 'Then the page should show "x"';
  expect(lint(`Feature: x\n  Scenario: a\n    ${shows}\n    And ${shows.slice(5)}\n`)).toEqual([
    'a.feature:3:5: "the page should show "x"" needs a browser: tag its scenario @browser',
  ]);
  expect(lint(`@browser\nFeature: x\n  Scenario: a\n    ${shows}\n`)).toEqual([]);
});
