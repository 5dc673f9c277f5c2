import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { cliErrors } from '../errors.ts';

/** A feature file that was asked for; with lines, only the scenarios at them. */
export interface AskedFile {
  readonly file: string;
  /** Empty: all of it. */
  readonly lines: readonly number[];
}

const isFeature = (name: string): boolean => /\.feature(\.md)?$/.test(name);

/**
 * The feature files of paths: a file, a file with lines (`shop.feature:3:9`), or a folder with all
 * that is in it. Throws TERR_CLI_INPUT.
 */
export function featureFiles(paths: readonly string[]): readonly AskedFile[] {
  const asked = new Map<string, number[] | 'all'>();
  for (const path of paths)
    for (const { file, lines } of filesOf(path)) {
      const before = asked.get(file) ?? [];
      asked.set(file, lines.length === 0 || before === 'all' ? 'all' : [...before, ...lines]);
    }
  return [...asked].map(([file, lines]) => ({ file, lines: lines === 'all' ? [] : lines }));
}

function filesOf(path: string): readonly AskedFile[] {
  const [, bare = path, ending = ''] = /^(.*?)((?::\d+)+)$/.exec(path) ?? [];
  const file = existsSync(path) ? path : bare;
  const lines = file === path ? [] : ending.split(':').slice(1).map(Number);
  if (!existsSync(file)) throw cliErrors('INPUT', `there is no ${file}`, { field: 'PATH' });
  if (!statSync(file).isDirectory()) return [{ file, lines }];
  const found = below(file);
  if (found.length === 0)
    throw cliErrors('INPUT', `there is no feature in ${file}: no *.feature, no *.feature.md`, {
      field: 'PATH',
    });
  return found.map((one) => ({ file: one, lines: [] }));
}

function below(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return below(path);
      return isFeature(entry.name) ? [path] : [];
    });
}

/**
 * What stands beside features: the first `name` in their folders, or in the folders above up to this
 * one; undefined where there is none.
 */
export function besideFeatures(paths: readonly string[], name: string): string | undefined {
  const here = resolve('.');
  for (const path of paths) {
    const bare = path.replace(/(:\d+)+$/, '');
    let folder = resolve(existsSync(bare) && statSync(bare).isDirectory() ? bare : dirname(bare));
    for (;;) {
      const found = join(folder, name);
      if (existsSync(found))
        return relative(here, found).startsWith('..') ? found : relative(here, found);
      const above = dirname(folder);
      if (folder === here || above === folder || !folder.startsWith(`${here}/`)) break;
      folder = above;
    }
  }
  return undefined;
}
