import { expect, test } from 'vitest';
import type { LoadedRule } from '../loading/load.ts';
import { chooseVersions, type FileVersion, type Versions } from './versions.ts';

function version(file: string, digest: string, ...names: readonly string[]): FileVersion {
  const settings = { lateness: 0, idle: 0, maxKeys: 1 };
  const rules = names.map((name, i): LoadedRule => ({
    name,
    settings,
    ends: [],
    line: i + 1,
    column: 1,
  }));
  return { file, digest, rules };
}

const versions = (...all: readonly FileVersion[]): Versions =>
  new Map(all.map((one) => [one.file, one]));

/** `file digest` of what runs, and `file:line` of what does not. */
function chosen(current: Versions, loaded: Versions): readonly string[] {
  const choice = chooseVersions(current, loaded);
  return [
    ...[...choice.versions.values()].map(({ file, digest }) => `${file} ${digest}`).toSorted(),
    ...[...choice.problems].map(([file, { line, message }]) => `${file}:${line}: ${message}`),
  ];
}

const told = (name: string, at: string) =>
  `there is a rule "${name}" already, at ${at}: give it another name`;

test('new versions take the place of those before', () => {
  const current = versions(version('a', '1', 'x'), version('b', '1', 'y'));
  expect(chosen(current, versions(version('a', '2', 'x', 'z')))).toEqual(['a 2', 'b 1']);
});

test('of two new files with one name the first gets it', () => {
  const loaded = versions(version('a', '1', 'x'), version('b', '1', 'y', 'x'));
  expect(chosen(versions(), loaded)).toEqual(['a 1', `b:2: ${told('x', 'a:1')}`]);
});

test('who has a name keeps it, and who wants it goes on as before', () => {
  const current = versions(version('a', '1', 'y'), version('b', '1', 'x'));
  expect(chosen(current, versions(version('a', '2', 'x')))).toEqual([
    'a 1',
    'b 1',
    `a:1: ${told('x', 'b:1')}`,
  ]);
});

test('a rule moves to another file', () => {
  const current = versions(version('a', '1', 'x', 'y'), version('b', '1', 'z'));
  const both = versions(version('a', '2', 'y'), version('b', '2', 'z', 'x'));
  expect(chosen(current, both)).toEqual(['a 2', 'b 2']);
});

test('a version that may not run takes its names from those who counted on them', () => {
  // b gives x away and takes y; c takes x. But y is taken, so b goes on with x, and c has to wait.
  const current = versions(version('a', '1', 'y'), version('b', '1', 'x'));
  const loaded = versions(version('b', '2', 'y'), version('c', '1', 'x'));
  expect(chosen(current, loaded)).toEqual([
    'a 1',
    'b 1',
    `b:1: ${told('y', 'a:1')}`,
    `c:1: ${told('x', 'b:1')}`,
  ]);
});
