import { Failed } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { type Step, expectThat, shown } from './step.ts';

/** What stands at a place of the body; undefined: nothing. Throws Failed where it is no JSON. */
function at(world: World, place: string): unknown {
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

const group = 'JSON';

/** What is said of a JSON body. */
export const jsonSteps: readonly Step[] = [
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
];
