import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a program is run. */
export interface Running {
  /** ms. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Folder that it is run in, and that paths among its words are relative to. */
  readonly folder?: string;
}

/** How a program ended. */
export type Ended =
  | { readonly how: 'code'; readonly code: number }
  | { readonly how: 'signal'; readonly signal: string }
  | { readonly how: 'late' }
  | { readonly how: 'stopped' }
  /** It could not be started: why. */
  | { readonly how: 'not-started'; readonly why: string };

/** What a program printed, and how it ended. */
export interface Printed {
  readonly ended: Ended;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** More was printed than is kept. */
  readonly isCut: boolean;
}

/** Bytes that are kept of each stream; the rest is read and thrown away. */
export const mostOutput = 65_536;
/** After SIGTERM so long until SIGKILL, ms. */
const graceMs = 1_000;

/**
 * Runs a program by its words: no shell, no input, an environment without anything of ours, a
 * process group of its own. When it ends, is late or is stopped, what is left of the group is
 * killed. Never throws.
 */
export async function spawnPlugin(
  command: readonly string[],
  { timeout, signal, folder = '/' }: Running,
): Promise<Printed> {
  const [program = '', ...args] = command;
  if (signal.aborted) return nothing({ how: 'stopped' });
  let child: ChildProcessByStdio<null, Readable, Readable>;
  try {
    child = spawn(program, args, {
      // The language of the place would be that of the output, and of the decimal point.
      env: environment(),
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    // A NUL in its words, or none at all.
    return nothing({ how: 'not-started', why: error instanceof Error ? error.message : 'it' });
  }
  return followed(child, program, { timeout, signal });
}

function followed(
  child: ChildProcessByStdio<null, Readable, Readable>,
  program: string,
  { timeout, signal }: Running,
): Promise<Printed> {
  const [stdout, stderr] = [new Kept(child.stdout), new Kept(child.stderr)];
  let cut: 'late' | 'stopped' | undefined;
  const end = (why: 'late' | 'stopped'): void => {
    cut ??= why;
    killGroup(child.pid, 'SIGTERM');
    setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs).unref();
  };
  const late = setTimeout(() => end('late'), timeout);
  const stop = (): void => end('stopped');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve) => {
    const done = (ended: Ended): void => {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
      const isCut = stdout.isCut || stderr.isCut;
      resolve({ ended, stdout: stdout.bytes, stderr: stderr.bytes, isCut });
    };
    child.once('error', (error: NodeJS.ErrnoException) =>
      done({ how: 'not-started', why: wordsOf(error, program) }),
    );
    child.once('exit', () => {
      // What it left running would hold its pipes open.
      killGroup(child.pid, 'SIGKILL');
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, graceMs).unref();
    });
    child.once('close', (code, by) => {
      if (cut !== undefined) done({ how: cut });
      else if (code === null) done({ how: 'signal', signal: String(by) });
      else done({ how: 'code', code });
    });
  });
}

/** The beginning of what a stream brings. */
class Kept {
  isCut = false;
  readonly #parts: Buffer[] = [];
  #size = 0;

  constructor(stream: Readable) {
    stream.on('data', (part: Buffer) => {
      const room = mostOutput - this.#size;
      if (part.length > room) this.isCut = true;
      if (room <= 0) return;
      const kept = part.subarray(0, room);
      this.#parts.push(kept);
      this.#size += kept.length;
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

const nothing = (ended: Ended): Printed => ({
  ended,
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
  isCut: false,
});

/** Where distributions put plugins: they are in no PATH, and are found by their names all the same. */
const pluginFolders = '/usr/lib/nagios/plugins:/usr/lib64/nagios/plugins';

/** Never what secrets of ours may stand in. HOME is for keys of `check_by_ssh` and the like. */
function environment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env;
  return { PATH: `${PATH}:${pluginFolders}`, HOME, LC_ALL: 'C.UTF-8' };
}

function wordsOf({ code, message }: NodeJS.ErrnoException, program: string): string {
  if (code === 'ENOENT') return `there is no program ${program}`;
  if (code === 'EACCES') return `${program} may not be run`;
  return message;
}

function killGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // They have all ended.
  }
}
