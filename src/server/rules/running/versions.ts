import type { LoadedRule } from '../loading/load.ts';
import type { LoadProblem } from './messages.ts';

/** A rule file as it was at one time, loaded. */
export interface FileVersion {
  readonly file: string;
  readonly digest: string;
  readonly rules: readonly LoadedRule[];
}

export type Versions = ReadonlyMap<string, FileVersion>;

/** Which version of each file is to run, and why a new one is not. */
export interface Choice {
  readonly versions: Versions;
  readonly problems: ReadonlyMap<string, LoadProblem>;
}

/**
 * Takes the new version of each file, but not of one that has a name which another file's rule has:
 * there the version before goes on. Who has a name keeps it; of two newcomers the first file gets
 * it.
 *
 * @param current what runs; files that are gone are in it no more
 * @param loaded new versions
 */
export function chooseVersions(current: Versions, loaded: Versions): Choice {
  const problems = new Map<string, LoadProblem>();
  const chosen = new Map([...current, ...loaded]);
  for (;;) {
    const clash = findClash(chosen, current);
    if (!clash) return { versions: chosen, problems };
    const { file, problem } = clash;
    problems.set(file, problem);
    const before = current.get(file);
    // Of what runs no two have one name, so a loser is always new, and each can lose but once.
    if (before && before !== chosen.get(file)) chosen.set(file, before);
    else chosen.delete(file);
  }
}

function findClash(
  chosen: Versions,
  current: Versions,
): { readonly file: string; readonly problem: LoadProblem } | undefined {
  const owners = new Map<string, { readonly file: string; readonly rule: LoadedRule }>();
  const has = (file: string, name: string): boolean =>
    current.get(file)?.rules.some((rule) => rule.name === name) === true;
  for (const file of [...chosen.keys()].toSorted())
    for (const rule of chosen.get(file)?.rules ?? []) {
      const other = owners.get(rule.name);
      const one = { file, rule };
      if (!other) {
        owners.set(rule.name, one);
        continue;
      }
      const newcomer = has(file, rule.name) && !has(other.file, rule.name) ? other : one;
      const owner = newcomer === one ? other : one;
      return { file: newcomer.file, problem: clashOf(newcomer, owner) };
    }
  return undefined;
}

function clashOf(
  { file, rule }: { readonly file: string; readonly rule: LoadedRule },
  owner: { readonly file: string; readonly rule: LoadedRule },
): LoadProblem {
  const message = `there is a rule "${rule.name}" already, at ${owner.file}:${owner.rule.line}: give it another name`;
  return { file, line: rule.line, column: rule.column, message };
}
