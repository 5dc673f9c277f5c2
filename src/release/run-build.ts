import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { releaseErrors } from './errors.ts';

/** Characters of what a build said that are kept for the error. */
const maxTail = 4_000;
/** ms between SIGTERM and SIGKILL. */
const grace = 5_000;
/** ms for what holds the pipes after the build itself has ended and its group is killed. */
const pipesGrace = 2_000;

/** How a build command is run. */
export interface BuildRun {
  /** From the repository's own manifest; whoever may commit there may run things here. */
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** ms. */
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
}

/** What a build gets from our environment; nothing else of it, so that tokens do not leak into files. */
const passed = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
] as const;

/** The clean environment of a build, and what it may want to know. */
export function buildEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  about: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = passed.flatMap((name) => {
    const value = own[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // No colours, no questions, and no time or zone of this machine in what is built.
  const fixed = { CI: 'true', TERM: 'dumb', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  return { ...Object.fromEntries(kept), ...fixed, ...about };
}

/**
 * Runs `sh -c command` in a process group of its own; what it leaves running is killed with the
 * group. Throws TERR_RELEASE_BUILD when it fails, takes too long or can not start.
 */
export async function runBuild({ command, cwd, env, ...run }: BuildRun): Promise<void> {
  const { limit, signal, onOutput } = run;
  signal.throwIfAborted();
  const child = spawn('sh', ['-c', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let tail = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-maxTail);
      onOutput(text);
    });
  const closed = once(child, 'close').catch(() => undefined);
  let late = false;
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    killGroup(child.pid, 'SIGTERM');
    killer ??= setTimeout(() => killGroup(child.pid, 'SIGKILL'), grace);
  };
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, limit);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [code, by] = (await once(child, 'exit').catch(notStarted)) as Ended;
    killGroup(child.pid, 'SIGKILL');
    await Promise.race([closed, delay(pipesGrace)]);
    signal.throwIfAborted();
    if (late || code !== 0)
      throw releaseErrors(
        'BUILD',
        late
          ? `build.run took more than ${limit / 1000} s and was ended${said(tail)}`
          : `build.run ended with ${code ?? by}${said(tail)}`,
      );
  } finally {
    clearTimeout(timer);
    clearTimeout(killer);
    signal.removeEventListener('abort', stop);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

type Ended = [code: number | null, by: string | null];

function notStarted(error: Error): never {
  throw releaseErrors('BUILD', `build.run could not be started: ${error.message}`, {
    cause: error,
  });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

const said = (tail: string): string =>
  tail.trim() === '' ? '; it said nothing' : `; it said at last:\n${tail.trimEnd()}`;
