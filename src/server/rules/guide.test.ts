import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { afterAll, expect, test } from 'vitest';
import { compileRules } from './loading/compile.ts';
import { loadRuleFile } from './loading/load.ts';
import { ruleFolder } from './loading/rule-files.suite.ts';

const unregister = register();
afterAll(unregister);

/** The files of the guide: each block of code says its name in its first line. */
function files(): Readonly<Record<string, string>> {
  const guide = join(import.meta.dirname, '../../../docs/guides/rules.md');
  const blocks = readFileSync(guide, 'utf8').matchAll(/```ts\n\/\/ \S*?\/rules\/(\S+)\n(.*?)```/gs);
  return Object.fromEntries([...blocks].map(([, name = '', text = '']) => [name, text]));
}

test('the rules of the guide can be used', async () => {
  const folder = ruleFolder(files());
  const compiled = await compileRules({ directory: folder.path, outDir: folder.outDir });
  expect(compiled.map(({ problems }) => problems)).toEqual([[]]);
  const [checkout] = compiled;
  const rules = await loadRuleFile(checkout?.module ?? '', checkout?.file ?? '');
  expect(rules.map(({ name }) => name)).toEqual(['checkout-errors']);
  folder.remove();
});
