import { isSha, plainName } from '../thread/names.ts';

/** Whether two versions are one. `unlike` when they are of different kinds, as a tag and a commit. */
export type Sameness = 'same' | 'other' | 'unlike';

/** As versions are compared: `v1.2` is `1.2`, in lower case, without what SemVer calls build metadata. */
const plain = (version: string): string =>
  version
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, '')
    .replace(/\+.*$/, '');

/** A commit as it is named by some of its first digits; numbers alone are versions. */
export const isCommit = (version: string): boolean =>
  isSha(version) && /[a-f]|^\d{40}$/i.test(version);

function compare(one: string, other: string): Sameness {
  const [a, b] = [plain(one), plain(other)];
  if (a === b) return 'same';
  if (isCommit(a) && isCommit(b)) return a.startsWith(b) || b.startsWith(a) ? 'same' : 'other';
  return isCommit(a) === isCommit(b) ? 'other' : 'unlike';
}

/**
 * Whether a version is one of the names that something is known by. It is another only where a name
 * of its own kind is another: 1.4.2 says nothing against a deploy of which only the commit is told.
 */
export function compareNames(names: readonly string[], others: readonly string[]): Sameness {
  const all = names.flatMap((name) => others.map((other) => compare(name, other)));
  if (all.includes('same')) return 'same';
  return all.includes('other') ? 'other' : 'unlike';
}

/** The version in a package-url, `name@version` or `image:tag`; of a digest its first 12 digits. */
export function versionIn(artifact: unknown): string | undefined {
  const text = plainName(artifact)?.replace(/[?#].*$/, '');
  if (text === undefined) return undefined;
  const said = /@([^@/]+)$/.exec(text)?.[1] ?? /:([\w][\w.-]{0,127})$/.exec(text)?.[1];
  const version = said === undefined ? undefined : plainName(decoded(said));
  const digest = version === undefined ? null : /^sha\d+:([0-9a-f]{12})/i.exec(version);
  return digest?.[1] ?? (version === 'unknown' ? undefined : version);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
