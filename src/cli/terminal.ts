import { once } from 'node:events';
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: results to stdout, everything said about them to stderr. */
export interface Terminal {
  /** Writes a result and waits while the reader of a pipe is slow. */
  readonly print: (text: string | Uint8Array) => Promise<void>;
  /** Says something to the person: a line on stderr. */
  readonly say: (line: string) => void;
  /** As `say`, with --verbose only. */
  readonly detail: (line: string) => void;
  /** Colours text for stdout where that is a terminal and NO_COLOR is not set. */
  readonly style: (style: Style, text: string) => string;
  /** Columns of stdout; 100 where it is no terminal. */
  readonly width: number;
  readonly isTerminal: { readonly out: boolean; readonly err: boolean };
}

/** The terminal of this process. A broken pipe ends it quietly unless `keepGoing` is set. */
export interface OwnTerminal extends Terminal {
  readonly setVerbose: (on: boolean) => void;
  readonly isVerbose: () => boolean;
  /** For `serve`: losing the reader of its output is no reason to stop. */
  readonly setKeepGoing: (on: boolean) => void;
}

/** Of a process, or of a test that stands in for one. */
export interface Streams {
  readonly stdout: Output & { readonly columns?: number };
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly destroyed?: boolean };

export function openTerminal(streams: Streams, onBrokenPipe: () => void): OwnTerminal {
  const { stdout, stderr, env } = streams;
  const isTerminal = { out: stdout.isTTY === true, err: stderr.isTTY === true };
  const noColour = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  let verbose = false;
  let keepGoing = false;
  const broken = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    if (!keepGoing) onBrokenPipe();
  };
  stdout.on('error', broken);
  stderr.on('error', broken);
  const say = (line: string): void => void stderr.write(`${line}\n`);
  return {
    async print(text) {
      if (!stdout.write(text) && stdout.destroyed !== true) await once(stdout, 'drain');
    },
    say,
    detail(line) {
      if (verbose) say(line);
    },
    style: (style, text) =>
      isTerminal.out && !noColour ? styleText(style, text, { validateStream: false }) : text,
    width: isTerminal.out ? Math.max(40, stdout.columns ?? 100) : 100,
    isTerminal,
    setVerbose(on) {
      verbose = on;
    },
    isVerbose: () => verbose,
    setKeepGoing(on) {
      keepGoing = on;
    },
  };
}
