import type { World } from '../run/world.ts';
import { type Step, expectThat } from './step.ts';

const headerOf = (world: World, name: string): string | undefined => {
  const value = world.seen.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
};

const seenOf = (world: World, name: string): string => {
  const value = headerOf(world, name);
  const what = value === undefined ? `no ${name}` : `${name}: ${value}`;
  return `${world.seen.url} answered ${world.seen.status} with ${what}`;
};

/** Where an answer leads, with the address that it is relative to. */
function location(world: World, wanted: string): void {
  const is = headerOf(world, 'location');
  const { url } = world.seen;
  const same = is !== undefined && (is === wanted || new URL(is, url).href === wanted);
  expectThat(same, `the location ${wanted}`, seenOf(world, 'location'));
}

const group = 'Headers and redirects';

/** What is said of the headers of an answer, and of the way to it. */
export const headerSteps: readonly Step[] = [
  {
    expression: 'the header {string} should be {string}',
    kind: 'assertion',
    group,
    about: 'Exactly this value.',
    example: ['Then the header "Content-Type" should be "text/html"'],
    run: (world, given) =>
      expectThat(
        headerOf(world, given.text(0)) === given.text(1),
        `${given.text(0)}: ${given.text(1)}`,
        seenOf(world, given.text(0)),
      ),
  },
  {
    expression: 'the header {string} should contain {string}',
    kind: 'assertion',
    group,
    about: 'The value has this text in it.',
    example: ['Then the header "Cache-Control" should contain "max-age"'],
    run: (world, given) =>
      expectThat(
        headerOf(world, given.text(0))?.includes(given.text(1)) === true,
        `${given.text(0)} with ${given.text(1)}`,
        seenOf(world, given.text(0)),
      ),
  },
  {
    expression: 'the header {string} should be present',
    kind: 'assertion',
    group,
    about: 'Whatever its value is.',
    example: ['Then the header "Strict-Transport-Security" should be present'],
    run: (world, given) =>
      expectThat(
        headerOf(world, given.text(0)) !== undefined,
        `a ${given.text(0)}`,
        seenOf(world, given.text(0)),
      ),
  },
  {
    expression: 'the header {string} should not be present',
    kind: 'assertion',
    group,
    about: 'There is no such header.',
    example: ['Then the header "X-Powered-By" should not be present'],
    run: (world, given) =>
      expectThat(
        headerOf(world, given.text(0)) === undefined,
        `no ${given.text(0)}`,
        seenOf(world, given.text(0)),
      ),
  },
  {
    expression: 'I should get a location of {string}',
    kind: 'assertion',
    group,
    about: 'The Location as it was sent, or as the whole address that it means.',
    example: ['Then I should get a location of "https://www.example.org/new"'],
    run: (world, given) => location(world, given.text(0)),
  },
  {
    expression: 'I should end at {string}',
    kind: 'assertion',
    group,
    about: 'The address that answered, after redirects; a path is one of where it is run against.',
    example: ['Then I should end at "/new"'],
    run: (world, given) =>
      expectThat(
        world.seen.url === world.address(given.text(0)).href,
        `an answer of ${given.text(0)}`,
        `${world.seen.url} answered`,
      ),
  },
  {
    expression: 'there should be at most {int} redirect(s)',
    kind: 'assertion',
    group,
    about: 'On the way of the last visit.',
    example: ['Then there should be at most 1 redirect'],
    run: ({ seen }, given) =>
      expectThat(
        seen.through.length <= given.number(0),
        `at most ${given.number(0)} redirects`,
        `there were ${seen.through.length}: ${[...seen.through, seen.url].join(' -> ')}`,
      ),
  },
];
