import { Command, CommanderError } from 'commander';
import type { PluginReport } from '../../checks/nagios/report.ts';
import { troubleReport } from '../../checks/nagios/scenarios.ts';
import { CodedError } from '../../errors/coded-error.ts';
import { check } from './check.ts';
import { type CheckOptions, declareCheck } from './options.ts';

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
 * past the rest of the command line, which says other things by the same codes and takes three times
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
  declareCheck(program).action((target: string, options: CheckOptions) => {
    running = check(target, options, { env, signal });
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

function wordsOf(error: unknown): readonly string[] {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof CodedError ? [error.code] : [];
  return [...message.replace(/^error: /, '').split('\n'), ...code];
}
