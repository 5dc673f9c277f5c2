import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URI that stands for a repository: where it was cloned from without user name, password and
 * query (they may be secrets, and two people's clones must agree), or its path when it has no
 * origin.
 *
 * @param origin as `git config remote.origin.url` gives it
 * @param top absolute path of the repository, for an origin that is a relative path
 */
export function sourceOf(origin: string | undefined, top: string): string {
  if (origin === undefined || origin.trim() === '') return pathToFileURL(top).href;
  const text = origin.trim();
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text);
  if (isUrl) return withoutSecrets(new URL(text));
  // The short form of ssh, `user@host:path`: a colon before the first slash (gitprotocol, "SSH").
  const short = /^(?:[^@/]+@)?([^:/@]+):(?!\/\/)(.*)$/.exec(text);
  if (short) return `ssh://${short[1]}/${encodePath((short[2] ?? '').replace(/^\/+/, ''))}`;
  return pathToFileURL(resolve(top, text)).href;
}

function withoutSecrets(url: URL): string {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  plain.search = '';
  plain.hash = '';
  return plain.href;
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Last part of the path without `.git`: the name that people use. */
export function nameOf(source: string): string {
  const last = source.replace(/\/+$/, '').split('/').at(-1) ?? source;
  const name = last.replace(/\.git$/, '') || source;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
