import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Backtest } from '../../rules/backtest/result.ts';
import { liveRules } from '../../server/rules/backtest/backtest.ts';
import { ruleFilesIn } from '../../server/rules/loading/compile.ts';
import { rulesDirectory } from '../../server/rules/directory.ts';
import { collect, declare } from '../command.ts';
import { configFrom, requireConfig } from '../config-options.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { parseDuration, parseTime } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { backtestHere } from '../rules/backtest-here.ts';
import { backtestThere } from '../rules/backtest-there.ts';
import { backtestView } from '../rules/backtest-view.ts';
import { writtenFile } from '../rules/written.ts';

interface TimeOptions extends ConnectionOptions {
  readonly from?: string;
  readonly to?: string;
  readonly last?: string;
  readonly data?: string;
  readonly only?: readonly string[];
  readonly json?: boolean;
}

type BacktestOptions = TimeOptions & { readonly against?: string };
type ReplayOptions = TimeOptions & { readonly alert?: string };

/** Adds `territory rules backtest`. */
export function addBacktest(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'backtest <file>',
    summary: 'Run a rule file over what was recorded and show what it would have decided.',
    description:
      'Nothing comes of the decisions; they are listed beside those of the rules that run now. The ' +
      'server does it, with the file and what it imports; with --data it is done here, also while a ' +
      'server runs on the directory, but without history. Give a time with --last, or --from and ' +
      '--to; the last hour otherwise. See docs/guides/backtest-and-test-rules.md.',
    examples: [
      ['territory rules backtest checkout.ts --last 1d', 'what yesterday would have been like'],
      [
        'territory rules backtest checkout.ts --from 2026-05-01T08:00:00Z --to 2026-05-01T12:00:00Z --json',
        'the same bytes for the same recording',
      ],
      ['territory rules backtest new.ts --against old.ts --last 1h', 'two versions'],
      [
        'territory rules backtest checkout.ts --last 1h --data /var/lib/territory --against none',
        'without a server',
      ],
    ],
  });
  addTimeOptions(command)
    .option(
      '--against <WHAT>',
      'compare with `live` (the rules that run now), another FILE, or `none`',
      'live',
    )
    .action(async (file: string, options: BacktestOptions) => {
      if (!existsSync(file))
        throw cliErrors('INPUT', `there is no file ${file}`, { field: '<file>' });
      const range = rangeOf(options, context.now());
      const text =
        options.data === undefined
          ? await backtestThere(connect(options, context), context, {
              body: {
                ...range,
                ...writtenFile(file),
                ...onlyOf(options),
                ...againstThere(options),
              },
              folder: file,
            })
          : await backtestHere(context, options.data, {
              ...range,
              rules: { files: [file] },
              ...onlyOf(options),
              ...againstHere(file, options, context),
            });
      await show(text, options, context);
    });
}

/** Adds `territory rules replay`. */
export function addReplay(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'replay',
    summary: 'Run the rules that run now over an earlier time, such as that of an incident.',
    description:
      'What would have been decided then, had these rules run. With --alert the time is from an hour ' +
      'before the alert to half an hour behind its end.',
    examples: [
      ['territory rules replay --alert 3f2a9c', 'the time of an alert'],
      ['territory rules replay --from 3h --to 2h --only http-errors', 'one rule, two hours ago'],
    ],
  });
  addTimeOptions(command)
    .option('--alert <ID>', 'the time of this alert (asks the server)')
    .action(async (options: ReplayOptions) => {
      const { alert, data } = options;
      if (alert !== undefined && data !== undefined)
        throw cliErrors('USAGE', '--alert asks the server; give --from and --to with --data');
      const range = alert === undefined ? rangeOf(options, context.now()) : { alert };
      let text;
      if (data === undefined)
        text = await backtestThere(connect(options, context), context, {
          body: { ...range, ...onlyOf(options) },
        });
      else {
        const files = liveIn(data, context);
        if (files.length === 0)
          throw cliErrors('INPUT', `${data} has no rules that run`, {
            field: '--data',
          });
        const time = rangeOf(options, context.now());
        text = await backtestHere(context, data, { ...time, rules: { files }, ...onlyOf(options) });
      }
      await show(text, options, context);
    });
}

function addTimeOptions(command: Command): Command {
  return addConnectionOptions(
    command
      .option('--last <DURATION>', 'the time until now, e.g. 15m, 1h, 7d')
      .option('--from <TIME>', 'decisions from then on: RFC 3339 with an offset, or 3h for then')
      .option('--to <TIME>', 'decisions before then (default: now)')
      .option('--only <RULE>', 'only this rule (may be repeated)', collect)
      .option('--data <DIR>', 'do it here, on this data directory')
      .option('--json', 'print the result as one JSON document (docs/formats/backtest.md)'),
  );
}

/** Nothing lies in the future: to run rules into it would be to say that it is silent. */
function rangeOf(
  { from, to, last }: TimeOptions,
  now: number,
): { readonly from: number; readonly to: number } {
  if (last !== undefined && from !== undefined)
    throw cliErrors('USAGE', 'give --last, or --from and --to', { field: '--last' });
  const end = Math.min(now, to === undefined ? now : parseTime(to, '--to', now));
  const start =
    from === undefined
      ? end - parseDuration(last ?? '1h', '--last')
      : parseTime(from, '--from', now);
  if (start < end) return { from: start, to: end };
  throw cliErrors('USAGE', 'the time is empty: --from must lie before --to, and before now', {
    field: '--from',
  });
}

const onlyOf = ({ only }: TimeOptions): { only?: string[] } =>
  only === undefined ? {} : { only: [...only] };

function againstThere({ against = 'live' }: BacktestOptions) {
  if (against === 'live' || against === 'none') return { against } as const;
  return { against: writtenFile(existing(against)) };
}

function againstHere(
  file: string,
  { data = '', against = 'live' }: BacktestOptions,
  context: Context,
) {
  if (against === 'none') return {};
  if (against !== 'live')
    return { against: { name: against, rules: { files: [existing(against)] } } };
  const live = liveIn(data, context);
  return live.length === 0 ? {} : { against: liveRules(live, file) };
}

function existing(file: string): string {
  if (existsSync(file)) return file;
  throw cliErrors('INPUT', `there is no file ${file}; or write live, or none`, {
    field: '--against',
  });
}

function liveIn(data: string, context: Context): readonly string[] {
  const directory = rulesDirectory(requireConfig(configFrom({ data }, context)));
  return existsSync(directory) ? ruleFilesIn(directory) : [];
}

async function show(text: string, { json }: TimeOptions, { terminal }: Context): Promise<void> {
  if (json === true) return terminal.print(`${text}\n`);
  // As `runBacktest` made it.
  await terminal.print(backtestView(JSON.parse(text) as Backtest, terminal));
}
