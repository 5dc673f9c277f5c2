import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** What a command left. */
export interface Ran {
  readonly ok: boolean;
  /** The start of its output, or why there is none. */
  readonly said: string;
}

const maxOutput = 8_192;
/** After SIGTERM so long until SIGKILL, ms. */
const graceMs = 2_000;

/**
 * Runs a program by argument vector: no shell, no standard input, an empty environment but PATH, a
 * process group of its own that ends as a whole when the time is up or `signal` aborts.
 */
export function runCommand(
  [program = '', ...args]: readonly string[],
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8' };
    const child = spawn(program, args, {
      env,
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let late = false;
    const take = (part: Buffer): void => {
      if (output.length < maxOutput) output += part.toString('utf8');
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const end = (): void => endGroup(child.pid);
    const timer = setTimeout(() => {
      late = true;
      end();
    }, timeout);
    signal.addEventListener('abort', end, { once: true });
    const done = (ok: boolean, why: string): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      const said = output.slice(0, maxOutput).trim();
      resolve({ ok, said: [why, said].filter((part) => part !== '').join('\n') });
    };
    child.once('error', (error) => done(false, error.message));
    // What left the group may hold the pipes for ever.
    child.once('exit', () => setTimeout(() => closePipes(child), graceMs).unref());
    child.once('close', (code, by) => {
      if (late) done(false, `it took longer than ${timeout} ms`);
      else if (code === 0) done(true, '');
      else done(false, code === null ? `it was ended by ${String(by)}` : `it ended with ${code}`);
    });
  });
}

function closePipes(child: ChildProcessByStdio<null, Readable, Readable>): void {
  child.stdout.destroy();
  child.stderr.destroy();
}

/** The command and all that it started. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  const kill = (name: 'SIGTERM' | 'SIGKILL'): void => {
    try {
      process.kill(-pid, name);
    } catch {
      // They have all ended.
    }
  };
  kill('SIGTERM');
  setTimeout(() => kill('SIGKILL'), graceMs).unref();
}
