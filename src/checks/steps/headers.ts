import { type Cookie, cookieOf } from '../run/cookies.ts';
import type { World } from '../run/world.ts';
import { matching } from './matching.ts';
import { type Step, anAnswer, expectThat, needing } from './step.ts';

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

const cookiesOf = (world: World): readonly Cookie[] =>
  [world.seen.headers['set-cookie'] ?? []].flat().flatMap((line) => cookieOf(line) ?? []);

const group = 'Headers and redirects';

/** What is said of the headers of an answer, and of the way to it. */
export const headerSteps: readonly Step[] = needing(anAnswer, [
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
    expression: 'the header {string} should match {regex}',
    kind: 'assertion',
    group,
    about: 'Some of the value matches.',
    example: ['Then the header "Cache-Control" should match /max-age=[1-9]/'],
    run: (world, given) => {
      const expression = given.expression(1);
      const value = headerOf(world, given.text(0));
      expectThat(
        value !== undefined && matching(expression, value) !== undefined,
        `${given.text(0)} matching ${expression.toString()}`,
        seenOf(world, given.text(0)),
      );
    },
  },
  {
    expression: 'the header {string} should not contain {string}',
    kind: 'assertion',
    group,
    about: 'There is no such header, or its value has not got this text in it.',
    example: ['Then the header "Server" should not contain "Apache/2.2"'],
    run: (world, given) =>
      expectThat(
        headerOf(world, given.text(0))?.includes(given.text(1)) !== true,
        `${given.text(0)} without ${given.text(1)}`,
        seenOf(world, given.text(0)),
      ),
  },
  {
    expression: 'the header {string} should be less than {duration} old',
    kind: 'assertion',
    group,
    about: 'A date, such as Last-Modified has: what is served is made anew.',
    example: ['Then the header "Last-Modified" should be less than 1 day old'],
    run: (world, given) => {
      const at = Date.parse(headerOf(world, given.text(0)) ?? '');
      const limit = given.number(1);
      expectThat(
        Date.now() - at < limit,
        `${given.text(0)} less than ${limit / 1000} s ago`,
        seenOf(world, given.text(0)),
      );
    },
  },
  {
    expression: 'the content type should be {string}',
    kind: 'assertion',
    group,
    about: 'Without its parameters, such as the character set.',
    example: ['Then the content type should be "application/json"'],
    run: (world, given) =>
      expectThat(
        headerOf(world, 'content-type')?.split(';')[0]?.trim().toLowerCase() ===
          given.text(0).toLowerCase(),
        `the content type ${given.text(0)}`,
        seenOf(world, 'content-type'),
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
  {
    expression: 'I should get the cookie {string}',
    kind: 'assertion',
    group,
    about: 'The answer sets it.',
    example: ['Then I should get the cookie "session"'],
    run: (world, given) => {
      const names = cookiesOf(world).map(({ name }) => name);
      const seen = `${world.seen.url} sets ${names.join(', ') || 'none'}`;
      expectThat(names.includes(given.text(0)), `the cookie ${given.text(0)}`, seen);
    },
  },
  {
    expression: 'every cookie should be Secure and HttpOnly',
    kind: 'assertion',
    group,
    about: 'Of those that the answer sets: sent by https alone, and not given to scripts.',
    example: ['Then every cookie should be Secure and HttpOnly'],
    run: (world) => {
      const wrong = cookiesOf(world).filter((one) => !one.isSecure || !one.isHttpOnly);
      const names = wrong.map(({ name }) => name).join(', ');
      expectThat(wrong.length === 0, 'each cookie Secure and HttpOnly', `not so: ${names}`);
    },
  },
]);
