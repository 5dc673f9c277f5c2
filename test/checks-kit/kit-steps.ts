import {
  type StepDefinition,
  type Vocabulary,
  vocabularyOf,
} from '../../src/checks/language/vocabulary.ts';
import { Failed, Unreached } from '../../src/checks/run/failed.ts';
import type { Part, World } from '../../src/checks/run/world.ts';

/** Steps of the kit's samples, as its own TypeScript has them, in this project's words. */

type Run = StepDefinition<World>['run'];
type Written = readonly [expression: string, run?: Run, takes?: 'text' | 'table'];

const nothing: Run = () => {};
const fails: Run = () => {
  throw new Failed('whoops');
};

/** Numbers and lists that the steps of a scenario keep. */
const kept: Part<Map<string, number>> = { make: () => new Map() };
const put =
  (name: string): Run =>
  (world, given) =>
    void world.part(kept).set(name, given.number(0));
const get = (world: World, name: string): number => world.part(kept).get(name) ?? 0;

function mustBe(is: unknown, expected: unknown): void {
  if (JSON.stringify(is) !== JSON.stringify(expected))
    throw new Failed(`expected ${JSON.stringify(expected)}; it is ${JSON.stringify(is)}`);
}

const eating: readonly Written[] = [
  ['there are {int} cucumbers', put('cucumbers')],
  [
    'I eat {int} cucumbers',
    (world, given) => {
      world.part(kept).set('cucumbers', get(world, 'cucumbers') - given.number(0));
    },
  ],
  [
    'I should have {int} cucumbers',
    (world, given) => mustBe(get(world, 'cucumbers'), given.number(0)),
  ],
];

const ordering: readonly Written[] = [['an order for {string}'], ['an action'], ['an outcome']];

const transposed: Part<{ rows: string[][] }> = { make: () => ({ rows: [] }) };

/** Passes at the n-th attempt: nobody answers before, which is what is tried again here. */
function passesAt(n: number): Run {
  let attempts = 0;
  return () => {
    if (++attempts < n) throw new Unreached('Exception in step');
  };
}

const written: Readonly<Record<string, () => readonly Written[]>> = {
  ambiguous: () => [['a {word} with multiple definitions'], ['a step with {word} definitions']],
  backgrounds: () => ordering,
  cdata: () => [['I have {int} <![CDATA[cukes]]> in my belly']],
  'data-tables': () => [
    [
      'the following table is transposed:',
      (world, { table }) => {
        world.part(transposed).rows = (table[0] ?? []).map((_, i) =>
          table.map((row) => row[i] ?? ''),
        );
      },
      'table',
    ],
    ['it should be:', (world, { table }) => mustBe(world.part(transposed).rows, table), 'table'],
  ],
  'doc-strings': () => [['a doc string:', nothing, 'text']],
  'examples-tables': () => [
    ...eating,
    ['there are {int} friends', put('friends')],
    [
      'each person can eat {int} cucumbers',
      (world, given) =>
        mustBe(Math.floor(get(world, 'cucumbers') / (1 + get(world, 'friends'))), given.number(0)),
    ],
  ],
  'examples-tables-undefined': () => eating,
  'examples-tables-undefined-multiple': () => eating,
  markdown: () => [
    ['some TypeScript code:', nothing, 'text'],
    ['some classic Gherkin:', nothing, 'text'],
    [
      'we use a data table and attach something and then {word}',
      (_, given) => {
        if (given.text(0) === 'fail') throw new Failed('You asked me to fail');
      },
      'table',
    ],
    ['this might or might not run'],
  ],
  minimal: () => [['I have {int} cukes in my belly']],
  'multiple-features': () => ordering,
  'multiple-features-reversed': () => ordering,
  retry: () => [
    ['a step that always passes'],
    ['a step that passes the second time', passesAt(2)],
    ['a step that passes the third time', passesAt(3)],
    ['a step that always fails', passesAt(Infinity)],
  ],
  'retry-ambiguous': () => [['an ambiguous step'], ['an {word} step']],
  'retry-undefined': () => [],
  rules: () => [
    ['the customer has {int} cents', put('money')],
    ['there are chocolate bars in stock', (world) => void world.part(kept).set('stock', 1)],
    ['there are no chocolate bars in stock', (world) => void world.part(kept).set('stock', 0)],
    [
      'the customer tries to buy a {int} cent chocolate bar',
      (world, given) => {
        const sold = get(world, 'money') >= given.number(0) && get(world, 'stock') > 0;
        world.part(kept).set('sold', sold ? 1 : 0);
      },
    ],
    ['the sale should not happen', (world) => mustBe(get(world, 'sold'), 0)],
    ['the sale should happen', (world) => mustBe(get(world, 'sold'), 1)],
  ],
  'rules-backgrounds': () => ordering,
  'stack-traces': () => [['a step throws an exception', fails]],
  undefined: () => [['an implemented step'], ['a step that will be skipped']],
  'undefined-multiple': () => [['an implemented step'], ['a step that will be skipped']],
  'unused-steps': () => [['a step that is used'], ['a step that is not used']],
};

export const supported: readonly string[] = Object.keys(written);

/** The steps of a sample. All assert: what the kit runs says nothing of it. */
export function kitVocabulary(sample: string): Vocabulary<World> {
  const steps = written[sample]?.() ?? [];
  return vocabularyOf<World>(
    steps.map(([expression, run = nothing, takes]) => ({
      expression,
      kind: 'assertion',
      group: 'kit',
      about: '',
      example: [],
      run,
      ...(takes ? { takes } : {}),
    })),
  );
}
