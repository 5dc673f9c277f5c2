import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeLines, splitOutput, textOf, unescapeLines } from './plugin-output.ts';

test.each([
  ['OK', { output: 'OK', long: '', perfData: '' }],
  ['OK - fine | a=1', { output: 'OK - fine', long: '', perfData: 'a=1' }],
  [
    'DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948\n/ 15272 MB (77%);\n/boot 68 MB | /boot=68MB;88\n/home=69357MB\n',
    {
      output: 'DISK OK - free space: / 3326 MB (56%);',
      long: '/ 15272 MB (77%);\n/boot 68 MB',
      perfData: '/=2643MB;5948 /boot=68MB;88 /home=69357MB',
    },
  ],
])('%j', (text, parts) => {
  expect(splitOutput(text)).toEqual(parts);
});

test('lines are kept in one and come back', () => {
  expect(escapeLines('a\\n\nb')).toBe('a\\\\n\\nb');
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\\', 'n') });
  fc.assert(
    fc.property(text, (one) => {
      expect(escapeLines(one)).not.toContain('\n');
      expect(unescapeLines(escapeLines(one))).toBe(one);
    }),
  );
});

test('text is UTF-8 where it is that, else Latin-1', () => {
  expect(textOf(Buffer.from('größe'))).toBe('größe');
  expect(textOf(Buffer.from('größe', 'latin1'))).toBe('größe');
});
