import { existsSync } from 'node:fs';
import { cliErrors } from '../errors.ts';
import { gitText } from '../../intake/git/run.ts';
import { nameOf, sourceOf } from '../../intake/git/source.ts';

/** A repository as found on disk. */
export interface Repository {
  readonly path: string;
  /** Source of its facts: its origin without credentials, or its path. */
  readonly source: string;
  readonly name: string;
  /** History was cut off when it was cloned: older commits are not there. */
  readonly shallow: boolean;
  /** HEAD is a commit: false in a new repository, or where it names a branch that is not there. */
  readonly hasHead: boolean;
}

/** Throws TERR_CLI_GIT, or TERR_INTAKE_SOURCE as git itself says it, when `path` is no repository of which commits can be read. */
export async function openRepository(path: string, signal: AbortSignal): Promise<Repository> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path))
    throw cliErrors(
      'GIT',
      `${path} is a URL; clone it first: git clone --bare ${withoutUser(path)}`,
    );
  if (!existsSync(path)) throw cliErrors('GIT', `there is no ${path}`);
  const ask = (...args: string[]): Promise<string> => gitText(path, args, signal);
  const directory = await ask('rev-parse', '--absolute-git-dir');
  const shallow = await ask('rev-parse', '--is-shallow-repository');
  const head = await ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch(() => '');
  const origin = await ask('config', '--get', '--default', '', 'remote.origin.url');
  // A work tree stands for its repository; a bare repository is its own directory.
  const top = directory.replace(/\/\.git$/, '');
  const source = sourceOf(origin, top);
  return {
    path,
    source,
    name: nameOf(source),
    shallow: shallow === 'true',
    hasHead: head !== '',
  };
}

const withoutUser = (url: string): string => url.replace(/\/\/[^/@]*@/, '//');
