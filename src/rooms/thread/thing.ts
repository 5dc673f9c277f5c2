/**
 * What a thread is made of, in the order in which one leads to the next: the rank of a kind is its
 * place here. What stands before causes what stands behind it, unless `edge.ts` says otherwise.
 */
export const kinds = [
  'card',
  'ticket',
  'commit',
  'change',
  'tag',
  'release',
  'build',
  'task',
  'artifact',
  'deployment',
  'alert',
  'incident',
  'case',
  // An event that a link names, whatever it is about.
  'event',
  // All events of one chain of CDEvents share it.
  'chain',
  // Hubs: a thread is shown to touch them, and never goes through them to another thread.
  'branch',
  'service',
  'environment',
  'condition',
] as const;

export type Kind = (typeof kinds)[number];

/** Names a thing, the same in every fact that names it: `<kind>/<name>`, e.g. `commit/<sha>`. */
export type Key = `${Kind}/${string}`;

const hubs: ReadonlySet<Kind> = new Set(['branch', 'service', 'environment', 'condition']);
const known: ReadonlySet<string> = new Set(kinds);

/** Whether threads that have nothing to do with each other meet there. */
export const isHub = (kind: Kind): boolean => hubs.has(kind);

/** The kind that a key names. */
export function kindOf(key: Key): Kind {
  return key.slice(0, key.indexOf('/')) as Kind; // keys are made by `keyOf` alone
}

/** The key without its kind. */
export const nameOf = (key: Key): string => key.slice(key.indexOf('/') + 1);

/** The key of a thing. */
export const keyOf = (kind: Kind, name: string): Key => `${kind}/${name}`;

/** The key that a text is, if it is one. */
export function asKey(text: string): Key | undefined {
  const slash = text.indexOf('/');
  return slash > 0 && known.has(text.slice(0, slash)) && slash + 1 < text.length
    ? (text as Key) // was looked at just now
    : undefined;
}

/** Characters of a commit's name by which it is looked up; nobody writes fewer. */
export const leastSha = 7;

/**
 * The part of a name that people type, in lower case: the number of a change, a tag without its
 * repository, the version of an artefact, the first seven characters of a commit.
 */
export function shortName(kind: Kind, name: string): string {
  if (kind === 'commit') return name.slice(0, leastSha);
  if (kind === 'tag') return name.slice(name.indexOf('@') + 1).toLowerCase();
  const at = Math.max(name.lastIndexOf('#'), name.lastIndexOf('@'));
  const tail = at >= 0 && at < name.length - 1 ? name.slice(at + 1) : name;
  const slash = at >= 0 ? -1 : tail.lastIndexOf('/');
  return tail.slice(slash + 1).toLowerCase();
}
