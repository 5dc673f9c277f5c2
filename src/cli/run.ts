import { CommanderError } from 'commander';
import type { Context } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { CheckSurroundings } from './check/line.ts';
import { type OwnTerminal, type Streams, openTerminal } from './terminal.ts';

type Signal = 'SIGINT' | 'SIGTERM';

/** The process around a command line, or a stand-in. */
export interface Surroundings extends Streams {
  readonly stdin: NodeJS.ReadStream;
  /** Registers what is to happen on a signal. */
  readonly onSignal: (handle: (signal: Signal) => void) => void;
  /** Ends the process at once. */
  readonly exit: (code: ExitCode) => void;
}

/** Runs one command line (without node and the script) to its end and gives its exit code. */
export async function runCommandLine(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { stdin, env, exit } = surroundings;
  const interrupted = new AbortController();
  const terminal = openTerminal(surroundings, () => exit(exitCodes.ok));
  let endCode: ExitCode = exitCodes.ok;
  let endedBy: Signal | undefined;
  let handle = (signal: Signal): void => {
    // The second one means now.
    if (endedBy !== undefined) exit(codeOfSignal(signal));
    endedBy = signal;
    interrupted.abort(new Error(`ended by ${signal}`));
  };
  surroundings.onSignal((signal) => handle(signal));
  if (args[0] === 'check') return runCheck(args, terminal, { env, signal: interrupted.signal });
  const context: Context = {
    terminal,
    env,
    stdin,
    signal: interrupted.signal,
    now: Date.now,
    finish(code) {
      endCode = code;
    },
    interrupt: () => handle('SIGINT'),
    ownSignals(own) {
      handle = own;
    },
  };
  const [{ buildProgram }, { explain }] = await Promise.all([
    import('./program.ts'),
    import('./failure.ts'),
  ]);
  try {
    await buildProgram(context).parseAsync(args, { from: 'user' });
    return endedBy === undefined ? endCode : codeOfSignal(endedBy);
  } catch (error) {
    if (endedBy !== undefined) return codeOfSignal(endedBy);
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const { code, lines } = explain(error, terminal.isVerbose());
    for (const line of lines) terminal.say(line);
    return code;
  }
}

/** A plugin of Nagios: its exit codes mean something else than those of other commands. */
async function runCheck(
  args: readonly string[],
  { print }: OwnTerminal,
  around: Pick<CheckSurroundings, 'env' | 'signal'>,
): Promise<ExitCode> {
  const { runCheckLine } = await import('./check/line.ts');
  return runCheckLine(args, { ...around, print });
}

function codeOfSignal(signal: Signal): ExitCode {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}
