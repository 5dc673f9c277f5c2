import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addRedirectsLint } from '../redirects/lint.ts';
import { addRedirectsVerify } from '../redirects/verify.ts';

/** Adds `territory redirects lint|verify`. */
export function addRedirects(program: Command, context: Context): void {
  const parent = program
    .command('redirects')
    .summary('Check redirect maps, and verify them row by row.')
    .description('Redirect maps: CSVs with Old Url,New Url,Status, one row for each old address.');
  addRedirectsLint(parent, context);
  addRedirectsVerify(parent, context);
}
