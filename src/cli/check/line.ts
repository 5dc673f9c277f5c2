import { Command, CommanderError } from 'commander';
import type { PluginReport } from '../../checks/nagios/report.ts';
import { troubleReport } from '../../checks/nagios/scenarios.ts';
import { check, wordsOf } from './check.ts';
import { type CheckOptions, declareCheck } from './options.ts';

/** As the flags have it. */
type Given = Omit<CheckOptions, 'environment'> & { readonly env?: string };

/** The process around it. */
export interface CheckSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => Promise<void>;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * Runs `territory check` (words from `check` on) to its end. Nagios reads exit codes in its own way
 * and looks at nothing but stdout, and it starts a process for each check: that is why this goes
 * past the rest of the command line, which says other things by the same codes and takes twice
 * as long to load.
 */
export async function runCheckLine(
  args: readonly string[],
  { env, print, signal }: CheckSurroundings,
): Promise<PluginReport['code']> {
  let printed = '';
  const program = new Command('territory')
    .exitOverride()
    .configureOutput({ writeOut: (text) => (printed += text), writeErr: () => {} });
  let running: Promise<PluginReport> | undefined;
  declareCheck(program).action((target: string, { env: environment, ...options }: Given) => {
    const named = environment === undefined ? {} : { environment };
    running = check(target, { ...options, ...named }, { env, signal });
  });
  let report: PluginReport;
  try {
    await program.parseAsync(args, { from: 'user' });
    report = (await running) ?? troubleReport('check', ['nothing was run']);
  } catch (error) {
    const isAsked = error instanceof CommanderError && error.exitCode === 0;
    report = isAsked ? { code: 3, text: printed } : troubleReport('check', wordsOf(error));
  }
  await print(report.text);
  return report.code;
}
