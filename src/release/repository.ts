import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { CodedError } from '../errors/coded-error.ts';
import { gitStream, gitText } from '../intake/git/run.ts';
import { sourceOf } from '../intake/git/source.ts';
import { releaseErrors } from './errors.ts';

/** A git repository, and the folder of an application in it. */
export interface Repository {
  /** Absolute path of the application's folder; of a bare repository its own. */
  readonly path: string;
  /** URI without credentials. */
  readonly uri: string;
  /** From the repository's root to the application, with `/` at its end; empty for the root. */
  readonly prefix: string;
  readonly bare: boolean;
}

/** One commit, found once: from here on a tag may move without anybody noticing. */
export interface Resolved {
  readonly commit: string;
  readonly tree: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** Throws TERR_RELEASE_REPOSITORY when there is no repository at `given`. */
export async function openRepository(given: string, signal: AbortSignal): Promise<Repository> {
  const path = resolve(given);
  if (!existsSync(path)) throw releaseErrors('REPOSITORY', `there is no ${path}`);
  const ask = async (...args: string[]): Promise<string> =>
    asRepositoryError(gitText(path, args, signal));
  const bare = (await ask('rev-parse', '--is-bare-repository')) === 'true';
  const prefix = bare ? '' : await ask('rev-parse', '--show-prefix');
  const top = bare
    ? await ask('rev-parse', '--absolute-git-dir')
    : await ask('rev-parse', '--show-toplevel');
  const origin = await ask('config', '--get', '--default', '', 'remote.origin.url');
  return { path, uri: sourceOf(origin, top), prefix, bare };
}

/** Throws TERR_RELEASE_TAG when there is no tag of that name. */
export async function resolveTag(
  { path }: Repository,
  tag: string,
  signal: AbortSignal,
): Promise<Resolved> {
  const commit = await gitText(path, ['check-ref-format', `refs/tags/${tag}`], signal)
    .then(async () =>
      gitText(path, ['rev-parse', '--verify', '--quiet', `refs/tags/${tag}^{commit}`], signal),
    )
    .catch((error: unknown) => {
      if (signal.aborted || !(error instanceof CodedError)) throw error;
      throw releaseErrors(
        'TAG',
        `there is no tag "${tag}" of a commit in ${path}; make it with git tag ${JSON.stringify(tag)}, or fetch it`,
      );
    });
  return about(path, commit, signal);
}

/** HEAD's commit. Throws TERR_RELEASE_DIRTY when the work tree has other files than it. */
export async function resolveHead(
  { path, bare }: Repository,
  { store, signal }: { readonly store: string; readonly signal: AbortSignal },
): Promise<Resolved> {
  const commit = await asRepositoryError(
    gitText(path, ['rev-parse', '--verify', 'HEAD^{commit}'], signal),
  );
  const changed = bare
    ? ''
    : await asRepositoryError(
        gitText(path, ['status', '--porcelain', '--', '.', ...without(path, store)], signal),
      );
  const lines = changed.split('\n').filter((line) => line !== '');
  if (lines.length > 0)
    throw releaseErrors(
      'DIRTY',
      `${path} has ${lines.length} ${lines.length === 1 ? 'file' : 'files'} that ${lines.length === 1 ? 'is' : 'are'} in no commit as they are, the first is ${lines[0]?.slice(3)}; commit them, or build a tag with --tag`,
    );
  return about(path, commit, signal);
}

/** The store itself may lie in the work tree. */
function without(path: string, store: string): string[] {
  const below = relative(path, store);
  return below === '' || below.startsWith('..') ? [] : [`:(exclude,literal)${below}`];
}

async function about(path: string, commit: string, signal: AbortSignal): Promise<Resolved> {
  const args = ['log', '-1', '--no-patch', '--format=%T %ct', commit, '--'];
  const [tree = '', time = ''] = (await gitText(path, args, signal)).split(' ');
  return { commit, tree, time: Number(time) };
}

/** The first of `commits` that is an ancestor of `commit`, itself left out; looks at 20,000 commits. */
export async function nearestAncestor(
  { path }: Repository,
  commit: string,
  commits: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (commits.size === 0) return undefined;
  let rest = '';
  const args = ['rev-list', '--topo-order', '--max-count=20000', commit, '--'];
  for await (const chunk of gitStream(path, args, signal)) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    const found = lines.find((line) => line !== commit && commits.has(line));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What git itself says, as an error of releases. */
async function asRepositoryError(text: Promise<string>): Promise<string> {
  try {
    return await text;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw releaseErrors('REPOSITORY', error.message, { cause: error });
  }
}
