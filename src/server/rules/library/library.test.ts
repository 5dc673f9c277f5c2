import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chooseRules, readyRules } from './library.ts';

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'territory-library-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('every ready rule says what it finds, what it needs, and what to change', async () => {
  const ready = await readyRules(directory());
  expect(ready.length).toBeGreaterThanOrEqual(10);
  for (const one of ready) {
    expect(one).toMatchObject({
      about: expect.stringMatching(/\w+.*\.$/),
      needs: expect.stringMatching(/\w{3}/),
      change: expect.stringMatching(/\w{3}/),
      chosen: false,
    });
    expect(one.source).toContain("from 'territory/rules'");
  }
  expect(ready.find(({ id }) => id === 'heartbeat')?.rules).toEqual(['heartbeat']);
});

test('what is chosen is copied once, and what is there is never overwritten', async () => {
  const rules = join(directory(), 'rules');
  const path = await chooseRules('heartbeat', rules);
  const [shipped] = (await readyRules(rules)).filter(({ chosen }) => chosen);
  expect(readFileSync(path, 'utf8')).toBe(shipped?.source);
  writeFileSync(path, '// mine now');
  await expect(chooseRules('heartbeat', rules)).rejects.toMatchObject({
    code: 'TERR_LIBRARY_CHOSEN',
  });
  expect(readFileSync(path, 'utf8')).toBe('// mine now');
});

test.each(['nothing', '../package', 'heartbeat.test', ''])(
  'what the library does not have is refused: %j',
  async (id) => {
    await expect(chooseRules(id, directory())).rejects.toMatchObject({
      code: 'TERR_LIBRARY_UNKNOWN',
    });
  },
);
