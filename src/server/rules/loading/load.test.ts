import { register } from 'tsx/esm/api';
import { afterAll, afterEach, expect, test } from 'vitest';
import { compileRules } from './compile.ts';
import { type LoadedRule, loadRuleFile } from './load.ts';
import { doubling, type Folder, ruleFolder } from './rule-files.suite.ts';

// Rule files import the language as the server runs it; here from sources.
const unregister = register();
afterAll(unregister);

let folder: Folder;
afterEach(() => folder?.remove());

/** The rules of the first file. */
async function load(files: Readonly<Record<string, string>>): Promise<readonly LoadedRule[]> {
  folder = ruleFolder(files);
  const [first] = await compileRules({ directory: folder.path, outDir: folder.outDir });
  expect(first?.problems).toEqual([]);
  return loadRuleFile(first?.module ?? '', first?.file ?? '');
}

/** What loading the first file throws, as `name:line:column: message`. */
async function failure(files: Readonly<Record<string, string>>): Promise<string> {
  const error: unknown = await load(files).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const { details, message, code } = error as {
    code: string;
    message: string;
    details: { file: string; line: number; column: number };
  };
  expect(code).toBe('TERR_RULES_LOAD');
  const { file, line, column } = details;
  return `${file.replace(`${folder.path}/`, '')}:${line}:${column}: ${message}`;
}

const heading = "import { events, rule } from 'territory/rules';\n";

test('gives the rules with their lines', async () => {
  const rules = await load({
    'a.ts': doubling('a', 'x') + doubling('b', 'y').replace(/^.*\n/, ''),
  });
  expect(rules.map(({ name, line }) => [name, line])).toEqual([
    ['a', 3],
    ['b', 10],
  ]);
  expect(rules[0]?.ends[0]?.op).toBe('emit');
});

test('two files may import a third', async () => {
  const text = `import { by } from './parts/by.ts';\n${doubling('a', 'x').replace('* 2', '* by')}`;
  const files = { 'a.ts': text, 'b.ts': text, 'parts/by.ts': 'export const by = 2;\n' };
  expect(await load(files)).toMatchObject([{ name: 'a', line: 4 }]);
});

test('what a file throws is told with its place', async () => {
  expect(await failure({ 'a.ts': `${heading}\nthrow new TypeError('none today');\n` })).toBe(
    'a.ts:3:7: TypeError: none today',
  );
});

test('what an imported file throws is told with the place in that', async () => {
  const files = {
    'a.ts': "import './parts/bad.ts';\n",
    'parts/bad.ts': "\n  throw new Error('not here');\n",
  };
  expect(await failure(files)).toBe('parts/bad.ts:2:9: not here');
});

test('a throw of something that is no error', async () => {
  expect(await failure({ 'a.ts': "throw 'a text';\n" })).toBe('a.ts:1:1: it threw "a text"');
});

test('two rules of one name: the place of the second', async () => {
  const files = { 'a.ts': doubling('a', 'x') + doubling('a', 'y').replace(/^.*\n/, '') };
  expect(await failure(files)).toBe('a.ts:10:1: there is a rule "a" already: give it another name');
});

test('an operator that cannot work with what it was given', async () => {
  const file = `${heading}
rule('a', () =>
  events
    .by('host')
    .rate('0s')
    .emit({ name: 'x' }),
);
`;
  expect(await failure({ 'a.ts': file })).toMatch(/^a.ts:6:6: .*"0s" is no duration/);
});

test('a query that is not written correctly: the place of the call, the column in the query', async () => {
  const file = `${heading}\nrule('a', () => events.where('name == "x"').emit({ name: 'x' }));\n`;
  expect(await failure({ 'a.ts': file })).toMatch(/^a.ts:3:24: in the query, column 6: /);
});

test('streams that cannot be joined: the place of the rule', async () => {
  const file = `import { events, ratio, rule } from 'territory/rules';
const a = events.by('host').rate('1m');
  rule('a', () => ratio(a, events.by('service').rate('1m')).emit({ name: 'x' }));
`;
  expect(await failure({ 'a.ts': file })).toMatch(/^a.ts:3:3: .*\b(by|ratio)\b/);
});

test('a changed file is loaded anew', async () => {
  await load({ 'a.ts': doubling('a', 'x') });
  folder.write('a.ts', doubling('z', 'x'));
  const [again] = await compileRules({ directory: folder.path, outDir: folder.outDir });
  const rules = await loadRuleFile(again?.module ?? '', again?.file ?? '');
  expect(rules.map(({ name }) => name)).toEqual(['z']);
});
