import { setTimeout as wait } from 'node:timers/promises';
import { type Vocabulary, vocabularyOf } from '../language/vocabulary.ts';
import { Failed, Unknown } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { type Step, anAnswer } from '../steps/step.ts';
import { visit } from '../steps/visit.ts';
import { vocabulary } from '../steps/vocabulary.ts';
import type { Says } from './taking.ts';
import type { Answer, OwnStep, Scenario } from './own-step.ts';

/** Lines of an example, of a declaration that may be anything. */
const linesOf = ({ example }: OwnStep): readonly string[] =>
  typeof example === 'string' ? example.split('\n') : example;

/**
 * A step of one's own as features use it.
 * @param group what it is listed under
 * @param describe the words of an error that its code threw, with its place
 */
export function definitionOf(
  own: OwnStep,
  group: string,
  describe: (error: unknown) => string,
): Step {
  const { expression, kind, about, takes, run } = own;
  return {
    expression,
    kind,
    group,
    about,
    example: linesOf(own),
    ...(takes ? { takes } : {}),
    // Its code may ask for one.
    gives: anAnswer,
    run: async (world, given) => {
      try {
        await run(scenarioOf(world), given);
      } catch (error) {
        if (error instanceof Failed || error instanceof Unknown) throw error;
        const { says, message = '' } = error as Partial<Says>;
        if (says === 'failed') throw new Failed(message);
        if (says === 'unknown') throw new Unknown(message);
        // A fault of the step's own code says nothing of what is tested.
        throw new Unknown(describe(error), { cause: error });
      }
    },
  };
}

/** All steps, those of one's own behind the others. */
export const vocabularyWith = (own: readonly Step[]): Vocabulary<World> =>
  own.length === 0 ? vocabulary : vocabularyOf([...vocabulary.definitions, ...own]);

/** What is wrong with a declared step; undefined where nothing is. */
export function faultOf(own: OwnStep): string | undefined {
  const { expression, about } = own;
  if (typeof expression !== 'string' || expression.trim() === '') return 'a step has an expression';
  const nothing: Step = { ...definitionOf(own, '', String), run: () => undefined };
  let words: Vocabulary<World>;
  try {
    words = vocabularyWith([nothing]);
    words.match(expression);
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error);
    return `"${expression}" is no cucumber expression: ${why}`;
  }
  if (about.trim() === '') return `"${expression}" says nothing of what it does ("about")`;
  const [line = ''] = linesOf(own);
  const text = line.trim().replace(/^(Given|When|Then|And|But) /, '');
  const found = words.match(text).map(({ definition }) => definition.expression);
  if (!found.includes(expression))
    return `the example "${line}" is not of the step "${expression}"`;
  if (found.length === 1) return undefined;
  const others = found.filter((one) => one !== expression);
  if (others.length === 0) return `the step "${expression}" is one of Territory's own`;
  return `the example "${line}" means another step, too: ${others.join(' | ')}`;
}

/** What a step's code sees of a scenario. */
function scenarioOf(world: World): Scenario {
  return {
    environment: world.surroundings.environment,
    get base() {
      return world.base;
    },
    get answer() {
      return world.answer === undefined ? undefined : answerOf(world.answer);
    },
    request: async (path, options = {}) => answerOf(await visit(world, { ...options, path })),
    secret: (name) => world.secret(name),
    remember: (name, text) => void world.remembered.set(name, text),
    remembered: (name) => world.remembered.get(name),
    measured: (label, value, { unit = '', ...limits } = {}) =>
      void world.performance.push({ label, value, unit, ...limits }),
    warn: (words) => void world.warnings.push(words),
    wait: async (ms) => wait(ms, undefined, { signal: world.signal }),
  };
}

const answerOf = ({ url, status, headers, body, ms }: Answer): Answer => ({
  url,
  status,
  headers,
  body,
  ms,
});
