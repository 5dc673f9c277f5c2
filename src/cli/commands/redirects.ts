import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addRedirectsImport } from '../redirects/import.ts';
import { addRedirectsLint } from '../redirects/lint.ts';
import { addRedirectsUsage } from '../redirects/usage.ts';
import { addRedirectsVerify } from '../redirects/verify.ts';

/** Adds `territory redirects lint|verify|import|usage`. */
export function addRedirects(program: Command, context: Context): void {
  const parent = program
    .command('redirects')
    .summary('Check redirect maps, and verify them row by row.')
    .description('Redirect maps: CSVs with Old Url,New Url,Status, one row for each old address.');
  addRedirectsLint(parent, context);
  addRedirectsVerify(parent, context);
  addRedirectsImport(parent, context);
  addRedirectsUsage(parent, context);
}
