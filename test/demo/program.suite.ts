import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Folder of the project. */
export const root = join(import.meta.dirname, '../..');
/** `examples/newsroom` */
export const example = join(root, 'examples/newsroom');

export type Env = Readonly<Record<string, string>>;

/** Puts the libraries of the company's programs where they look for them, below a folder. */
export function placeLibraries(home: string): void {
  mkdirSync(join(home, 'node_modules'));
  for (const name of ['libsql', 'pngjs', 'prom-client', 'fast-xml-parser'])
    symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name));
  cpSync(join(example, 'service'), join(home, 'node_modules/newsroom-service'), {
    recursive: true,
  });
}

/** What a program finds in its environment: as small as in the demo, and a port that is free. */
export const environment = (env: Env): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=1',
  PORT: '0',
  ...env,
});

/** A program of the company that listens. */
export interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  /** Fields of the lines of its log. */
  readonly said: readonly Record<string, unknown>[];
}

/** Starts `main.js` of a folder; rejects with its complaint when it ends before it listens. */
export async function startProgram(cwd: string, env: Env): Promise<Started> {
  const child = spawn(process.execPath, ['main.js'], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Record<string, unknown>[] = [];
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const fields = JSON.parse(line) as Record<string, unknown>; // its log is JSON lines
      said.push(fields);
      if (fields['msg'] === 'listens') resolve(Number(fields['port']));
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${complaint}`)));
  });
  return { child, url: `http://127.0.0.1:${port}`, said };
}
