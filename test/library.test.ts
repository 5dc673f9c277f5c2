import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { buildForTests, runCli } from '../src/cli/running.suite.ts';

vi.setConfig({ testTimeout: 120_000 });
buildForTests();

const library = join(import.meta.dirname, '../library');
const files = readdirSync(library);

test('every ready rule has its test, and passes it as users run it', async () => {
  const rules = files.filter((name) => !name.endsWith('.test.ts'));
  expect(files.filter((name) => name.endsWith('.test.ts'))).toEqual(
    rules.map((name) => name.replace(/\.ts$/, '.test.ts')),
  );
  const { code, out, err } = await runCli(['rules', 'test', library]);
  expect(out + err).toMatch(/^2\d tests passed$/m);
  expect(code).toBe(0);
});
