import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { killAll } from '../../demo/processes/leave.ts';
import type { DemoReady, DemoSurroundings } from '../../demo/start.ts';
import { CodedError } from '../../errors/coded-error.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { StartRefused } from '../failure.ts';

interface Options {
  readonly data: string;
  readonly port?: number;
  readonly seed?: number;
  readonly speed: number;
  readonly reset?: boolean;
  readonly record?: string;
  readonly replay?: string;
  readonly open: boolean;
  readonly json?: boolean;
}

/** Adds `territory demo`. */
export function addDemo(program: Command, context: Context): void {
  declare(program, context, {
    usage: 'demo',
    summary: 'Start a small company that really ships, and Territory watching it.',
    description:
      'Feeds, importers, a queue, encoders, a site with visitors, developers who commit and release: ' +
      'real processes on this machine, all on 127.0.0.1. Ctrl-C ends every one of them; started again, ' +
      'it goes on where it was. See docs/guides/demo.md.',
    examples: [
      ['territory demo', 'in ./territory-demo; the console opens in the browser'],
      ['territory demo --data /tmp/news --port 7171 --no-open', 'elsewhere, without a browser'],
      ['territory demo --reset --seed 3', 'a new company, with another story'],
      ['territory demo --speed 2 --record day.ndjson', 'twice as fast, and everything kept'],
      ['territory demo --data /tmp/again --replay day.ndjson --speed 60', 'that day in 24 minutes'],
    ],
  })
    .option('--data <DIR>', 'folder of the company', 'territory-demo')
    .option('--port <N>', 'port of the console (7070, or as before)', whole(1, 65_535))
    .option('--seed <N>', 'decides the story (1, or as before)', whole(0, 2 ** 31 - 1))
    .option('--speed <X>', 'how fast the company lives, or a recording is given', speed, 1)
    .option('--reset', 'remove what is in the folder, and begin anew')
    .option('--no-open', 'do not open the console in a browser')
    .option('--record <FILE>', 'keep every event in a file as long as it runs')
    .option('--replay <FILE>', 'give the events of such a file to a fresh server instead')
    .option('--json', 'say where it is as a line of JSON')
    .action(async (options: Options) => demo(options, context));
}

async function demo(options: Options, context: Context): Promise<void> {
  const { terminal, env, now } = context;
  terminal.setKeepGoing(true);
  const { data: home, record, replay } = options;
  const around: DemoSurroundings = {
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? 'territory'],
    root: ownRoot(),
    env,
    say: (text) => terminal.say(`${new Date(now()).toISOString().slice(11, 19)} ${text}`),
    signal: stopAsked(home, context),
    now,
    onReady: (ready) => void tell(ready, options, context),
  };
  const wishes = {
    home,
    port: options.port,
    seed: options.seed,
    speed: options.speed,
    reset: options.reset === true,
  };
  const { runDemo } = await import('../../demo/start.ts');
  try {
    await runDemo({ ...wishes, record, replay }, around);
  } catch (error) {
    throw error instanceof CodedError ? new StartRefused(error) : error;
  }
}

/** Where the company and its console are, and the console in a browser. */
async function tell(ready: DemoReady, options: Options, context: Context): Promise<void> {
  const { terminal } = context;
  const { url, adminLink, site } = ready;
  if (options.json === true)
    await terminal.print(`${JSON.stringify({ url, site, adminLink: adminLink ?? null })}\n`);
  else {
    await terminal.print(`Territory is at ${url}\n`);
    if (adminLink !== undefined)
      await terminal.print(`Sign in as the first admin (good once): ${adminLink}\n`);
    if (site !== undefined) await terminal.print(`The company's site is at ${site}\n`);
    terminal.say('Ctrl-C ends every process; started again, the company goes on.');
  }
  if (options.open) openBrowser(adminLink ?? url, context.env);
}

/** Aborts with the first signal; the second one kills what has not ended yet. */
function stopAsked(home: string, { ownSignals, terminal }: Context): AbortSignal {
  const stop = new AbortController();
  const asked = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      killAll(home);
      process.exit(exitCodes.failed);
    }
    terminal.say(`${signal}: ending every process; again to kill them at once`);
    stop.abort(new Error(`ended by ${signal}`));
  };
  ownSignals(asked);
  // A terminal that was closed.
  process.on('SIGHUP', () => {
    if (!stop.signal.aborted) asked('SIGHUP');
  });
  return stop.signal;
}

/** Where no desktop is, nothing is opened. */
function openBrowser(address: string, env: Context['env']): void {
  const desktop = ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => (env[name] ?? '') !== '');
  if (process.platform === 'linux' && !desktop) return;
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  // Without such a program the address on the terminal has to do.
  const child = spawn(program, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

/** The folder with this installation's package.json. */
function ownRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

function speed(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.1 && value <= 1000) return value;
  throw new InvalidArgumentError('It must be a number from 0.1 to 1000.');
}
