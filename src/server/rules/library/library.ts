import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libraryError } from './errors.ts';

/** The ready rules that come with Territory: rule files, off until they are chosen. */
const folder = fileURLToPath(new URL('../../../../library/', import.meta.url));

/** One ready rule file, in its own words. */
export interface ReadyRules {
  /** Its file without the ending: `error-ratio`. */
  readonly id: string;
  /** What it finds. */
  readonly about: string;
  /** What must be sent for it to find anything. */
  readonly needs: string;
  /** What to change after it was chosen. */
  readonly change: string;
  /** Names of its rules, as far as they are written out. */
  readonly rules: readonly string[];
  readonly source: string;
  /** Whether the rules directory has a file of that name. */
  readonly chosen: boolean;
}

/** What can be chosen, in the order of the names. */
export async function readyRules(directory: string): Promise<readonly ReadyRules[]> {
  const there = new Set(await namesIn(directory));
  const names = (await namesIn(folder)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const source = await readFile(join(folder, name), 'utf8');
      return { id: name.replace(/\.ts$/, ''), ...wordsOf(source), source, chosen: there.has(name) };
    }),
  );
}

/**
 * Copies a ready rule file into the rules directory, where it is the user's own from then on. Returns
 * the path of the copy. Throws TERR_LIBRARY_UNKNOWN, TERR_LIBRARY_CHOSEN.
 */
export async function chooseRules(id: string, directory: string): Promise<string> {
  const name = (await namesIn(folder)).find((one) => one === `${id}.ts`);
  if (name === undefined)
    throw libraryError(
      'UNKNOWN',
      `the library has no rules "${id}"; GET /api/v1/rules/library lists them`,
    );
  const path = join(directory, name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    await copyFile(join(folder, name), path, constants.COPYFILE_EXCL);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw libraryError('CHOSEN', `${path} is there already: change it, or move it away first`, {
      cause,
    });
  }
  return path;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory);
    return names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The words of the comment at the head of a ready rule file. */
function wordsOf(source: string): Pick<ReadyRules, 'about' | 'needs' | 'change' | 'rules'> {
  const comment = /^\/\*\*(.*?)\*\//s.exec(source)?.[1] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*?\s*/, ''));
  const text = lines.join(' ').trim();
  const [, about = '', needs = '', change = ''] =
    /^(.*?)\s*Needs:\s*(.*?)\s*Change:\s*(.*)$/s.exec(text) ?? [];
  const rules = [...source.matchAll(/\brule\(\s*'([^']+)'/g)].map(([, name = '']) => name);
  return { about, needs, change, rules };
}
