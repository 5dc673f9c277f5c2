import { Failed, Unknown } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { pageOf } from './html.ts';
import { at } from './json.ts';
import { matching } from './matching.ts';
import { type Step, anAnswer, needing } from './step.ts';

/** Letters of one value. */
const most = 64 * 1024;

/** Keeps a value for the steps that follow. Throws Failed where there is none. */
export function remember(world: World, name: string, value: string | undefined): void {
  if (value === undefined) throw new Failed(`there is nothing to remember as "${name}"`);
  if (value.length > most)
    throw new Unknown(`what was to be remembered as "${name}" has more than ${most} letters`);
  world.remembered.set(name, value);
}

/** A text as it is; a number, true and false as JSON writes them, and so what is more than one. */
function textAt(world: World, place: string): string | undefined {
  const value = at(world, place);
  return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
}

const group = 'Remembering';

/** Steps that keep something of an answer for the steps that follow. */
export const rememberSteps: readonly Step[] = [
  ...needing(anAnswer, [
    {
      expression: 'I remember the JSON at {jsonpath} as {string}',
      kind: 'action',
      group,
      about:
        'In the steps that follow, `{order}` stands for it in what is in quotes, in texts and in tables. Scenarios do not know what others remember.',
      example: ['When I remember the JSON at $.id as "order"'],
      remembers: 1,
      run: (world, given) => remember(world, given.text(1), textAt(world, given.text(0))),
    },
    {
      expression: 'I remember the header {string} as {string}',
      kind: 'action',
      group,
      about: 'The value of a header of the answer.',
      example: ['When I remember the header "Location" as "order"'],
      remembers: 1,
      run: (world, given) => {
        const value = world.seen.headers[given.text(0).toLowerCase()];
        const text = value === undefined ? undefined : [value].flat().join(', ');
        remember(world, given.text(1), text);
      },
    },
    {
      expression: 'I remember the text matching {regex} as {string}',
      kind: 'action',
      group,
      about: 'The first group of the expression, or all that it finds in the body.',
      example: ['When I remember the text matching /order ([0-9]+)/ as "order"'],
      remembers: 1,
      run: (world, given) => {
        const found = matching(given.expression(0), world.seen.body);
        remember(world, given.text(1), found?.[1] ?? found?.[0]);
      },
    },
    {
      expression: 'I remember the field {string} as {string}',
      kind: 'action',
      group,
      about:
        'The value of an `input`, or the content of a `meta`, of this name: the token of a form.',
      example: ['When I remember the field "csrf_token" as "token"'],
      remembers: 1,
      run: (world, given) =>
        remember(world, given.text(1), pageOf(world.seen.body).fields.get(given.text(0))),
    },
  ]),
  {
    expression: 'I hide what is remembered as {string}',
    kind: 'action',
    group,
    about: 'It is shown nowhere from here on, as secrets are not.',
    example: ['When I hide what is remembered as "token"'],
    run: (world, given) => {
      const value = world.remembered.get(given.text(0));
      if (value === undefined) throw new Unknown(`nothing is remembered as "${given.text(0)}"`);
      world.hide(value);
    },
  },
];
