import { execFile } from 'node:child_process';
import { releaseErrors } from './errors.ts';

/** Bytes of a file that is compared, and of what comes out. */
export const maxCompared = 2 * 2 ** 20;
const maxOutput = 2 * 2 ** 20;
/** ms. */
const patience = 10_000;

/** The difference of two files, line by line. */
export interface TextDifference {
  readonly kind: 'same' | 'text' | 'binary';
  /** A unified diff without its head, from the first `@@` on. */
  readonly text: string;
  readonly added: number;
  readonly deleted: number;
  /** There is more than is given. */
  readonly cut: boolean;
}

/**
 * Compares two files by `git diff --no-index`; one that is not there is /dev/null. Both are at most
 * `maxCompared` bytes. Throws TERR_RELEASE_STORE when git can not.
 */
export async function diffTexts(
  before: string | undefined,
  after: string | undefined,
  { lines, signal }: { readonly lines: number; readonly signal: AbortSignal },
): Promise<TextDifference> {
  const args = [
    '-c',
    'core.quotePath=false',
    'diff',
    '--no-index',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--no-renames',
    '--diff-algorithm=histogram',
    `--unified=${lines}`,
    '--',
    before ?? '/dev/null',
    after ?? '/dev/null',
  ];
  const { text, cut } = await run(args, signal);
  const start = text.search(/^@@ /m);
  if (start < 0) {
    const binary = /^Binary files .* differ$/m.test(text);
    return { kind: binary ? 'binary' : 'same', text: '', added: 0, deleted: 0, cut: false };
  }
  const body = text.slice(start);
  const count = (sign: RegExp): number => body.match(sign)?.length ?? 0;
  return { kind: 'text', text: body, added: count(/^\+/gm), deleted: count(/^-/gm), cut };
}

/** Ends with 1 where there are differences (git-diff, `--no-index`). */
async function run(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly cut: boolean }> {
  return new Promise((resolve, reject) => {
    const options = {
      env: {
        PATH: process.env['PATH'],
        LC_ALL: 'C.UTF-8',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
      },
      cwd: '/',
      maxBuffer: maxOutput,
      timeout: patience,
      signal,
    };
    execFile('git', args, options, (error, stdout, stderr) => {
      const code: unknown = error?.code;
      if (error === null || code === 1) resolve({ text: stdout, cut: false });
      else if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
        resolve({ text: stdout.slice(0, stdout.lastIndexOf('\n') + 1), cut: true });
      else if (signal.aborted) reject(error);
      else
        reject(
          releaseErrors(
            'STORE',
            code === 'ENOENT'
              ? 'git is not installed, which compares texts (Debian: apt-get install git)'
              : `git could not compare the files: ${stderr.trim() || error.message}`,
            { cause: error },
          ),
        );
    });
  });
}
