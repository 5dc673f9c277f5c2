import { cut } from './body.ts';

/** The repository that a delivery is about. */
export interface Repository {
  /** Address without `.git`, user and password: the source of its facts. */
  readonly url: string;
  /** `acme/shop` */
  readonly fullName: string;
  /** `shop` */
  readonly name: string;
}

/** Puts a repository together from an address as a browser shows it and its name with its owner. */
export function repositoryAt(url: string, fullName: string): Repository {
  return { url: plainUrl(url), fullName, name: fullName.split('/').at(-1) ?? fullName };
}

/** Names of the OpenTelemetry semantic conventions, "VCS". */
export function repositoryAttributes({ url, name }: Repository): Record<string, string> {
  return { 'vcs.repository.url.full': url, 'vcs.repository.name': name };
}

/** An address without user, password, query, `.git` and slash at the end. */
export function plainUrl(text: string): string {
  if (!URL.canParse(text)) return cut(text);
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href.replace(/\/+$/, '').replace(/\.git$/, '');
}

/** `refs/heads/main` is the branch `main`; what is no branch is none. */
export function branchOf(ref: string | undefined): string | undefined {
  return ref?.startsWith('refs/heads/') === true ? ref.slice('refs/heads/'.length) : undefined;
}

/** `refs/tags/v1.0` is the tag `v1.0`. */
export function tagOf(ref: string | undefined): string | undefined {
  return ref?.startsWith('refs/tags/') === true ? ref.slice('refs/tags/'.length) : undefined;
}

/** The hash that git writes where there is no commit. */
export function isNoCommit(sha: string | undefined): boolean {
  return sha === undefined || /^0*$/.test(sha);
}
