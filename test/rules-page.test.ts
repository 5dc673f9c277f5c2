import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operators } from '../src/rules/operators/table.ts';
import { type CompiledFile, compileRules } from '../src/server/rules/loading/compile.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/reference/rules.md'), 'utf8');

/** What stands in the fenced blocks of a kind. */
function blocks(kind: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${kind}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}

const [prelude = ''] = blocks('ts prelude');
/** Each under the name of its rule. */
const examples = blocks('ts').map(
  (text) => [/rule\('([\w-]+)'/.exec(text)?.[1] ?? '', text] as const,
);

// What is compiled imports the language as the server runs it; here from sources.
const unregister = register();
const dir = mkdtempSync(join(tmpdir(), 'territory-rules-page-'));
let compiled: readonly CompiledFile[];
beforeAll(async () => {
  const files = examples.map(([, text], i) => {
    const file = join(dir, `example-${i}.ts`);
    writeFileSync(file, `${prelude}${text}`);
    return file;
  });
  compiled = await compileRules({ files, outDir: join(dir, 'out') });
});
afterAll(async () => {
  await unregister();
  rmSync(dir, { recursive: true });
});

test('every operator has its section with an example', () => {
  const inner = ['events', 'branch'];
  const titles = [...page.matchAll(/^### `(\w+)\(/gm)].map(([, name]) => name);
  const all = [...operators.keys()].filter((op) => !inner.includes(op));
  expect(all.filter((op) => !titles.includes(op))).toEqual([]);
  for (const section of page.split(/^### /m).slice(1)) expect(section).toContain('```ts\n');
});

test.each(examples.map(([name], i) => [name, i] as const))('%s', async (_, i) => {
  expect(compiled[i]?.problems).toEqual([]);
  await import(compiled[i]?.module ?? '');
});
