import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Event } from '../event.ts';
import { compileWhere } from './compile.ts';
import { parseWhere } from './parse.ts';

const page = readFileSync(new URL('../../../docs/reference/where.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')));
const matching = rows.filter((row) => row.length === 3 && /^(yes|no)$/.test(row[2] ?? ''));
const refused = rows.filter((row) => row.length === 2 && row[1]?.startsWith('column '));
const code = (cell = ''): string => cell.slice(1, -1);

test('the page has its tables', () => {
  expect(matching.length).toBeGreaterThan(20);
  expect(refused.length).toBeGreaterThan(5);
});

test.each(matching)('%s on %s: %s', (query, event, matches) => {
  const base: Event = { id: '1', time: 0, received: 0, type: 'metric', source: 'page' };
  const given = { ...base, ...(JSON.parse(code(event)) as Partial<Event>) };
  expect(compileWhere(parseWhere(code(query)))(given)).toBe(matches === 'yes');
});

test.each(refused)('%s is refused', (query, says) => {
  expect(() => parseWhere(code(query))).toThrow(says);
});
