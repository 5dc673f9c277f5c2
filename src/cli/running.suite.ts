import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll } from 'vitest';
import { runCommandLine } from './run.ts';

const root = join(import.meta.dirname, '../..');
let built = '';

/**
 * Builds the command line for the tests of a file, as `script/build` does: from sources each start
 * would take four times as long. Inside node_modules, so that packages are found.
 */
export function buildForTests(): void {
  beforeAll(() => {
    const cache = join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    built = mkdtempSync(join(cache, 'territory-cli-'));
    copyFileSync(join(root, 'package.json'), join(built, 'package.json'));
    const tsc = join(root, 'node_modules/.bin/tsc');
    const args = ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(built, 'dist')];
    execFileSync(tsc, args, { stdio: 'inherit' });
  });
  afterAll(() => rmSync(built, { recursive: true, force: true }));
}

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

/** Starts the command line as a process of its own. */
export function startCli(args: readonly string[], { env, cwd }: RunOptions = {}): ChildProcess {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('TERRITORY_')),
  );
  return spawn(process.execPath, [join(built, 'dist/cli/main.js'), ...args], {
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

/** Runs the command line in this process: for what it says and decides, much faster. */
export async function runHere(
  args: readonly string[],
  { env = {}, input = '' }: RunOptions = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const collect = (take: (text: string) => void): Writable =>
    new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        take(chunk.toString());
        done();
      },
    });
  const code = await runCommandLine(args, {
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]) as NodeJS.ReadStream, // only read
    stdout: collect((text) => (out += text)),
    stderr: collect((text) => (err += text)),
    env,
    onSignal: () => undefined,
    exit: () => undefined,
  });
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
