import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOfRelease, pointsInside } from './acceptable.ts';
import { digestOf } from './canonical.ts';
import { type Release, type ReleaseFile, releaseSchema } from './release.ts';

const hash = (letter: string): string => letter.repeat(64);
const file = (path: string, more: Partial<ReleaseFile> = {}): ReleaseFile => ({
  path,
  mode: '100644',
  size: 1,
  sha256: hash('a'),
  ...more,
});

function release(files: ReleaseFile[], more: Partial<Release> = {}): Release {
  const source = {
    repo: 'file:///a',
    path: '',
    commit: 'a'.repeat(40),
    tree: 'b'.repeat(40),
    tag: null,
    dirty: false,
    builtBy: 'me',
    builtAt: 'now',
    previous: null,
  } as const;
  return {
    schema: releaseSchema,
    app: 'shop',
    version: 'v1',
    digest: digestOf(files),
    source,
    files,
    migrations: [],
    config: { keys: [] },
    dependencies: [],
    contracts: [],
    smoke: [],
    needs: [],
    reversible: { value: true, why: [] },
    warnings: [],
    ...more,
  };
}

describe('a release that came from elsewhere', () => {
  test.each([
    ['a plain one', [file('a'), file('b/c', { sha256: hash('b') })]],
    ['names with spaces, dots and other letters', [file('a b/ç…/.env')]],
    ['the same content twice', [file('a'), file('b')]],
  ])('%s is taken', (_, files) => {
    expect(faultOfRelease(release(files))).toBeUndefined();
  });

  test.each([
    ['no file', [], 'there is no file'],
    ['a way up', [file('../a')], 'no path in an artefact'],
    ['a way up in between', [file('a/../../b')], 'no path in an artefact'],
    ['an absolute path', [file('/a')], 'no path in an artefact'],
    ['an empty name', [file('a//b')], 'no path in an artefact'],
    ['a NUL', [file('a\0b')], 'no path in an artefact'],
    ['a long name', [file('a'.repeat(256))], 'is too long'],
    ['a long path', [file('abc/'.repeat(1_100) + 'a')], 'is too long'],
    ['a path twice', [file('a'), file('a')], 'is there twice'],
    ['a file that is a folder', [file('a/b/c'), file('a/b')], 'both a file and a folder'],
    ['one hash of two sizes', [file('a'), file('b', { size: 2 })], 'another size'],
    ['a link without end', [file('a', { mode: '120000', size: 5_000 })], 'is too long'],
    ['more than a disk', [file('a', { size: 2 ** 40 })], 'more than 16 GiB'],
  ])('%s is not', (_, files, why) => {
    expect(faultOfRelease(release(files))).toContain(why);
  });

  test.each([
    [{ app: '../x' }, 'no name of an application'],
    [{ version: 'x'.repeat(81) }, 'at most 80 characters'],
    [{ version: 'a\nb' }, 'on one line'],
    [{ source: { ...release([file('a')]).source, commit: '--output=/etc/passwd' } }, 'git objects'],
    [{ source: { ...release([file('a')]).source, commit: 'HEAD' } }, 'git objects'],
  ] as const)('%j is not', (more, why) => {
    expect(faultOfRelease(release([file('a')], more))).toContain(why);
  });
});

test('a link points inside as paths are resolved', () => {
  const part = fc.constantFrom('..', '.', 'a', 'b', '');
  const path = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(path, fc.array(part, { minLength: 1, maxLength: 6 }), (at, to) => {
      const [link, target] = [at.join('/'), to.join('/')];
      fc.pre(target !== '');
      const reached = posix.normalize(posix.join(posix.dirname(link), target));
      const outside = target.startsWith('/') || reached === '..' || reached.startsWith('../');
      // It may be stricter: where the way leads out and in again.
      expect(outside && pointsInside(link, target)).toBe(false);
    }),
  );
  expect(pointsInside('bin/run', '../dist/run')).toBe(true);
  expect(pointsInside('bin/run', '../..')).toBe(false);
});
