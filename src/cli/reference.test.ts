import { expect, test } from 'vitest';
import type { Context } from './context.ts';
import { exitCodeMeanings, exitCodes } from './exit-codes.ts';
import { buildProgram } from './program.ts';
import { cliReference } from './reference.ts';

// No command runs here, so nothing of it is used.
const program = buildProgram({} as Context);

test('docs/reference/cli.md is what the commands say of themselves (vitest -u writes it)', async () => {
  await expect(cliReference(program)).toMatchFileSnapshot('../../docs/reference/cli.md');
});

const sections = cliReference(program)
  .split(/^## territory /m)
  .slice(1);

test('every command says what it does', () => {
  expect(sections.length).toBeGreaterThan(18);
  for (const section of sections)
    expect(section).toMatch(/^[a-z -]+\n\n```\nUsage: .+\n\n[A-Z].+\./);
});

test('every command but version has examples', () => {
  const without = sections.filter((section) => !section.includes('\nExamples:\n'));
  expect(without.map((section) => section.split('\n')[0])).toEqual(['version']);
});

test('every exit code has its meaning', () => {
  expect(exitCodeMeanings.map(([code]) => code)).toEqual(Object.values(exitCodes));
});
