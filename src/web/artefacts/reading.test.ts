import { describe, expect, test } from 'vitest';
import { colour, languageOf } from './highlight.ts';
import { artefactSearch } from './part-tabs.ts';
import { aboveOf, filesWith, linesOf } from './tree.ts';
import { readUnified } from './unified.ts';

const file = (path: string, size = 10) =>
  ({ path, size, mode: '100644', sha256: 'a'.repeat(64) }) as const;
const files = [file('src/b.js'), file('src/a.js'), file('src/in/c.js', 5), file('README.md')];

describe('the files of an artefact', () => {
  test('a folder has its folders first, with what is in them, then its files', () => {
    expect(linesOf(files, '')).toMatchObject([
      { kind: 'folder', name: 'src', path: 'src', files: 3, size: 25 },
      { kind: 'file', name: 'README.md' },
    ]);
    expect(linesOf(files, 'src').map(({ path }) => path)).toEqual([
      'src/in',
      'src/a.js',
      'src/b.js',
    ]);
    expect(linesOf(files, 'nothing')).toEqual([]);
  });

  test('every word of a filter stands in the path', () => {
    expect(filesWith(files, 'SRC c.').map(({ path }) => path)).toEqual(['src/in/c.js']);
  });

  test('the way up', () => {
    expect(aboveOf('src/in/c.js').map(({ path }) => path)).toEqual([
      'src',
      'src/in',
      'src/in/c.js',
    ]);
  });
});

test('a unified diff with the numbers of both sides', () => {
  const text = `@@ -8,3 +8,4 @@ createServer(() => {
 same
-old
+new
+-- a line that begins with two
 end
\\ No newline at end of file
@@ -30 +31 @@
-x
+y
`;
  expect(readUnified(text)).toEqual([
    { kind: 'gap', before: undefined, after: undefined, text: 'createServer(() => {' },
    { kind: 'same', before: 8, after: 8, text: 'same' },
    { kind: 'deleted', before: 9, after: undefined, text: 'old' },
    { kind: 'added', before: undefined, after: 9, text: 'new' },
    { kind: 'added', before: undefined, after: 10, text: '-- a line that begins with two' },
    { kind: 'same', before: 10, after: 11, text: 'end' },
    { kind: 'gap', before: undefined, after: undefined, text: '' },
    { kind: 'deleted', before: 30, after: undefined, text: 'x' },
    { kind: 'added', before: undefined, after: 31, text: 'y' },
  ]);
});

describe('colours', () => {
  test.each([
    ['a/b.mjs', 'javascript'],
    ['x.test.ts', 'ts'],
    ['docker.yml', 'yaml'],
    ['0001.up.sql', 'sql'],
    ['Makefile', 'makefile'],
    ['LICENSE', undefined],
  ])('%s is %s', (path, language) => {
    expect(languageOf(path)).toBe(language);
  });

  test('as many lines as the text has, and the same text', () => {
    const text = '/* a\n b */\nconst x = `1\n2`;\n\n<b>&amp;</b>';
    const lines = colour(text, 'javascript');
    expect(lines.map((line) => line.map((piece) => piece.text).join('')).join('\n')).toBe(text);
    expect(lines[1]?.[0]?.look).toBe('hljs-comment');
    expect(colour('a\nb', undefined)).toHaveLength(2);
  });
});

test('an address says which part, and anything else is left out', () => {
  expect(artefactSearch({ part: 'config', path: 'a', q: '' })).toEqual({
    part: 'config',
    path: 'a',
  });
  expect(artefactSearch({ part: 'nothing', path: 3 })).toEqual({});
  expect(artefactSearch({ part: 'files' })).toEqual({});
});
