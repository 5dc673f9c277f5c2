import type { Command } from 'commander';
import { CodedError } from '../../errors/coded-error.ts';
import { collectRarely } from '../../launch/collector.ts';
import type { RunningTerritory } from '../../server/compose/territory.ts';
import type { Config } from '../../server/config/schema.ts';
import { declare } from '../command.ts';
import {
  type ConfigOptions,
  addConfigOptions,
  configFrom,
  requireConfig,
} from '../config-options.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { StartRefused } from '../failure.ts';

/** Adds `territory serve`. */
export function addServe(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'serve',
    summary: 'Run the server until SIGTERM or Ctrl-C.',
    description:
      'Prints its address on stdout, and the first time a link that signs the first admin in. Its ' +
      'log goes to stderr as JSON lines. Every setting is a flag, an environment variable and a ' +
      'line of the file; see docs/reference/configuration.md.',
    examples: [
      ['territory serve', 'on this machine only, with the defaults'],
      [
        'territory serve --data /var/lib/territory --port 7070 --config /etc/territory.yaml',
        'as a service',
      ],
      ['territory serve --host 0.0.0.0 --tls.cert cert.pem --tls.key key.pem', 'for others'],
    ],
  });
  addConfigOptions(command).action((options: ConfigOptions) => serve(options, context));
}

async function serve(options: ConfigOptions, context: Context): Promise<void> {
  const { terminal } = context;
  terminal.setKeepGoing(true);
  collectRarely();
  const asked = stopAsked(context);
  const running = await start(() => requireConfig(configFrom(options, context)));
  await terminal.print(`Territory is at ${running.url}\n`);
  if (running.adminLink !== undefined)
    await terminal.print(`Sign in as the first admin (good once): ${running.adminLink}\n`);
  const signal = await asked;
  terminal.say(`${signal}: finishing what is under way; again to stop at once`);
  await running.close();
}

/** The second signal means now: what was acknowledged is safe all the same. */
function stopAsked(context: Context): Promise<NodeJS.Signals> {
  let first = true;
  return new Promise((resolve) => {
    context.ownSignals((signal) => {
      if (!first) process.exit(exitCodes.failed);
      first = false;
      resolve(signal);
    });
  });
}

/** Whatever keeps the server from starting ends in the exit code for that. */
async function start(config: () => Config): Promise<RunningTerritory> {
  // Loaded here only: the other commands start in a fraction of the time without the server.
  const { startTerritory } = await import('../../server/compose/territory.ts');
  try {
    return await startTerritory(config());
  } catch (error) {
    throw error instanceof CodedError ? new StartRefused(error) : error;
  }
}
