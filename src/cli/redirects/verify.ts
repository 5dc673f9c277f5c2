import type { Command } from 'commander';
import { verifyTargets } from '../../checks/redirects/follow.ts';
import { sampled } from '../../checks/redirects/sample.ts';
import { type Verified, type VerifyOptions, verify } from '../../checks/redirects/verify.ts';
import { outboundOf } from '../../checks/run/outbound.ts';
import { placesOf } from '../../checks/settings/surroundings.ts';
import { collect, declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { showProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { plural, printable } from '../words.ts';
import { printFindings, readMaps } from './files.ts';

interface Options {
  readonly base?: string;
  readonly own?: boolean;
  readonly allow?: readonly string[];
  readonly sample?: string;
  readonly atOnce?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** Adds `territory redirects verify`. */
export function addRedirectsVerify(parent: Command, context: Context): void {
  declare(parent, context, {
    usage: 'verify <files...>',
    summary: 'Ask for every row of redirect maps, and say which do not hold.',
    description:
      'Each old address is asked for at the base by the host of the address, or with --own where it ' +
      'is; status and target have to be as written, nothing is followed. Prints FILE:LINE of each ' +
      'that is wrong, and ends with 1 if there is one, with 4 if some could not be asked. What is ' +
      'not public is not gone to unless it is allowed.',
    examples: [
      [
        'territory redirects verify redirects.csv --base http://127.0.0.1:8080',
        'before it goes live',
      ],
      [
        'territory redirects verify redirects.csv --own --sample 100',
        'what is live, some of each host',
      ],
    ],
  })
    .option('--base <URL>', 'where the hosts of the map are asked for')
    .option('--own', 'ask for each address where it is')
    .option(
      '--allow <ADDRESS>',
      'may be gone to though it is not public: 10.0.0.0/8, [::1]:80',
      collect,
    )
    .option('--sample <ROWS>', 'only so many rows of each host, evenly over the map')
    .option('--at-once <NUMBER>', 'requests under way at once (default: 64, with --own 16)')
    .option('--follow', 'then follow the targets too: each has to answer 200')
    .option('--json', 'print the result as one JSON document')
    .action(async (files: string[], options: Options) => verifyFiles(files, options, context));
}

async function verifyFiles(files: string[], options: Options, context: Context): Promise<void> {
  const { terminal, finish } = context;
  const { rows, findings } = await readMaps(files, context);
  await printFindings(findings, terminal);
  if (findings.length > 0 || rows.length === 0)
    throw cliErrors('INPUT', 'what can not be read can not be verified', { field: '<files...>' });
  const sample = countOf(options.sample, '--sample');
  const some = sample === undefined ? rows : sampled(rows, sample);
  const verified = await shown(some.length, options, context, async (how) => verify(some, how));
  const targets =
    options.follow === true
      ? await shown(some.length, options, context, async (how) => verifyTargets(some, how))
      : undefined;
  const all = [verified, ...(targets ? [targets] : [])];
  if (options.json === true) await terminal.print(`${JSON.stringify({ verified, targets })}\n`);
  for (const one of all) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (options.json !== true) await printWrong(one, terminal);
    terminal.say(summaryOf(one, one === targets ? 'target' : 'redirect'));
  }
  if (all.some(({ wrong }) => wrong > 0)) finish(exitCodes.failed);
  else if (all.some(({ unknown }) => unknown > 0)) finish(exitCodes.notAllowed);
}

async function shown(
  total: number,
  options: Options,
  { terminal, signal }: Context,
  run: (how: VerifyOptions) => Promise<Verified>,
): Promise<Verified> {
  const progress = showProgress(terminal, 'redirects', total);
  let shownDone = 0;
  const onProgress = (done: number): void => {
    progress.advance(done - shownDone);
    shownDone = done;
  };
  try {
    return await run({ ...howOf(options), signal, onProgress, most: 10_000 });
  } finally {
    progress.stop();
  }
}

function howOf({ base, own, allow = [], atOnce }: Options): Omit<VerifyOptions, 'signal'> {
  if ((base === undefined) === (own !== true))
    throw cliErrors('USAGE', 'say where to ask: --base URL, or --own', { field: '--base' });
  if (base !== undefined && (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)))
    throw cliErrors('USAGE', `"${base}" is no http or https address`, { field: '--base' });
  const lanes = countOf(atOnce, '--at-once');
  return {
    base,
    outbound: outboundOf([...allow, ...(base === undefined ? [] : placesOf(base))]),
    ...(lanes === undefined ? {} : { atOnce: Math.min(lanes, 256) }),
  };
}

function countOf(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw cliErrors('USAGE', `"${text}" is no number from 1 on`, { field });
}

async function printWrong({ rows, wrong }: Verified, terminal: Terminal): Promise<void> {
  const lines = rows.map(
    ({ row, expected, seen }) =>
      `${row.file}:${row.line}: ${printable(row.old)}: ${printable(expected)}, seen ${printable(seen)}\n`,
  );
  await terminal.print(lines.join(''));
  if (wrong > rows.length) terminal.say(`and ${wrong - rows.length} more`);
}

function summaryOf({ total, ok, wrong, unknown, why, seconds }: Verified, one: string): string {
  const speed = Math.round(total / Math.max(seconds, 0.001)).toLocaleString('en');
  const missed =
    unknown === 0 ? '' : `, ${unknown.toLocaleString('en')} could not be asked (${why ?? ''})`;
  return (
    `${plural(total, one)}: ${ok.toLocaleString('en')} right, ` +
    `${wrong.toLocaleString('en')} wrong${missed}; ${seconds.toFixed(1)} s, ${speed}/s`
  );
}
