import { CommanderError } from 'commander';
import type { Context } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { explain } from './failure.ts';
import { buildProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

type Signal = 'SIGINT' | 'SIGTERM';

const interrupted = new AbortController();
const terminal = openTerminal(process, () => process.exit(exitCodes.ok));
let endCode: ExitCode = exitCodes.ok;
let endedBy: Signal | undefined;

let handle = (signal: Signal): void => {
  // The second one means now.
  if (endedBy !== undefined) process.exit(codeOfSignal(signal));
  endedBy = signal;
  interrupted.abort(new Error(`ended by ${signal}`));
};
process.on('SIGINT', () => handle('SIGINT'));
process.on('SIGTERM', () => handle('SIGTERM'));

const context: Context = {
  terminal,
  env: process.env,
  stdin: process.stdin,
  signal: interrupted.signal,
  now: Date.now,
  finish(code) {
    endCode = code;
  },
  ownSignals(own) {
    handle = own;
  },
};

function codeOfSignal(signal: Signal): ExitCode {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}

function fail(error: unknown): ExitCode {
  if (endedBy !== undefined) return codeOfSignal(endedBy);
  const { code, lines } = explain(error, terminal.isVerbose());
  for (const line of lines) terminal.say(line);
  return code;
}

try {
  await buildProgram(context).parseAsync(process.argv);
  if (endedBy !== undefined) endCode = codeOfSignal(endedBy);
} catch (error) {
  endCode = error instanceof CommanderError && error.exitCode === 0 ? exitCodes.ok : fail(error);
}
// Kept-alive connections must not keep a finished command waiting.
process.exit(endCode);
