import { CucumberExpression } from '@cucumber/cucumber-expressions';
import { type Value, placeHolderTypes } from './values.ts';

/** What a step is for: `assertion`s alone make a scenario say something. */
export type StepKind = 'context' | 'action' | 'assertion';

/** A step as it is declared. `World` is what its code acts on. */
export interface StepDefinition<World> {
  /** A cucumber expression. */
  readonly expression: string;
  readonly kind: StepKind;
  readonly group: string;
  /** What it does, in a sentence or two. */
  readonly about: string;
  /** How it is written, line by line. */
  readonly example: readonly string[];
  /** What has to stand below it. */
  readonly takes?: 'text' | 'table';
  /** What it is about, and has to be there before it: `an answer`. */
  readonly needs?: string;
  /** What is there after it. */
  readonly gives?: string | readonly string[];
  /** The tag that its scenario has to have, and why. */
  readonly tag?: { readonly name: string; readonly why: string };
  /** Which of its values, from 0, is the name that it remembers something by. */
  readonly remembers?: number;
  /** Throws a `Failed` where what it says does not hold. */
  readonly run: (world: World, given: Given) => Promise<void> | void;
}

/** What stands in one use of a step. */
export interface Given {
  /** The n-th value, from 0. */
  readonly text: (n: number) => string;
  readonly number: (n: number) => number;
  readonly expression: (n: number) => RegExp;
  /** The text below it. */
  readonly block: string;
  /** The same as it is written, with the names of what is remembered still in their braces. */
  readonly written: string;
  /** The rows of the table below it. */
  readonly table: readonly (readonly string[])[];
}

export interface Match<World> {
  readonly definition: StepDefinition<World>;
  readonly values: readonly Value[];
}

/** Every step there is; finds those that a text means. */
export interface Vocabulary<World> {
  readonly definitions: readonly StepDefinition<World>[];
  /** None: undefined; more than one: ambiguous. Throws where a value is not right. */
  readonly match: (text: string) => readonly Match<World>[];
}

/** Each distinct text is matched once. */
export function vocabularyOf<World>(
  definitions: readonly StepDefinition<World>[],
): Vocabulary<World> {
  const types = placeHolderTypes();
  // Read when a text may be one: a plugin of Nagios, which is a process each, has few of them.
  const read = definitions.map((): CucumberExpression | undefined => undefined);
  const expressionOf = (i: number, text: string): CucumberExpression =>
    (read[i] ??= new CucumberExpression(text, types));
  const all = definitions.map((definition) => ({
    definition,
    always: alwaysIn(definition.expression),
  }));
  const known = new Map<string, readonly Match<World>[]>();
  const look = (text: string): readonly Match<World>[] =>
    all.flatMap(({ definition, always }, i) => {
      // Many texts are held against many expressions: most are no match at first sight.
      if (!text.includes(always)) return [];
      const found = expressionOf(i, definition.expression).match(text);
      if (!found) return [];
      return [{ definition, values: found.map((one) => valueOf(one.getValue(undefined))) }];
    });
  return {
    definitions,
    match: (text) => {
      const found = known.get(text) ?? look(text);
      known.set(text, found);
      return found;
    },
  };
}

/** The longest piece of an expression that every text of it has: no value, nothing optional, no choice. */
function alwaysIn(expression: string): string {
  const pieces = expression.split(/\{[^}]*\}|\([^)]*\)|\S*\/\S*|\\./);
  return pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

function valueOf(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'number' || value instanceof RegExp)
    return value;
  throw new TypeError(`a step's value is a ${typeof value}`);
}

/**
 * The values of one use, by what the definition expects of each.
 * @param fill puts what is remembered into a text
 */
export function givenOf(
  values: readonly Value[],
  { block = '', table = [] }: Partial<Pick<Given, 'block' | 'table'>>,
  fill: (text: string) => string = (text) => text,
): Given {
  const wrong = (n: number, what: string): never => {
    throw new TypeError(`value ${n + 1} of the step is no ${what}`);
  };
  return {
    text: (n) => {
      const value = values[n];
      return typeof value === 'string' ? fill(value) : wrong(n, 'text');
    },
    number: (n) => {
      const value = values[n];
      return typeof value === 'number' ? value : wrong(n, 'number');
    },
    expression: (n) => {
      const value = values[n];
      return value instanceof RegExp ? value : wrong(n, 'expression');
    },
    block: fill(block),
    written: block,
    table: table.map((row) => row.map(fill)),
  };
}
