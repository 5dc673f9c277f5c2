import { Failed } from '../run/failed.ts';
import { type Request, send } from '../run/http.ts';
import type { World } from '../run/world.ts';
import { type Step, expectThat, shown } from './step.ts';

async function visit(world: World, wanted: Partial<Request> & { readonly path: string }) {
  world.answer = undefined;
  world.answer = await send(world, { method: 'GET', follow: true, ...wanted });
}

async function visitEach(world: World, table: readonly (readonly string[])[]): Promise<void> {
  const wrong: string[] = [];
  for (const [path = ''] of table) {
    // oxlint-disable-next-line no-await-in-loop -- in their order, one after the other
    await visit(world, { path });
    const { status } = world.seen;
    if (status !== 200) wrong.push(`${path} answers ${status}`);
  }
  if (wrong.length > 0) throw new Failed(`expected 200 of each; ${wrong.join(', ')}`);
}

const group = 'HTTP';

/** Requests, and what is said of status, time and text of the answer. */
export const httpSteps: readonly Step[] = [
  {
    expression: 'I visit/request {string}',
    kind: 'action',
    group,
    about: 'Asks for it and follows redirects, at most 10.',
    example: ['When I visit "/"'],
    run: async (world, given) => visit(world, { path: given.text(0) }),
  },
  {
    expression: 'I visit/request {string} without following redirects',
    kind: 'action',
    group,
    about: 'Asks for it; the answer is what came, also where it leads elsewhere.',
    example: ['When I visit "/old" without following redirects'],
    run: async (world, given) => visit(world, { path: given.text(0), follow: false }),
  },
  {
    expression: 'I send a {word} request to {string}',
    kind: 'action',
    group,
    about: 'As visiting, with another method. Redirects are not followed.',
    example: ['When I send a HEAD request to "/"'],
    run: async (world, given) =>
      visit(world, { method: given.text(0), path: given.text(1), follow: false }),
  },
  {
    expression: 'I send a {word} request to {string} with the body:',
    kind: 'action',
    group,
    about: 'The text below it is the body: JSON where it begins with `{` or `[`, else plain text.',
    example: [
      'When I send a POST request to "/search" with the body:',
      '  """',
      '  {"q": "tea"}',
      '  """',
    ],
    takes: 'text',
    run: async (world, given) => {
      const type = /^\s*[[{]/.test(given.block) ? 'application/json' : 'text/plain';
      const [method, path] = [given.text(0), given.text(1)];
      await visit(world, { method, path, body: given.block, type, follow: false });
    },
  },
  {
    expression: 'I post the form to {string}:',
    kind: 'action',
    group,
    about: 'Each row is a field and its value. Redirects are followed.',
    example: ['When I post the form to "/search":', '  | q | tea |'],
    takes: 'table',
    run: async (world, given) => {
      const fields = given.table.map(([name = '', value = '']): [string, string] => [name, value]);
      const body = new URLSearchParams(fields).toString();
      const type = 'application/x-www-form-urlencoded';
      await visit(world, { method: 'POST', path: given.text(0), body, type });
    },
  },
  {
    expression: 'I should get a(n) {int} status code',
    kind: 'assertion',
    group,
    about: 'The status of the answer.',
    example: ['Then I should get a 200 status code'],
    run: (world, given) =>
      expectThat(
        world.seen.status === given.number(0),
        `the status ${given.number(0)}`,
        shown(world),
      ),
  },
  {
    expression: 'I should get a {statusclass} status code',
    kind: 'assertion',
    group,
    about: 'Any status of this class.',
    example: ['Then I should get a 2xx status code'],
    run: (world, given) =>
      expectThat(
        String(world.seen.status)[0] === given.text(0)[0],
        `a status ${given.text(0)}`,
        shown(world),
      ),
  },
  {
    expression: 'I should see {string}',
    kind: 'assertion',
    group,
    about: 'The body has this text.',
    example: ['Then I should see "Welcome"'],
    run: (world, given) =>
      expectThat(world.seen.body.includes(given.text(0)), `"${given.text(0)}"`, shown(world)),
  },
  {
    expression: 'I should not see {string}',
    kind: 'assertion',
    group,
    about: 'The body has no such text.',
    example: ['Then I should not see "Error"'],
    run: (world, given) =>
      expectThat(!world.seen.body.includes(given.text(0)), `no "${given.text(0)}"`, shown(world)),
  },
  {
    expression: 'I should see text matching {regex}',
    kind: 'assertion',
    group,
    about: 'Some of the body matches.',
    example: ['Then I should see text matching /release_[0-9]+/'],
    run: (world, given) =>
      expectThat(
        given.expression(0).test(world.seen.body),
        `text matching ${given.expression(0).toString()}`,
        shown(world),
      ),
  },
  {
    expression: 'I should be able to visit:',
    kind: 'assertion',
    group,
    about: 'Each row is visited and has to answer 200, after redirects.',
    example: ['Then I should be able to visit:', '  | /      |', '  | /about |'],
    takes: 'table',
    run: async (world, given) => visitEach(world, given.table),
  },
  {
    expression: 'the body should be smaller than {size}',
    kind: 'assertion',
    group,
    about: 'Bytes as they came, compressed or not.',
    example: ['Then the body should be smaller than 100 kB'],
    run: (world, given) =>
      expectThat(
        world.seen.size < given.number(0),
        `fewer than ${given.number(0)} bytes`,
        `${world.seen.url} answered with ${world.seen.size}`,
      ),
  },
  {
    expression: 'the response should be compressed',
    kind: 'assertion',
    group,
    about: 'It has a Content-Encoding; gzip, br and deflate are asked for.',
    example: ['Then the response should be compressed'],
    run: (world) => expectThat(world.seen.compressed, 'a compressed body', shown(world)),
  },
];
