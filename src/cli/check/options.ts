import { type Command, InvalidArgumentError } from 'commander';
import { type Range, parseRange } from '../../event/range.ts';
import { ownVersion } from '../../server/version.ts';

/** What `territory check` is told beside its feature. */
export interface CheckOptions {
  readonly environment?: string;
  readonly base?: string;
  readonly settings?: string;
  readonly steps?: string;
  readonly tags?: string;
  readonly warning?: Range;
  readonly critical?: Range;
  /** Seconds. */
  readonly timeout: number;
  /** How often -v was given. */
  readonly verbose: number;
  readonly lint?: boolean;
  readonly submit?: string;
  readonly host?: string;
  readonly service?: string;
}

/** Seconds: Nagios itself ends a plugin after 60 (`service_check_timeout`), and says less. */
const usualTimeout = 50;

const summary = 'Run a feature as a plugin of Nagios: one line, exit code 0, 1, 2 or 3.';

const description = `${summary}

Exits with 0 (OK), 1 (WARNING), 2 (CRITICAL) or 3 (UNKNOWN), and never with another code: what can not be run, wrong usage, --help and --version are 3. What failed stands below the first line, what was measured behind its bar.`;

const examples = [
  ['territory check shop.feature --base https://www.example.org', 'all scenarios of a feature'],
  ['territory check shop.feature:12 --env production', 'one, where checks.yaml says'],
  [`territory check shop.feature --env production -t '@page' -w 5 -c 10`, 'some, with limits in s'],
  ['territory check shop.feature --lint', 'what is wrong with it, without running it'],
] as const;

/** Declares `territory check` below `parent`. What it does is `runCheckLine`. */
export function declareCheck(parent: Command): Command {
  const lines = examples.map(([line, does]) => `  # ${does}\n  ${line}\n`);
  return parent
    .command('check')
    .argument('<feature>', 'a file, FILE:LINE for the scenario of that line, or a folder')
    .summary(summary)
    .description(description)
    .option('--env <name>', 'the environment of checks.yaml that it is run against')
    .option(
      '--base <url>',
      'what paths are relative to, without an environment or in place of its own',
    )
    .option('--settings <file>', 'another checks.yaml than the one beside the feature')
    .option('--steps <folder>', 'another folder of own steps than the one beside the feature')
    .option('-t, --tags <expression>', 'only scenarios of these tags: `@page and not @browser`')
    .option('-w, --warning <range>', 'WARNING when the time in seconds is not within it', rangeOf)
    .option('-c, --critical <range>', 'CRITICAL when the time in seconds is not within it', rangeOf)
    .option('--timeout <seconds>', 'UNKNOWN after so long', secondsOf, usualTimeout)
    .option('-v, --verbose', 'tell every scenario; -vv: its steps; -vvv: the last answer', more, 0)
    .option('--lint', 'only look whether the feature is right')
    .option(
      '--submit <path>',
      'give the result to Nagios: its command file, or folder of check results',
    )
    .option('--host <name>', 'the host of Nagios that a submitted result is about')
    .option('--service <name>', 'the service; without it the result is about the host')
    .version(`territory check ${ownVersion()}`, '-V, --version', 'print the version')
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

const more = (_: string, before: number): number => before + 1;

function rangeOf(text: string): Range {
  const range = parseRange(text);
  if (range) return range;
  throw new InvalidArgumentError('It is no range: `10`, `10:`, `~:10`, `10:20` or `@10:20`.');
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds >= 1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('It is a number of seconds from 1 to 3600.');
}
