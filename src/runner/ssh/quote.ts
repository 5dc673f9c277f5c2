import { runnerErrors } from '../errors.ts';

/**
 * One line for the shell of another machine, which ssh gives to the user's login shell there: in it an
 * argument vector stands as it is, whatever is in it. Single quotes take everything literally but
 * themselves: those are closed, escaped and opened again. For POSIX shells (sh, dash, bash, ksh, zsh);
 * csh and fish read some of it otherwise. Throws TERR_RUNNER_SSH for NUL, which no argument can have.
 */
export function quoteForShell(argv: readonly string[]): string {
  if (argv.some((word) => word.includes('\0')))
    throw runnerErrors('SSH', 'an argument of a remote command has a NUL in it');
  return argv.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}
