import { isAbsolute } from 'node:path';
import type { Command } from 'commander';
import { hookPath } from '../../intake/git/hook.ts';
import { hookScript } from '../../intake/git/script.ts';
import { sourceOf } from '../../intake/git/source.ts';
import { declare } from '../command.ts';
import { connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';

interface HookOptions {
  readonly url?: string;
  readonly tokenFile: string;
  readonly repository?: string;
  readonly service?: string;
  readonly withEmails?: boolean;
}

/** Adds `territory hook post-receive`. */
export function addHook(program: Command, context: Context): void {
  const parent = program
    .command('hook')
    .summary('Print hooks for other programs.')
    .description('Print hooks for other programs.');
  const command = declare(parent, context, {
    usage: 'post-receive',
    summary: 'Print the hook by which a git server tells what was pushed.',
    description:
      'Save it as hooks/post-receive of a repository on the git server, executable. It is a shell ' +
      'script that needs git and curl, and neither fails nor holds up a push. See ' +
      'docs/protocols/git.md.',
    examples: [
      [
        'territory hook post-receive --url https://territory.example.org --token-file /etc/territory-git.token > hooks/post-receive && chmod +x hooks/post-receive',
        'in a bare repository on the git server',
      ],
    ],
  });
  command
    .option('--url <URL>', 'the server, as the git server reaches it (env TERRITORY_URL)')
    .requiredOption(
      '--token-file <FILE>',
      'absolute path of a file with a token, on the machine of the git server',
    )
    .option(
      '--repository <URL>',
      'address by which people clone it (default: `git config territory.repository` there, or its path)',
    )
    .option('--service <NAME>', 'put the facts under this service')
    .option('--with-emails', 'with the addresses of authors and committers')
    .action(async (options: HookOptions) => {
      await context.terminal.print(scriptOf(options, context));
    });
}

function scriptOf(options: HookOptions, context: Context): string {
  const { tokenFile, repository, service = '', withEmails = false } = options;
  if (!isAbsolute(tokenFile))
    throw cliErrors('USAGE', `"${tokenFile}" is no absolute path: hooks run in the repository`, {
      field: '--token-file',
    });
  const { tokenFile: _, ...rest } = options;
  const { url } = connect(rest, context);
  return hookScript({
    url: new URL(hookPath.slice(1), url).href,
    tokenFile,
    // Without what may be a secret; the same source as an import of a clone has.
    repository: repository === undefined ? '' : sourceOf(repository, '/'),
    service,
    withEmails,
  });
}
