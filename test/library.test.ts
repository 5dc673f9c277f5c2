import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { buildForTests, runCli } from '../src/cli/running.suite.ts';

vi.setConfig({ testTimeout: 120_000 });
buildForTests();

const root = join(import.meta.dirname, '..');

test.each([
  ['ready rule', 'library', 20],
  ['rule of the example', 'examples/newsroom/territory/rules', 25],
])('every %s has its test, and passes it as users run it', async (_, folder, atLeast) => {
  const path = join(root, folder);
  const files = readdirSync(path);
  const rules = files.filter((name) => !name.endsWith('.test.ts'));
  expect(files.filter((name) => name.endsWith('.test.ts'))).toEqual(
    rules.map((name) => name.replace(/\.ts$/, '.test.ts')),
  );
  const { code, out, err } = await runCli(['rules', 'test', path]);
  expect(out + err).toMatch(/^\d+ tests passed$/m);
  expect(Number(/^(\d+) tests passed$/m.exec(out + err)?.[1])).toBeGreaterThanOrEqual(atLeast);
  expect(code).toBe(0);
});
