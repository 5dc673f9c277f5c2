import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/server/config/load.ts';
import { templateFields } from '../src/server/notify/template.ts';

const guide = readFileSync(
  join(import.meta.dirname, '../docs/guides/alerts-and-notifications.md'),
  'utf8',
);
const examples = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);

test('the guide has examples', () => {
  expect(examples.length).toBeGreaterThan(4);
});

test.each(examples)('a configuration of the guide is taken: %#', (text) => {
  const file = join(mkdtempSync(join(tmpdir(), 'territory-guide-')), 'territory.yaml');
  writeFileSync(file, text);
  expect(loadConfig({ file })).toMatchObject({ ok: true });
});

test('the guide names every placeholder', () => {
  const missing = templateFields.filter((field) => !guide.includes(`\`{${field}}\``));
  expect(missing).toEqual([]);
});
