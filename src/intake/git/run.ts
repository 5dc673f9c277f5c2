import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { intakeErrors } from '../errors.ts';

const maxSaid = 4_000;

/**
 * What a repository or our own environment must not be able to change: which repository is read,
 * that programs named in its configuration run, that something is asked or fetched.
 */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    // Of a remote: what helpers run commands of a stranger's choosing (`ext::`) is never asked.
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    GIT_SSH_COMMAND: process.env['GIT_SSH_COMMAND'] ?? 'ssh -oBatchMode=yes',
  };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_NAMESPACE'])
    delete env[name];
  return env;
}

/** No hooks and programs that a configuration names; a transfer that stands still ends. */
const settings = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'log.showSignature=false',
  'gc.autoDetach=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=60',
].flatMap((setting) => ['-c', setting]);

/** Runs git in `path` by argument vector and streams its stdout. Throws TERR_INTAKE_SOURCE. */
export async function* gitStream(
  path: string,
  args: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const fixed = ['--no-pager', ...settings];
  const child = spawn('git', ['-C', path, ...fixed, ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGTERM',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < maxSaid) said += text;
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  // Handled below; here only so that it is never an unhandled rejection.
  ended.catch(() => undefined);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const [code] = await ended;
    if (code !== 0) throw refused(args, said);
  } catch (error) {
    if (!signal.aborted && isMissing(error))
      throw intakeErrors(
        'SOURCE',
        'git is not installed; install it (Debian: apt-get install git)',
      );
    throw error;
  } finally {
    child.kill();
  }
}

/** The whole output of a short command, without the last line end. Throws TERR_INTAKE_SOURCE. */
export async function gitText(
  path: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of gitStream(path, args, signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8').replace(/\n$/, '');
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'syscall' in error &&
    String(error.syscall).startsWith('spawn') &&
    (error as NodeJS.ErrnoException).code === 'ENOENT'
  );
}

function refused(args: readonly string[], said: string): Error {
  const text = said.trim() || `git ${args[0] ?? ''} failed`;
  return intakeErrors('SOURCE', text.replace(/^fatal: /, ''));
}
