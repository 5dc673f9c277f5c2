import { isDeepStrictEqual } from 'node:util';
import { Failed, Unknown } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { matching } from './matching.ts';
import { type Step, anAnswer, expectThat, needing, shown } from './step.ts';

/** What stands at a place of the body; undefined: nothing. Throws Failed where it is no JSON. */
export function at(world: World, place: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(world.seen.body);
  } catch {
    throw new Failed(`expected JSON; ${shown(world)}`);
  }
  for (const [, name, index, quoted] of place.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]/g)) {
    const key = name ?? index ?? quoted ?? '';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

const words = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300);

function expectAt(
  world: World,
  place: string,
  { expected, holds }: { readonly expected: string; readonly holds: (value: unknown) => boolean },
): void {
  const value = at(world, place);
  expectThat(holds(value), `${expected} at ${place}`, `there is ${words(value)}`);
}

/** ms since the epoch, UTC; NaN: it is no time. A text without a zone could be any. */
function timeOf(value: unknown): number {
  // Seconds until the year 5138.
  if (typeof value === 'number') return value < 1e11 ? value * 1000 : value;
  if (typeof value !== 'string' || !/(?:Z|[+-]\d\d:?\d\d)$/i.test(value)) return Number.NaN;
  return Date.parse(value);
}

/** Throws Unknown where the text of a step is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it is none';
    throw new Unknown(`the text below the step is no JSON: ${why}`, { cause: error });
  }
}

const group = 'JSON';

/** What is said of a JSON body. */
export const jsonSteps: readonly Step[] = needing(anAnswer, [
  {
    expression: 'the JSON at {jsonpath} should be {string}',
    kind: 'assertion',
    group,
    about: 'Exactly this text.',
    example: ['Then the JSON at $.status should be "ok"'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: words(given.text(1)),
        holds: (value) => value === given.text(1),
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should be the number {float}',
    kind: 'assertion',
    group,
    about: 'Exactly this number.',
    example: ['Then the JSON at $.count should be the number 3'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: String(given.number(1)),
        holds: (value) => value === given.number(1),
      }),
  },
  ...[true, false, null].map((word): Step => ({
    expression: `the JSON at {jsonpath} should be ${String(word)}`,
    kind: 'assertion',
    group,
    about: `The word ${String(word)} of JSON.`,
    example: [`Then the JSON at $.ready should be ${String(word)}`],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: String(word),
        holds: (value) => value === word,
      }),
  })),
  {
    expression: 'the JSON at {jsonpath} should be greater than {float}',
    kind: 'assertion',
    group,
    about: 'A number above this one.',
    example: ['Then the JSON at $.stock should be greater than 0'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: `more than ${given.number(1)}`,
        holds: (value) => typeof value === 'number' && value > given.number(1),
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should have {int} item(s)',
    kind: 'assertion',
    group,
    about: 'A list of this length.',
    example: ['Then the JSON at $.items should have 2 items'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: `${given.number(1)} items`,
        holds: (value) => Array.isArray(value) && value.length === given.number(1),
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should be present',
    kind: 'assertion',
    group,
    about: 'Whatever stands there.',
    example: ['Then the JSON at $.id should be present'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: 'something',
        holds: (value) => value !== undefined,
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should not be present',
    kind: 'assertion',
    group,
    about: 'Nothing stands there.',
    example: ['Then the JSON at $.error should not be present'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: 'nothing',
        holds: (value) => value === undefined,
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should contain {string}',
    kind: 'assertion',
    group,
    about: 'A text that has this one in it, or a list that has this text as one of its items.',
    example: ['Then the JSON at $.tags should contain "new"'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: `${words(given.text(1))} in what is`,
        holds: (value) =>
          (typeof value === 'string' || Array.isArray(value)) && value.includes(given.text(1)),
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should match {regex}',
    kind: 'assertion',
    group,
    about: 'A text or a number of which some matches.',
    example: ['Then the JSON at $.version should match /^[0-9]+\\.[0-9]+$/'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: `what matches ${given.expression(1).toString()}`,
        holds: (value) =>
          (typeof value === 'string' || typeof value === 'number') &&
          matching(given.expression(1), String(value)) !== undefined,
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should be less than {float}',
    kind: 'assertion',
    group,
    about: 'A number below this one.',
    example: ['Then the JSON at $.queue should be less than 1000'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: `less than ${given.number(1)}`,
        holds: (value) => typeof value === 'number' && value < given.number(1),
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should have at least {int} item(s)',
    kind: 'assertion',
    group,
    about: 'A list of this length or longer.',
    example: ['Then the JSON at $.items should have at least 1 item'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: `at least ${given.number(1)} items`,
        holds: (value) => Array.isArray(value) && value.length >= given.number(1),
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should be less than {duration} old',
    kind: 'assertion',
    group,
    about: 'A time: a text with its zone (RFC 3339), or a number of seconds or ms since 1970.',
    example: ['Then the JSON at $.updatedAt should be less than 10 minutes old'],
    run: (world, given) =>
      expectAt(world, given.text(0), {
        expected: `a time less than ${given.number(1) / 1000} s ago`,
        holds: (value) => Date.now() - timeOf(value) < given.number(1),
      }),
  },
  {
    expression: 'the JSON at {jsonpath} should be:',
    kind: 'assertion',
    group,
    about: 'The JSON below it, whatever the order of names in it.',
    example: [
      'Then the JSON at $.price should be:',
      '  """',
      '  {"amount": 250, "currency": "EUR"}',
      '  """',
    ],
    takes: 'text',
    run: (world, given) => {
      const wanted = readJson(given.block);
      expectAt(world, given.text(0), {
        expected: words(wanted),
        holds: (value) => isDeepStrictEqual(value, wanted),
      });
    },
  },
]);
