import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteForShell } from './quote.ts';

test.each<[argv: string[], line: string]>([
  [[], ''],
  [['ls'], `'ls'`],
  [['echo', ''], `'echo' ''`],
  [['echo', `it's`], String.raw`'echo' 'it'\''s'`],
  [
    ['echo', '$HOME `id` $(id) "x" \\ ; | & * ~ !'],
    `'echo' '$HOME \`id\` $(id) "x" \\ ; | & * ~ !'`,
  ],
])('%j', (argv, line) => {
  expect(quoteForShell(argv)).toBe(line);
});

const shells = ['/bin/sh', '/bin/bash', '/bin/ksh', '/bin/zsh'].filter((shell) =>
  existsSync(shell),
);

test.each(shells)('%s gives to a program what was quoted', (shell) => {
  const word = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(`'`, '"', '\\', '$', '`', '\n', ' ', '!', '-', '~', 'ö') }),
  );
  // Halves of surrogate pairs have no bytes, so no shell could give them back.
  const words = fc.array(
    word.map((w) => Buffer.from(w.replaceAll('\0', '')).toString()),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(words, (argv) => {
      const line = quoteForShell(['printf', String.raw`%s\0`, 'first', ...argv]);
      const told = execFileSync(shell, ['-c', line], { encoding: 'utf8' });
      expect(told.split('\0').slice(0, -1)).toEqual(['first', ...argv]);
    }),
    { numRuns: 60 },
  );
});

test('NUL is refused', () => {
  expect(() => quoteForShell(['a\0b'])).toThrow('NUL');
});
