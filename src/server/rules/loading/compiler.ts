import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { rulesError } from '../errors.ts';

/** Something that the compiler found wrong. */
export interface Complaint {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The text of the file could not be read as TypeScript; types were then not looked at. */
  readonly syntax: boolean;
}

const timeLimitMs = 60_000;
const mostOutput = 16 * 1024 * 1024;

/**
 * How the compiler is started. Straight where its program for this machine is found: the way through
 * its JavaScript costs a start of Node each time.
 */
export function compilerCommand(): { readonly command: string; readonly args: readonly string[] } {
  const require = createRequire(import.meta.url);
  const typescript = require.resolve('typescript/package.json');
  try {
    const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
    const folder = dirname(createRequire(typescript).resolve(platform));
    const program = process.platform === 'win32' ? 'tsc.exe' : 'tsc';
    return { command: join(folder, 'lib', program), args: [] };
  } catch {
    return { command: process.execPath, args: [join(dirname(typescript), 'bin/tsc')] };
  }
}

/**
 * Compiles what the configuration file says, and answers all that is wrong with it. Throws
 * TERR_RULES_COMPILER when it could not work at all, and an AbortError.
 */
export async function runCompiler(
  config: string,
  signal?: AbortSignal,
): Promise<readonly Complaint[]> {
  const { command, args } = compilerCommand();
  const all = [...args, '-p', config, '--pretty', 'false'];
  // At the root, so that the paths it prints are whole but for the first slash.
  const given = { cwd: '/', timeout: timeLimitMs, maxBuffer: mostOutput, signal };
  const { output, failure } = await new Promise<{ output: string; failure: Error | null }>(
    (done) => {
      execFile(command, all, given, (error, stdout, stderr) =>
        done({ output: `${stdout}${stderr}`, failure: error }),
      );
    },
  );
  signal?.throwIfAborted();
  const complaints = readComplaints(output);
  if (failure && complaints.length === 0)
    throw rulesError('COMPILER', `${command} failed: ${output.trim() || failure.message}`, {
      cause: failure,
    });
  return complaints;
}

const first = /^(.+)\((\d+),(\d+)\): error TS(\d+): (.*)$/;

/** Reads the output of `tsc --pretty false`; indented lines go on explaining the one before. */
export function readComplaints(output: string): readonly Complaint[] {
  const complaints: Complaint[] = [];
  for (const line of output.split(/\r?\n/)) {
    const match = first.exec(line);
    if (match) {
      const [, file = '', row, column, code, message = ''] = match;
      complaints.push({
        file: resolve('/', file),
        line: Number(row),
        column: Number(column),
        message,
        syntax: Number(code) < 2000,
      });
      continue;
    }
    const last = complaints.at(-1);
    if (last && /^\s+\S/.test(line))
      complaints[complaints.length - 1] = {
        ...last,
        message: `${last.message}\n${line.trimEnd()}`,
      };
  }
  return complaints;
}
