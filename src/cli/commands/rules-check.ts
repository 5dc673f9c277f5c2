import { existsSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { lineOf } from '../../server/rules/backtest/errors.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { shownPath } from '../rules/backtest-here.ts';
import { checkRules } from '../rules/check.ts';
import { plural } from '../words.ts';

/** Adds `territory rules check`. */
export function addCheck(parent: Command, context: Context): void {
  declare(parent, context, {
    usage: 'check [path]',
    summary: 'Check the types of rule files and load them, without running them.',
    description:
      'PATH is a rule file or a folder of them; this folder without it. Prints ' +
      'FILE:LINE:COLUMN: message for each problem, and then ends with 2. Needs no server.',
    examples: [
      ['territory rules check', 'the rule files of this folder'],
      ['territory rules check /var/lib/territory/rules', 'before a restart, or in CI'],
    ],
  }).action(async (path = '.') => check(String(path), context));
}

async function check(path: string, { terminal, signal, finish }: Context): Promise<void> {
  if (!existsSync(path)) throw cliErrors('INPUT', `there is no ${path}`, { field: '[path]' });
  const what = statSync(path).isDirectory() ? { directory: path } : { files: [path] };
  const { files, rules, problems } = await checkRules(what, signal);
  if (files === 0)
    throw cliErrors('INPUT', `there is no rule file in ${path}`, { field: '[path]' });
  for (const problem of problems)
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await terminal.print(`${lineOf({ ...problem, file: shownPath(problem.file) })}\n`);
  terminal.say(
    `${plural(files, 'file')}, ${plural(rules.length, 'rule')}, ${plural(problems.length, 'problem')}`,
  );
  if (problems.length > 0) finish(exitCodes.badInput);
}
