import type { ExitCode } from './exit-codes.ts';
import type { OwnTerminal } from './terminal.ts';

/** What a command gets from the process around it. */
export interface Context {
  readonly terminal: OwnTerminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Sets the exit code of a command that ended in order. */
  readonly finish: (code: ExitCode) => void;
  /** As Ctrl-C, for a command that reads the keys itself. */
  readonly interrupt: () => void;
  /** Takes over SIGINT and SIGTERM: `serve` drains instead of being interrupted. */
  readonly ownSignals: (handle: (signal: 'SIGINT' | 'SIGTERM') => void) => void;
}
