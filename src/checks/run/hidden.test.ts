import { expect, test } from 'vitest';
import { Hidden } from './hidden.ts';

const odd = 'a"b\\c&d <e%f/g+h=Ü';

test.each([
  ['as it is', odd],
  ['in JSON', JSON.stringify({ odd })],
  ['in JSON in JSON', JSON.stringify(JSON.stringify({ odd }))],
  ['in an address', `/?q=${encodeURIComponent(odd)}`],
  ['in a form', new URLSearchParams({ odd }).toString()],
  ['in a page', '<p>a&quot;b\\c&amp;d &lt;e%f/g+h=Ü</p>'],
  ['as Basic has it', `Basic ${Buffer.from(odd).toString('base64')}`],
])('a secret is hidden %s', (_, text) => {
  const hidden = new Hidden();
  hidden.add(odd);
  expect(hidden.without(text)).toContain('***');
  expect(hidden.without(text)).not.toMatch(/g.{0,3}h|YSJiXG/);
});

test('one that begins as another does hides no less of it', () => {
  const hidden = new Hidden();
  hidden.add('key');
  hidden.add('key-of-all');
  expect(hidden.without('key-of-all, key')).toBe('***, ***');
});

test('what was cut within a secret ends before it', () => {
  const hidden = new Hidden();
  hidden.add('correct-horse');
  expect(hidden.without('it is "x correct-ho"')).toBe('it is "x ***"');
  expect(hidden.without('it is correct')).toBe('it is ***');
  expect(hidden.without('it is cor')).toBe('it is cor');
});

test('an empty one hides nothing', () => {
  const hidden = new Hidden();
  hidden.add('');
  expect(hidden.without('abc')).toBe('abc');
});
