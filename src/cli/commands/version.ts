import type { Command } from 'commander';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { ownVersion } from '../../server/version.ts';

/** Adds `territory version`. */
export function addVersion(program: Command, context: Context): void {
  declare(program, context, {
    usage: 'version',
    summary: 'Print the version of Territory and of Node.',
    examples: [],
  })
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const version = ownVersion();
      await context.terminal.print(
        json === true
          ? `${JSON.stringify({ version, node: process.version })}\n`
          : `territory ${version}, Node ${process.version}\n`,
      );
    });
}
