import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Files of one pattern that are looked at. */
export const mostFiles = 1_000;
/** Directories that `**` goes down. */
const deepest = 16;

/**
 * The paths that a pattern names now, in order: `*` and `?` within a name, `[abc]`, `{a,b}`, `**` for
 * any directories. A name that begins with a dot must be asked for. A path without any of these is
 * given back whether or not it is there. At most `mostFiles`. Throws what readdir throws, but for
 * directories that are not there (any more).
 */
export async function expand(pattern: string): Promise<string[]> {
  if (!isPattern(pattern)) return [pattern];
  const found = new Set<string>();
  for (const one of alternatives(pattern)) {
    const parts = one.split('/').filter((part, i) => part !== '' || i === 0);
    const root = one.startsWith('/') ? '/' : '.';
    // oxlint-disable-next-line no-await-in-loop -- few, and one after the other is enough
    await walk(root, root === '/' ? parts.slice(1) : parts, found, deepest);
  }
  return [...found].toSorted();
}

/** The directory that holds all that a pattern can name, as far as it is written out. */
export function baseOf(pattern: string): string {
  const parts = pattern.split('/');
  const special = parts.findIndex((part) => isPattern(part));
  const last = special < 0 ? parts.length - 1 : special;
  return parts.slice(0, last).join('/') || (pattern.startsWith('/') ? '/' : '.');
}

function isPattern(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** `{a,b}` written out; not nested. */
function alternatives(pattern: string): string[] {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (found === null) return [pattern];
  const before = pattern.slice(0, found.index);
  const after = pattern.slice(found.index + found[0].length);
  return (found[1] ?? '').split(',').flatMap((one) => alternatives(`${before}${one}${after}`));
}

async function walk(
  directory: string,
  parts: readonly string[],
  found: Set<string>,
  depth: number,
): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined || found.size >= mostFiles) return;
  if (part === '**') {
    await walk(directory, rest, found, depth);
    if (depth > 0) await walkBelow(directory, parts, found, depth - 1);
    return;
  }
  const names = isPattern(part) ? await namesIn(directory, matcher(part)) : [part];
  for (const name of names) {
    const path = join(directory, name);
    // oxlint-disable-next-line no-await-in-loop -- in order, and bounded
    if (rest.length > 0) await walk(path, rest, found, depth);
    else if (found.size < mostFiles) found.add(path);
  }
}

async function walkBelow(
  directory: string,
  parts: readonly string[],
  found: Set<string>,
  depth: number,
): Promise<void> {
  for (const entry of await entriesOf(directory))
    if (entry.isDirectory() && !entry.name.startsWith('.'))
      // oxlint-disable-next-line no-await-in-loop -- in order, and bounded
      await walk(join(directory, entry.name), parts, found, depth);
}

async function namesIn(directory: string, matches: (name: string) => boolean): Promise<string[]> {
  return (await entriesOf(directory)).map(({ name }) => name).filter((name) => matches(name));
}

async function entriesOf(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/** Whether a name is one of a part of a pattern. */
function matcher(part: string): (name: string) => boolean {
  const source = part.replace(/\[!?[^\]]+\]|[*?]|[\\^$+.()|{}[\]]/g, (one) => {
    if (one === '*') return '.*';
    if (one === '?') return '.';
    if (one.length > 1) return one.replace('[!', '[^').replaceAll('\\', '\\\\');
    return `\\${one}`;
  });
  const pattern = new RegExp(`^${source}$`, 's');
  return (name) => pattern.test(name) && (!name.startsWith('.') || part.startsWith('.'));
}
