import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSchedule } from '../src/rooms/gates/schedule/schedule.ts';
import { heard, happenings, typeOf } from '../src/rooms/gates/facts.ts';
import { rules } from '../src/rooms/gates/verdict.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/reference/gates.md'), 'utf8');
const guide = readFileSync(join(root, 'docs/guides/gates.md'), 'utf8');

test('every time of a window on the page can be read', () => {
  const [, section = ''] = page.split('## Times of windows');
  const blocks = [...section.matchAll(/```\n([^]*?)```/g)].map(([, text = '']) => text);
  const shown = blocks.flatMap((text) => text.trim().split('\n'));
  const inGuide = [...guide.matchAll(/window add \w+ \S+ "([^"]+)"/g)].map(([, text = '']) => text);
  expect(shown.length + inGuide.length).toBe(7);
  for (const text of [...shown, ...inGuide]) expect(() => parseSchedule(text)).not.toThrow();
});

test('the rules stand in their order', () => {
  const named = [...page.matchAll(/^\| `(\w+)` \| /gm)].map(([, name]) => name);
  expect(named.filter((name) => name !== 'all' && name !== 'production')).toEqual([...rules]);
});

test('every fact is on the page', () => {
  for (const prefix of heard) expect(page).toContain(prefix);
  for (const happening of happenings)
    expect(page).toContain(`.${typeOf(happening).split('.')[3] ?? ''}\``);
});
