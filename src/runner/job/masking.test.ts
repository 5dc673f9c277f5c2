import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Masking } from './masking.ts';

function masked(secrets: readonly string[], pieces: readonly (string | Buffer)[]): string {
  const masking = new Masking(secrets);
  const shown = pieces.map((piece) => masking.take(Buffer.from(piece)));
  return Buffer.concat([...shown, masking.end()]).toString();
}

test.each<[name: string, secrets: string[], pieces: string[], shown: string]>([
  ['nothing to hide', [], ['all of it'], 'all of it'],
  ['in one piece', ['hunter2'], ['password=hunter2!'], 'password=***!'],
  ['split in two', ['hunter2'], ['password=hun', 'ter2!'], 'password=***!'],
  ['byte by byte', ['hunter2'], Array.from('a hunter2 b'), 'a *** b'],
  ['only the beginning of one', ['hunter2'], ['the hunt', 'ing'], 'the hunting'],
  ['ends in the middle of one', ['hunter2'], ['the hunter'], 'the ***'],
  ['ends with a letter of one', ['hunter2'], ['the h'], 'the h'],
  ['the longest', ['abc', 'abcdef'], ['xabc', 'defx abcx'], 'x***x ***x'],
  ['one within another', ['bc', 'abcd'], ['abc'], '***'],
  ['one within what looked like another', ['bc', 'abcdefghij'], ['abc', 'x'], 'a***x'],
  ['again and again', ['aa'], ['aaaa', 'a'], '*********'],
  ['in an address', ['p@ss/w'], ['postgres://u:p%40ss%2Fw@h'], 'postgres://u:***@h'],
  ['in JSON', ['a"quote"'], ['{"p":"a\\"quote\\""}'], '{"p":"***"}'],
  [
    'line by line',
    ['first line\nsecond line\n'],
    [' first line', '\n second', ' line'],
    ' ***\n ***',
  ],
  ['no ASCII', ['Größe'], ['die Grö', 'ße'], 'die ***'],
  ['an empty one', [''], ['abc'], 'abc'],
])('%s', (_name, secrets, pieces, shown) => {
  expect(masked(secrets, pieces)).toBe(shown);
});

test('a letter that is split stays whole', () => {
  const bytes = Buffer.from('Größe Grüße');
  for (let at = 0; at < bytes.length; at++)
    expect(masked(['Größe'], [bytes.subarray(0, at), bytes.subarray(at)])).toBe('*** Grüße');
});

test('whatever the pieces are, the same is shown, and no secret', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'ö'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 4 }), fc.array(letters), (secrets, pieces) => {
      const whole = masked(secrets, [pieces.join('')]);
      expect(masked(secrets, pieces)).toBe(whole);
      for (const secret of secrets) expect(whole).not.toContain(secret);
    }),
  );
});

test('twenty secrets do not make 8 MB slow', () => {
  const secrets = Array.from({ length: 20 }, (_, i) => `key-${i}-${'x'.repeat(200 * i)}`);
  const masking = new Masking(secrets);
  const piece = Buffer.alloc(65_536, 'a line of a log that looks like key-1 and key-2\n');
  const start = performance.now();
  for (let i = 0; i < 128; i++) masking.take(piece);
  expect(performance.now() - start).toBeLessThan(5_000);
});
