import { randomUUID } from 'node:crypto';
import { Failed, Unknown } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { pageOf } from './html.ts';
import { type Step, anAnswer, giving, needing } from './step.ts';
import { answers, visit } from './visit.ts';

/** Visits of one step. */
const mostVisits = 100;

async function visitEach(world: World, table: readonly (readonly string[])[]): Promise<void> {
  const wrong: string[] = [];
  for (const [path = ''] of table) {
    // oxlint-disable-next-line no-await-in-loop -- in their order, one after the other
    const { status } = await visit(world, { path });
    if (status !== 200) wrong.push(`${path} answers ${status}`);
  }
  if (wrong.length > 0) throw new Failed(`expected 200 of each; ${wrong.join(', ')}`);
}

async function visitTimes(world: World, path: string, times: number): Promise<void> {
  if (times < 1 || times > mostVisits)
    throw new Unknown(`it can be visited 1 to ${mostVisits} times in a step`);
  const all = [];
  for (let n = 0; n < times; n++)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    all.push(await visit(world, { path }));
  world.part(answers).all = all;
}

/** Follows a link of the page that was answered, as one who clicks on it. */
async function follow(world: World, words: string): Promise<void> {
  const { url, body } = world.seen;
  const { links, base } = pageOf(body);
  const link = links.find((one) => one.words === words);
  if (!link) {
    const there = links.slice(0, 20).map((one) => `"${one.words.slice(0, 80)}"`);
    const seen = there.length === 0 ? 'there is none' : `there are ${there.join(', ')}`;
    throw new Failed(`expected a link "${words}" in ${url}; ${seen}`);
  }
  const at = base === undefined ? url : new URL(base, url).href;
  if (!URL.canParse(link.href, at)) throw new Failed(`the link "${words}" leads to ${link.href}`);
  await visit(world, { path: new URL(link.href, at).href });
}

async function upload(world: World, file: string, field: string, path: string): Promise<void> {
  const read = world.surroundings.file;
  if (!read) throw new Unknown(`"${file}" can not be read here: there are no files`);
  const text = await read(file);
  // What is in quotes in a header (HTML, "multipart form data").
  const quoted = (name: string): string =>
    name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const name = file.split('/').at(-1) ?? file;
  const boundary = `territory-${randomUUID()}`;
  const body = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${quoted(field)}"; filename="${quoted(name)}"`,
    'Content-Type: application/octet-stream',
    '',
    text,
    `--${boundary}--`,
    '',
  ].join('\r\n');
  await visit(world, {
    method: 'POST',
    path,
    body,
    type: `multipart/form-data; boundary=${boundary}`,
  });
}

/** The way a form is sent: its fields, and where it leads is gone to. */
async function post(
  world: World,
  path: string,
  table: readonly (readonly string[])[],
): Promise<void> {
  const fields = table.map(([name = '', value = '']): [string, string] => [name, value]);
  const body = new URLSearchParams(fields).toString();
  await visit(world, { method: 'POST', path, body, type: 'application/x-www-form-urlencoded' });
}

/** JSON where it looks like it. */
const typeOf = (body: string): string =>
  /^\s*[[{]/.test(body) ? 'application/json' : 'text/plain';

const group = 'HTTP';

/** Requests. */
export const httpSteps: readonly Step[] = [
  ...giving(anAnswer, [
    {
      expression: 'I visit/request {string}',
      kind: 'action',
      group,
      about: 'Asks for it and follows redirects, at most 10.',
      example: ['When I visit "/"'],
      run: async (world, given) => void (await visit(world, { path: given.text(0) })),
    },
    {
      expression: 'I visit/request {string} without following redirects',
      kind: 'action',
      group,
      about: 'Asks for it; the answer is what came, also where it leads elsewhere.',
      example: ['When I visit "/old" without following redirects'],
      run: async (world, given) =>
        void (await visit(world, { path: given.text(0), follow: false })),
    },
    {
      expression: 'I visit/request {string} {int} times',
      kind: 'action',
      group,
      about:
        'One visit after the other, at most 100. Steps are about the last answer, but those that say "every answer".',
      example: ['When I visit "/" 5 times'],
      run: async (world, given) => visitTimes(world, given.text(0), given.number(1)),
    },
    {
      expression: 'I send a {word} request to {string}',
      kind: 'action',
      group,
      about: 'As visiting, with another method. Redirects are not followed.',
      example: ['When I send a HEAD request to "/"'],
      run: async (world, given) =>
        void (await visit(world, { method: given.text(0), path: given.text(1), follow: false })),
    },
    {
      expression: 'I send a {word} request to {string} with the body:',
      kind: 'action',
      group,
      about:
        'The text below it is the body: JSON where it begins with `{` or `[`, else plain text.',
      example: [
        'When I send a POST request to "/search" with the body:',
        '  """',
        '  {"q": "tea"}',
        '  """',
      ],
      takes: 'text',
      run: async (world, given) => {
        const { block: body } = given;
        const [method, path] = [given.text(0), given.text(1)];
        await visit(world, { method, path, body, type: typeOf(body), follow: false });
      },
    },
    {
      expression: 'I post the form to {string}:',
      kind: 'action',
      group,
      about: 'Each row is a field and its value. Redirects are followed.',
      example: ['When I post the form to "/search":', '  | q | tea |'],
      takes: 'table',
      run: async (world, given) => post(world, given.text(0), given.table),
    },
    {
      expression: 'I upload the file {string} as {string} to {string}',
      kind: 'action',
      group,
      about:
        'A file of text beside the feature, in the field of this name, as a form does. Redirects are followed.',
      example: ['When I upload the file "orders.csv" as "file" to "/import"'],
      run: async (world, given) => upload(world, given.text(0), given.text(1), given.text(2)),
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
  ]),
  ...needing(anAnswer, [
    {
      expression: 'I follow the link {string}',
      kind: 'action',
      group,
      about:
        'The first link of the page with these words, or with this `aria-label`. Links that scripts make are for steps of the browser.',
      example: ['When I follow the link "Next page"'],
      run: async (world, given) => follow(world, given.text(0)),
    },
  ]),
];
