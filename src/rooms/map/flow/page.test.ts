import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtIn } from './built-in.ts';

const page = readFileSync(
  new URL('../../../../docs/reference/map-times.md', import.meta.url),
  'utf8',
);

test('the page names every fact that is built in', () => {
  const names = Object.values(builtIn)
    .flat()
    .filter(({ role }) => role === 'return' || role === 'again' || role === 'rollback')
    .map(({ on }) => `${on.subject}.${on.predicate}`);
  expect([...new Set(names)].filter((name) => !page.includes(name))).toEqual([]);
});
