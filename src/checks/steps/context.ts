import { setTimeout as wait } from 'node:timers/promises';
import { Cookies } from '../run/cookies.ts';
import { Failed, Unknown } from '../run/failed.ts';
import { send } from '../run/http.ts';
import type { World } from '../run/world.ts';
import type { Step } from './step.ts';

/** An address is taken; a name is an application: its own address, or where the scenario is run against. */
function test(world: World, what: string): void {
  const address = world.surroundings.application?.(what);
  if (/^https?:\/\//.test(what)) world.base = what;
  else if (address !== undefined) world.base = address;
  else if (world.base === undefined)
    throw new Unknown(`where "${what}" is is not known here; give --base`);
}

/** Asks until it is well, as long as the step may take. */
async function awaited(
  world: World,
  path: string,
  isWell: (status: number) => boolean,
): Promise<void> {
  let last = 'nothing yet';
  while (!world.signal.aborted) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- asked until it answers
      const answer = await send(world, { method: 'GET', path, follow: false });
      if (isWell(answer.status)) return;
      last = `${answer.url} answers ${answer.status}`;
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      last = error.message;
    }
    // oxlint-disable-next-line no-await-in-loop -- asked until it answers
    await wait(200, undefined, { signal: world.signal }).catch(() => undefined);
  }
  throw new Failed(`it did not boot in time: ${last}`);
}

const group = 'Context';

/** What a scenario is run with. */
export const contextSteps: readonly Step[] = [
  {
    expression: 'I am testing {string}',
    kind: 'context',
    group,
    about:
      'Paths are relative to this address. The name of an application stands for where the scenario is run against.',
    example: ['Given I am testing "https://www.example.org"'],
    run: (world, given) => test(world, given.text(0)),
  },
  ...['internally', 'through the full stack'].map((way): Step => ({
    expression: `I am testing {string} ${way}`,
    kind: 'context',
    group,
    about: 'As without these words: it is asked where the scenario is run against.',
    example: [`Given I am testing "shop" ${way}`],
    run: (world, given) => test(world, given.text(0)),
  })),
  {
    expression: 'the {string} application has booted',
    kind: 'context',
    group,
    about: 'Waits until `/` answers with a status below 500, as long as the timeout.',
    example: ['Given the "shop" application has booted'],
    run: async (world, given) => {
      test(world, given.text(0));
      await awaited(world, '/', (status) => status < 500);
    },
  },
  {
    expression: 'the {string} application is ready at {string}',
    kind: 'context',
    group,
    about: 'Waits until this path answers with a status of 2xx, as long as the timeout.',
    example: ['Given the "shop" application is ready at "/healthz"'],
    run: async (world, given) => {
      test(world, given.text(0));
      await awaited(world, given.text(1), (status) => status >= 200 && status < 300);
    },
  },
  {
    expression: 'the timeout is {duration}',
    kind: 'context',
    group,
    about: 'How long each step that follows may take; 10 s unless it is said.',
    example: ['Given the timeout is 5 s'],
    run: (world, given) => {
      world.timeout = given.number(0);
    },
  },
  {
    expression: 'I set header {string} to {string}',
    kind: 'context',
    group,
    about:
      'For each request that follows, to the server that is tested, or else the first that is asked: no other is told it.',
    example: ['Given I set header "Accept" to "application/json"'],
    run: (world, given) => void world.headers.set(given.text(0).toLowerCase(), given.text(1)),
  },
  {
    expression: 'I set header {string} to the secret {string}',
    kind: 'context',
    group,
    about: 'The value is given where it is run, by its name, and is shown nowhere.',
    example: ['Given I set header "X-Api-Key" to the secret "SHOP_KEY"'],
    run: (world, given) =>
      void world.headers.set(given.text(0).toLowerCase(), world.secret(given.text(1))),
  },
  {
    expression: 'I am authenticated as {string}',
    kind: 'context',
    group,
    about: 'By the secret of this name: `user:password`, or else a bearer token.',
    example: ['Given I am authenticated as "SMOKE_USER"'],
    run: (world, given) => {
      const secret = world.secret(given.text(0));
      const basic = Buffer.from(secret).toString('base64');
      world.hide(basic);
      const value = secret.includes(':') ? `Basic ${basic}` : `Bearer ${secret}`;
      world.headers.set('authorization', value);
    },
  },
  {
    expression: 'I connect to {string} with host {string}',
    kind: 'context',
    group,
    about: 'Goes to the first address and asks for the second name, as Host and in TLS.',
    example: ['Given I connect to "https://192.0.2.7" with host "www.example.org"'],
    run: (world, given) => {
      world.base = given.text(0);
      world.host = given.text(1);
    },
  },
  {
    expression: 'I trust the certificate authority:',
    kind: 'context',
    group,
    about: 'Trusts this one (PEM) in place of the known ones.',
    example: [
      'Given I trust the certificate authority:',
      '  """',
      '  -----BEGIN CERTIFICATE-----',
      '  """',
    ],
    takes: 'text',
    run: (world, given) => {
      world.authority = given.block;
    },
  },
  {
    expression: 'I trust the certificate authority in {string}',
    kind: 'context',
    group,
    about: 'As above, in a file beside the feature.',
    example: ['Given I trust the certificate authority in "staging-ca.pem"'],
    run: async (world, given) => {
      const { file } = world.surroundings;
      if (!file) throw new Unknown(`"${given.text(0)}" can not be read here: there are no files`);
      world.authority = await file(given.text(0));
    },
  },
  {
    expression: 'I force a cache miss',
    kind: 'context',
    group,
    about: 'Sends `Cache-Control: no-cache` and `Pragma: no-cache`.',
    example: ['Given I force a cache miss'],
    run: (world) => {
      world.headers.set('cache-control', 'no-cache').set('pragma', 'no-cache');
    },
  },
  {
    expression: 'I keep cookies',
    kind: 'context',
    group,
    about: 'Those of answers are sent along with the requests that follow, as a browser does.',
    example: ['Given I keep cookies'],
    run: (world) => {
      world.cookies ??= new Cookies();
    },
  },
];
