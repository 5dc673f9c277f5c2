import { Failed, Unknown } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { cachedBy } from './cached.ts';
import { matching } from './matching.ts';
import { type Step, anAnswer, expectThat, needing, shown } from './step.ts';
import { answers } from './visit.ts';

function everyAnswer(world: World, status: number): void {
  const { all } = world.part(answers);
  const wrong = all.flatMap((one, i) =>
    one.status === status ? [] : [`${one.status} (${i + 1}.)`],
  );
  const seen = `of ${all.length} answers of ${world.seen.url}: ${wrong.slice(0, 20).join(', ')}`;
  expectThat(wrong.length === 0, `the status ${status} of every answer`, seen);
}

function expectCache(world: World, wanted: 'hit' | 'miss'): void {
  const is = cachedBy(world.seen);
  const { url, headers } = world.seen;
  if (is === undefined)
    throw new Unknown(
      `no header of ${url} says whether it came out of a cache: ${Object.keys(headers).join(', ')}`,
    );
  expectThat(is === wanted, `a cache ${wanted}`, `${url} is a ${is}`);
}

function contentLength(world: World, wanted: number): void {
  const { url, headers, size } = world.seen;
  const said = headers['content-length'];
  if (said === undefined)
    throw new Failed(`expected ${wanted} bytes; ${url} does not say, and sent ${size}`);
  expectThat(Number(said) === wanted, `${wanted} bytes`, `${url} says ${said}`);
}

/** `200, 204 or 301`. */
const statusesIn = (text: string): readonly number[] =>
  Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits));

const group = 'HTTP';

const status: readonly Step[] = [
  {
    expression: 'I should get a(n) {int} status code',
    kind: 'assertion',
    group,
    about: 'The status of the answer.',
    example: ['Then I should get a 200 status code'],
    run: (world, given) => {
      const wanted = given.number(0);
      expectThat(world.seen.status === wanted, `the status ${wanted}`, shown(world));
    },
  },
  {
    expression: 'I should get a(n) {statuses} status code',
    kind: 'assertion',
    group,
    about: 'One of these.',
    example: ['Then I should get a 200, 204 or 301 status code'],
    run: (world, given) => {
      const holds = statusesIn(given.text(0)).includes(world.seen.status);
      expectThat(holds, `the status ${given.text(0)}`, shown(world));
    },
  },
  {
    expression: 'I should get a {statusclass} status code',
    kind: 'assertion',
    group,
    about: 'Any status of this class.',
    example: ['Then I should get a 2xx status code'],
    run: (world, given) => {
      const holds = String(world.seen.status)[0] === given.text(0)[0];
      expectThat(holds, `a status ${given.text(0)}`, shown(world));
    },
  },
  {
    expression: 'every answer should have the status {int}',
    kind: 'assertion',
    group,
    about: 'Of several visits, as one of many servers may be the one that is ill.',
    example: ['Then every answer should have the status 200'],
    run: (world, given) => everyAnswer(world, given.number(0)),
  },
];

const body: readonly Step[] = [
  {
    expression: 'I should see {string}',
    kind: 'assertion',
    group,
    about: 'The body has this text.',
    example: ['Then I should see "Welcome"'],
    run: (world, given) => {
      const text = given.text(0);
      expectThat(world.seen.body.includes(text), `"${text}"`, shown(world));
    },
  },
  {
    expression: 'I should not see {string}',
    kind: 'assertion',
    group,
    about: 'The body has no such text.',
    example: ['Then I should not see "Error"'],
    run: (world, given) => {
      const text = given.text(0);
      expectThat(!world.seen.body.includes(text), `no "${text}"`, shown(world));
    },
  },
  {
    expression: 'I should see text matching {regex}',
    kind: 'assertion',
    group,
    about: 'Some of the body matches. An expression may take 250 ms.',
    example: ['Then I should see text matching /release_[0-9]+/'],
    run: (world, given) => {
      const expression = given.expression(0);
      const holds = matching(expression, world.seen.body) !== undefined;
      expectThat(holds, `text matching ${expression.toString()}`, shown(world));
    },
  },
  {
    expression: 'I should not see text matching {regex}',
    kind: 'assertion',
    group,
    about: 'Nothing of the body matches. An expression may take 250 ms.',
    example: ['Then I should not see text matching /Warning: .* on line/'],
    run: (world, given) => {
      const expression = given.expression(0);
      const found = matching(expression, world.seen.body);
      const seen = `${world.seen.url} has "${found?.[0]?.slice(0, 300) ?? ''}"`;
      expectThat(found === undefined, `no text matching ${expression.toString()}`, seen);
    },
  },
  {
    expression: 'the body should be smaller than {size}',
    kind: 'assertion',
    group,
    about: 'Bytes as they came, compressed or not.',
    example: ['Then the body should be smaller than 100 kB'],
    run: (world, given) => {
      const { size, url } = world.seen;
      const limit = given.number(0);
      world.performance.push({ label: 'size', value: size, unit: 'B', critical: limit, min: 0 });
      expectThat(size < limit, `fewer than ${limit} bytes`, `${url} answered with ${size}`);
    },
  },
  {
    expression: 'the body should be larger than {size}',
    kind: 'assertion',
    group,
    about: 'Bytes as they came: nothing is cut off, or empty.',
    example: ['Then the body should be larger than 1 kB'],
    run: (world, given) => {
      const { size, url } = world.seen;
      const limit = given.number(0);
      expectThat(size > limit, `more than ${limit} bytes`, `${url} answered with ${size}`);
    },
  },
  {
    expression: 'the content length should be {int}',
    kind: 'assertion',
    group,
    about: 'As the header says it, in bytes; a HEAD request has it too.',
    example: ['Then the content length should be 1024'],
    run: (world, given) => contentLength(world, given.number(0)),
  },
  {
    expression: 'the response should be compressed',
    kind: 'assertion',
    group,
    about: 'It has a Content-Encoding; gzip, br and deflate are asked for.',
    example: ['Then the response should be compressed'],
    run: (world) => expectThat(world.seen.compressed, 'a compressed body', shown(world)),
  },
  ...(['hit', 'miss'] as const).map((word): Step => ({
    expression: `I should get a cache ${word}`,
    kind: 'assertion',
    group,
    about:
      word === 'hit'
        ? 'It came out of a cache, as its headers say: Cache-Status, X-Cache and its like, X-Varnish, Age. Unknown where none says.'
        : 'It did not come out of a cache, as its headers say. Unknown where none says.',
    example: [`Then I should get a cache ${word}`],
    run: (world) => expectCache(world, word),
  })),
];

/** What is said of status, text, size and caches of an answer. */
export const answerSteps: readonly Step[] = needing(anAnswer, [...status, ...body]);
