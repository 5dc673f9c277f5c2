import type { Command } from 'commander';
import type { Finding } from '../../checks/redirects/finding.ts';
import { lint } from '../../checks/redirects/lint.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { plural } from '../words.ts';
import { counted, names, printFindings, readMaps, significantOf } from './files.ts';

interface Options {
  readonly hosts?: readonly string[];
  readonly targets?: readonly string[];
  readonly query?: readonly string[];
  readonly errors?: boolean;
  readonly json?: boolean;
}

/** Adds `territory redirects lint`. */
export function addRedirectsLint(parent: Command, context: Context): void {
  declare(parent, context, {
    usage: 'lint <files...>',
    summary: 'Say what is wrong in redirect maps as they are written.',
    description:
      'FILES are CSVs with Old Url,New Url,Status (- is stdin), looked at as one map: chains, loops, ' +
      'what ends at a page that is gone, duplicates, forms that are not canonical. Prints ' +
      'FILE:LINE:COLUMN: message [rule], and ends with 2 if one is an error.',
    examples: [
      ['territory redirects lint redirects.csv', 'before a commit, or in CI'],
      [
        'territory redirects lint data/*.csv --hosts www.example.org --errors',
        'only what is wrong',
      ],
    ],
  })
    .option('--hosts <HOSTS>', 'old addresses are of these hosts (with commas)', names)
    .option('--targets <HOSTS>', 'new addresses are of these hosts', names)
    .option('--query <NAMES>', 'parameters that make another page: names, all, or none', names)
    .option('--errors', 'leave the warnings out')
    .option('--json', 'print what was found as one JSON document')
    .action(async (files: string[], options: Options) => lintFiles(files, options, context));
}

async function lintFiles(files: string[], options: Options, context: Context): Promise<void> {
  const { terminal, finish } = context;
  const { rows, findings } = await readMaps(files, context);
  const { hosts, targets, query, errors, json } = options;
  const found = [
    ...findings,
    ...lint(rows, {
      significant: significantOf(query),
      ...(hosts && { hosts }),
      ...(targets && { targets }),
    }),
  ];
  const told = errors === true ? found.filter(({ severity }) => severity === 'error') : found;
  if (json === true) await terminal.print(`${JSON.stringify(told)}\n`);
  else await printFindings(told, terminal);
  terminal.say(`${plural(rows.length, 'row')}; ${counted(found)}${byRule(found)}`);
  if (found.some(({ severity }) => severity === 'error')) finish(exitCodes.badInput);
}

/** ` (chain 194, ends-gone 86)`, the most frequent first. */
function byRule(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const words = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([rule, count]) => `${rule} ${count.toLocaleString('en')}`);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
