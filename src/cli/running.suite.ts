import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const main = join(import.meta.dirname, 'main.ts');

/** What a run of the command line left. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Given to stdin; nothing without it. */
  readonly input?: string;
  readonly cwd?: string;
}

/** Starts the command line from its sources as a process of its own. */
export function startCli(args: readonly string[], { env, cwd }: RunOptions = {}): ChildProcess {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('TERRITORY_')),
  );
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
    cwd,
    env: { ...own, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Runs the command line to its end. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = startCli(args, options);
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  // A command that reads no stdin may end before it is written.
  child.stdin?.on('error', () => undefined).end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** Resolves with the first text on a stream that matches. */
export async function seen(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const look = (part: Buffer): void => {
      text += part.toString('utf8');
      const match = pattern.exec(text);
      if (match !== null) resolve(match);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', (code) => reject(new Error(`ended with ${String(code)}: ${text}`)));
  });
}
