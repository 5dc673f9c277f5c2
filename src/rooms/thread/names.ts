import { type Key, keyOf, leastSha } from './thing.ts';

/** Longer names are no names. */
const maxName = 300;

/** A name that can be used: not empty, on one line, not endless. */
export function plainName(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const name = text.trim();
  return name === '' || name.length > maxName || /[\p{Cc}]/u.test(name) ? undefined : name;
}

/** Whether a text is the name of a commit, whole or short. Git's SHA-1 and SHA-256 in hex. */
export const isSha = (text: string): boolean =>
  text.length >= leastSha && text.length <= 64 && /^[0-9a-f]+$/i.test(text) && !/^0+$/.test(text);

export const isWholeSha = (text: string): boolean => text.length === 40 || text.length === 64;

/** The commit that a text names; undefined when it names none. */
export function commitKey(text: unknown): Key | undefined {
  const name = plainName(text)?.replace(/^commit\//, '');
  return name !== undefined && isSha(name) ? keyOf('commit', name.toLowerCase()) : undefined;
}

/**
 * A repository as all its addresses give it: `github.com/acme/shop` of
 * `https://ben:x@github.com/acme/Shop.git` and of `git@github.com:acme/shop`. In lower case, as the
 * large forges compare.
 */
export function repositoryName(text: unknown): string | undefined {
  const address = plainName(text);
  if (address === undefined) return undefined;
  const scp = /^(?:[^@/\s]+@)?([^/:\s]+):(?!\/\/|\d+\/)(\S+)$/.exec(address);
  const name = scp ? `${scp[1]}/${scp[2]}` : withoutScheme(address);
  const short = name
    .toLowerCase()
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  return short === '' ? undefined : short;
}

function withoutScheme(address: string): string {
  return address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/^[^/@]*@/, '');
}

/** A name by itself where it can be no other's, else with the place that it is of. */
function scoped(name: string, place: string): string {
  // Numbers of seven digits and fewer begin at 1 in each repository and on each server.
  return /^\d{1,7}$/.test(name) ? `${place}#${name}` : name;
}

/** A pull or merge request: the number is told apart by the repository. */
export function changeKey(text: unknown, repository: string): Key | undefined {
  const name = plainName(text);
  if (name === undefined) return undefined;
  const number = /^(?:.*[/#!])?(\d{1,10})$/.exec(name)?.[1];
  return keyOf('change', number === undefined ? name : `${repository}#${number}`);
}

const numbered =
  /^https?:\/\/([^/]+)\/(.+?)(?:\/-)?\/(issues|pull|pulls|merge_requests|pull-requests)\/(\d+)/i;

/**
 * A ticket or card: `PROJ-12` by itself, `#12` of the repository, `acme/shop#12` on the
 * repository's server, the address of an issue.
 */
export function ticketKey(
  text: unknown,
  place: string,
  kind: 'ticket' | 'card' = 'ticket',
): Key | undefined {
  const name = plainName(text)?.replace(/^(ticket|card|issue)\//, '');
  if (name === undefined) return undefined;
  const address = numbered.exec(name);
  if (address) return keyOf(kind, `${address[1]}/${address[2]}#${address[4]}`.toLowerCase());
  if (/^[a-z][a-z0-9]+-\d+$/i.test(name)) return keyOf(kind, name.toUpperCase());
  const elsewhere = /^([\w.-]+(?:\/[\w.-]+)+)#(\d+)$/.exec(name);
  if (elsewhere) return keyOf(kind, `${serverOf(place, elsewhere[1] ?? '')}#${elsewhere[2]}`);
  return keyOf(kind, scoped(name.replace(/^[#!](?=\d)/, ''), place));
}

/** `acme/shop` beside `github.com/acme/tools` is `github.com/acme/shop`. */
function serverOf(place: string, path: string): string {
  const [server = ''] = place.split('/');
  return (
    /[.:]/.test(server) && !path.startsWith(`${server}/`) ? `${server}/${path}` : path
  ).toLowerCase();
}

/** A run, deployment, incident or case by its id; short numbers are told apart by their place. */
export function idKey(
  kind: 'build' | 'task' | 'deployment' | 'incident' | 'case' | 'release',
  text: unknown,
  place: string,
): Key | undefined {
  const name = plainName(text)?.replace(prefixes[kind], '');
  return name === undefined || name === '' ? undefined : keyOf(kind, scoped(name, place));
}

const prefixes = {
  build: /^(pipelinerun|build)\//,
  task: /^(taskrun|testcaserun|testsuiterun)\//,
  deployment: /^deployment\//,
  incident: /^incident\//,
  case: /^case\//,
  release: /^release\//,
} as const;

/** A tag of a repository; by itself where the repository is not said. */
export function tagKey(text: unknown, repository: string | undefined): Key | undefined {
  const name = plainName(text)?.replace(/^refs\/tags\//, '');
  if (name === undefined) return undefined;
  return keyOf('tag', repository === undefined ? name : `${repository}@${name}`);
}

/** An artefact: its package-url without qualifiers, or name@version. */
export function artifactKey(text: unknown): Key | undefined {
  const name = plainName(text)?.replace(/^artifact\//, '');
  if (name === undefined) return undefined;
  if (!name.startsWith('pkg:')) return keyOf('artifact', imageName(name));
  const plain = plainName(decoded(name.replace(/[?#].*$/, '')));
  return plain === undefined ? undefined : keyOf('artifact', plain);
}

/** `ghcr.io/acme/shop:1.2` is name@version with a colon. */
function imageName(name: string): string {
  if (/@|:\/\/|^sha(256|512):/.test(name)) return name;
  return name.replace(/:([\w][\w.-]{0,127})$/, '@$1');
}

/** purl-spec, "Rules for each purl component": the version is percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The digest that an artefact is known by wherever it lies. */
export function digestKey(artifact: Key): Key | undefined {
  const digest = /@(sha(?:256|512):[0-9a-f]{32,128})$/.exec(artifact)?.[1];
  return digest === undefined ? undefined : keyOf('artifact', digest);
}
