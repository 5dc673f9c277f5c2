import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { type CompiledFile, compileRules } from './compile.ts';
import { readComplaints } from './compiler.ts';
import { doubling, type Folder, ruleFolder } from './rule-files.suite.ts';

let folder: Folder;
afterEach(() => folder?.remove());

async function compile(files: Readonly<Record<string, string>>): Promise<readonly CompiledFile[]> {
  folder = ruleFolder(files);
  return compileRules({ directory: folder.path, outDir: folder.outDir });
}

/** `name:line:column: message` of each problem of each file, by the file's name. */
function problems(compiled: readonly CompiledFile[]): Record<string, string[]> {
  const short = (path: string): string => path.replace(`${folder.path}/`, '');
  return Object.fromEntries(
    compiled.map((one) => [
      short(one.file),
      one.problems.map((p) => `${short(p.file)}:${p.line}:${p.column}: ${p.message}`),
    ]),
  );
}

test('a good file becomes a module', async () => {
  const [compiled] = await compile({ 'a.ts': doubling('a', 'x') });
  expect(compiled).toMatchObject({ file: join(folder.path, 'a.ts'), problems: [] });
  expect(existsSync(fileURLToPath(compiled?.module ?? ''))).toBe(true);
});

test('a type error is told with file, line and column, and takes nobody with it', async () => {
  const wrong = doubling('b', 'x').replace('.map(', '.mop(');
  const compiled = await compile({ 'a.ts': doubling('a', 'x'), 'b.ts': wrong });
  const text = "b.ts:6:6: Property 'mop' does not exist on type 'Stream'.";
  expect(problems(compiled)).toMatchObject({ 'a.ts': [], 'b.ts': [text, expect.anything()] });
  expect(compiled.map((one) => one.module !== undefined)).toEqual([true, false]);
});

test('a syntax error in one file hides no type error in another', async () => {
  const compiled = await compile({
    'a.ts': doubling('a', 'x'),
    'syntax.ts': 'const x = ;\n',
    'types.ts': 'export const n: number = "one";\n',
  });
  expect(problems(compiled)).toEqual({
    'a.ts': [],
    'syntax.ts': ['syntax.ts:1:11: Expression expected.'],
    'types.ts': ["types.ts:1:14: Type 'string' is not assignable to type 'number'."],
  });
});

test('who imports a file with problems has them too', async () => {
  const importing = (rule: string) =>
    `import { limit } from './parts/limit.ts';\n${doubling(rule, 'x').replace('* 2', '* limit')}`;
  const files = { 'a.ts': importing('a'), 'b.ts': importing('b'), 'c.ts': doubling('c', 'x') };
  const good = await compile({ ...files, 'parts/limit.ts': 'export const limit = 3;\n' });
  expect(problems(good)).toEqual({ 'a.ts': [], 'b.ts': [], 'c.ts': [] });
  folder.write('parts/limit.ts', 'export const limit = ;\n');
  const bad = await compileRules({ directory: folder.path, outDir: folder.outDir });
  const said = ['parts/limit.ts:1:22: Expression expected.'];
  expect(problems(bad)).toEqual({ 'a.ts': said, 'b.ts': said, 'c.ts': [] });
});

test('tests and declarations beside rules are no rules', async () => {
  const compiled = await compile({
    'a.ts': doubling('a', 'x'),
    'a.test.ts': 'this is not even TypeScript',
    'a.d.ts': 'export {};',
    'readme.md': '',
  });
  expect(Object.keys(problems(compiled))).toEqual(['a.ts']);
});

test('the digest of a file changes with what it imports, and only then', async () => {
  const text = `import { by } from './by.ts';\n${doubling('a', 'x').replace('* 2', '* by')}`;
  const digests = async (): Promise<unknown> =>
    (await compileRules({ directory: folder.path, outDir: folder.outDir })).map(
      (one) => one.digest,
    );
  folder = ruleFolder({ 'a.ts': text, 'by.ts': 'export const by = 2;\n', 'c.ts': '' });
  const [a, by, c] = (await digests()) as string[];
  expect(await digests()).toEqual([a, by, c]);
  folder.write('by.ts', 'export const by = 3;\n');
  const [a2, by2, c2] = (await digests()) as string[];
  expect([a2 === a, by2 === by, c2 === c]).toEqual([false, false, true]);
});

test('files given by name, also those that are not there', async () => {
  folder = ruleFolder({ 'a.test.ts': "import { world } from 'territory/rules/test';\nworld;\n" });
  const files = [join(folder.path, 'a.test.ts'), join(folder.path, 'none.ts')];
  const compiled = await compileRules({ files, outDir: folder.outDir });
  expect(problems(compiled)).toEqual({
    'a.test.ts': [],
    'none.ts': ['none.ts:1:1: there is no such file'],
  });
});

test('nothing of Node is there but a console', async () => {
  const compiled = await compile({ 'a.ts': 'console.log(1);\nprocess.exit();\n' });
  expect(problems(compiled)['a.ts']).toMatchObject([/^a.ts:2:1: Cannot find name 'process'/]);
});

test('an import without its ending, which Node would not find', async () => {
  const text = "const one = 1;\nimport { n } from './n';\nconsole.log(one, n);\n";
  const compiled = await compile({ 'a.ts': text, 'n.ts': 'export const n = 1;\n' });
  expect(problems(compiled)).toEqual({
    'a.ts': ['a.ts:2:19: write the import with its ending: "./n.ts"'],
    'n.ts': [],
  });
});

test('reads what the compiler prints', () => {
  const output =
    "a (1)/b.ts(3,7): error TS2322: Type 'A' is wrong.\n  Because of B.\nFound 1 error.\n";
  expect(readComplaints(output)).toEqual([
    {
      file: '/a (1)/b.ts',
      line: 3,
      column: 7,
      message: "Type 'A' is wrong.\n  Because of B.",
      syntax: false,
    },
  ]);
});
