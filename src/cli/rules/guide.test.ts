import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runHere } from '../running.suite.ts';

const guide = join(import.meta.dirname, '../../../docs/guides/backtest-and-test-rules.md');

test('the files of the guide are as it says', async () => {
  const place = mkdtempSync(join(tmpdir(), 'territory-guide-'));
  const files = readFileSync(guide, 'utf8').matchAll(/^```ts (\S+)\n(.*?)^```$/gms);
  for (const [, name = '', text = ''] of files) {
    mkdirSync(join(place, dirname(name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  const ran = await runHere(['rules', 'test', join(place, 'rules')]);
  rmSync(place, { recursive: true, force: true });
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain('2 tests passed');
});
