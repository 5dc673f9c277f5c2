import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { definedErrors } from '../src/errors/coded-error.ts';

const root = join(import.meta.dirname, '..');

test('docs/errors.md has a paragraph on every code, and on no other', async () => {
  const defining = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      !/\.(test|suite)\.ts$/.test(file) &&
      readFileSync(join(root, 'src', file), 'utf8').includes("= defineErrors('"),
  );
  expect(defining.length).toBeGreaterThan(5);
  await Promise.all(defining.map((file) => import(pathToFileURL(join(root, 'src', file)).href)));
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  const described = [...page.matchAll(/^## (TERR_\w+)\n+(?!#)\S/gm)].map(([, code]) => code);
  expect(new Set(described)).toEqual(new Set(definedErrors.keys()));
  expect(described).toHaveLength(definedErrors.size);
});
