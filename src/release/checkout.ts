import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gitStream, gitText } from '../intake/git/run.ts';
import { releaseErrors } from './errors.ts';
import type { Repository } from './repository.ts';

/** What this machine's user has set must not change the bytes: line ends, attributes, modes. */
const archive = [
  'core.autocrlf=false',
  'core.eol=lf',
  'core.attributesFile=/dev/null',
  'tar.umask=0022',
]
  .flatMap((setting) => ['-c', setting])
  .concat('archive', '--format=tar');

/**
 * Writes the files of a commit into an empty folder by `git archive`, so that neither the work tree
 * nor the repository is touched. Says what the archive does not have: submodules are left out.
 */
export async function checkOut(
  repository: Repository,
  commit: string,
  { to, signal }: { readonly to: string; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  // In a subfolder git would archive that alone; packages beside it may be needed for the build.
  const top = repository.bare
    ? repository.path
    : await gitText(repository.path, ['rev-parse', '--show-toplevel'], signal);
  const tar = spawn('tar', ['-x', '-f', '-', '-C', to, '--no-same-owner'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => (said += text.slice(0, 2_000)));
  const ended = once(tar, 'close') as Promise<[number | null]>;
  ended.catch(() => undefined); // awaited below
  // It may end before the padding behind the archive is written; its exit code says what matters.
  tar.stdin.on('error', () => undefined);
  try {
    for await (const chunk of gitStream(top, [...archive, commit], signal))
      if (tar.stdin.writable && !tar.stdin.write(chunk))
        await Promise.race([once(tar.stdin, 'drain').catch(() => undefined), ended]);
    tar.stdin.end();
  } catch (error) {
    tar.kill();
    if (signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw releaseErrors('REPOSITORY', `${commit} can not be checked out: ${why}`, { cause: error });
  }
  const [code] = await ended;
  if (code !== 0)
    throw releaseErrors('REPOSITORY', `${commit} can not be checked out: ${said.trim()}`);
  return submodulesOf(top, commit, signal);
}

async function submodulesOf(
  top: string,
  commit: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const tree = await gitText(top, ['ls-tree', '-r', '-z', commit], signal);
  return tree.split('\0').flatMap((line) => {
    const [, path] = /^160000 commit \S+\t(.*)$/s.exec(line) ?? [];
    return path === undefined ? [] : [`the submodule ${path} is not checked out`];
  });
}
