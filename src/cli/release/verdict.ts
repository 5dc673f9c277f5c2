import { setTimeout } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { CheckVerdict } from '../../server/api/contract-checks.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { understood } from '../deploys/asking.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';
import { plural, printable, showNumber, showTime } from '../words.ts';

interface Options extends ConnectionOptions {
  readonly in: string;
  readonly tag: string;
  readonly wait: number;
  readonly json?: boolean;
}

/** So often it is asked while it waits, ms. */
const pauseMs = 2_000;

/** Adds `territory release verdict`. */
export function addReleaseVerdict(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'verdict <app> <version>',
    summary: 'Ask what the checks say of a release in an environment.',
    description:
      'Only runs count that began after the release was deployed there. Ends with 0 when they pass, 2 when one fails or there is nothing to check, and 4 when they cannot say yet. See docs/reference/checks-life.md.',
    examples: [
      ['territory release verdict shop release_412 --in staging', 'the checks with @gate'],
      [
        'territory release verdict shop release_412 --in staging --wait 600',
        'in a pipeline: until they say something, at most ten minutes',
      ],
    ],
  })
    .requiredOption('--in <ENVIRONMENT>', 'where it was deployed')
    .option('--tag <TAG>', 'the checks with this tag', '@gate')
    .option('--wait <SECONDS>', 'wait so long for enough evidence', seconds, 0)
    .option('--json', 'print the verdict as one JSON document');
  addConnectionOptions(command).action(async (app: string, version: string, options: Options) => {
    const { terminal } = context;
    const verdict = await answered({ app, version }, options, context);
    context.finish(codes[verdict.verdict]);
    await terminal.print(
      options.json === true ? `${JSON.stringify(verdict)}\n` : textOf(verdict, terminal.style),
    );
  });
}

const codes = {
  pass: exitCodes.ok,
  fail: exitCodes.badInput,
  'nothing-to-check': exitCodes.badInput,
  'not-enough-evidence': exitCodes.notAllowed,
} as const;

const seconds = (text: string): number => {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of seconds.');
};

async function answered(
  { app, version }: { readonly app: string; readonly version: string },
  options: Options,
  context: Context,
): Promise<CheckVerdict> {
  const connection = connect(options, context);
  const query = new URLSearchParams({
    application: app,
    environment: options.in,
    version,
    tag: options.tag,
  });
  const path = `api/v1/checks/verdict?${query.toString()}`;
  const until = Date.now() + options.wait * 1000;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until there is enough
    const found = understood(CheckVerdict, await call(connection, { method: 'GET', path }));
    const left = until - Date.now();
    if (found.verdict !== 'not-enough-evidence' || left <= 0) return found;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await setTimeout(Math.min(pauseMs, left));
  }
}

const words = {
  pass: 'pass',
  fail: 'fail',
  'not-enough-evidence': 'not enough evidence yet',
  'nothing-to-check': 'nothing to check',
} as const;

const checkHeads = ['check', 'says', 'runs', ''].map((head) => ({ head }));
const budgetHeads = ['budget', 'of', 'median', 'limit', 'values', ''].map((head) => ({ head }));

function textOf(verdict: CheckVerdict, style: Terminal['style']): string {
  const { checks, budgets, missing, since, isRecorded } = verdict;
  const seen =
    since === null
      ? ''
      : `, by runs since ${showTime(since)}${isRecorded ? ', as it was kept' : ''}`;
  const open = missing.filter((one) => one !== verdict.reason);
  return [
    `${words[verdict.verdict]}${seen}: ${printable(verdict.reason)}\n`,
    checks.length === 0 ? '' : textTable(checkHeads, checks.map(checkRow), style),
    budgets.length === 0 ? '' : textTable(budgetHeads, budgets.map(budgetRow), style),
    open.length === 0 ? '' : `not done:\n${open.map((one) => `  ${printable(one)}\n`).join('')}`,
  ].join('');
}

function checkRow({ name, verdict, runs, summary }: CheckVerdict['checks'][number]): string[] {
  return [printable(name), words[verdict], plural(runs, 'run'), printable(summary ?? '')];
}

function budgetRow(budget: CheckVerdict['budgets'][number]): string[] {
  const { label, name, unit, median, warning, critical, samples, state } = budget;
  const limit = critical ?? warning;
  const shown = (value: number | null): string =>
    value === null ? '–' : `${showNumber(value)}${unit === '' ? '' : ` ${unit}`}`;
  return [printable(label), printable(name), shown(median), shown(limit), String(samples), state];
}
