import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { runnerErrors } from '../errors.ts';
import type { Answer } from '../job/command.ts';
import { quoteForShell } from './quote.ts';

/** How a machine is reached; what is not said is as `ssh_config` of the user has it. */
export interface SshOptions {
  readonly port?: number;
  /** Path of the private key. */
  readonly identity?: string;
  /** Path of the configuration instead of the user's. */
  readonly config?: string;
  /** Any other of ssh_config(5), such as `UserKnownHostsFile`. */
  readonly set?: Readonly<Record<string, string>>;
  /**
   * Path of a socket (ControlPath; `%C` stands for the connection): connections are kept for a
   * minute and taken again. Without it each question is a connection of its own.
   */
  readonly control?: string;
  /** The command there; `territory runner job` unless it is elsewhere. */
  readonly command?: readonly string[];
  /** ms to connect in, 10 s if not said. */
  readonly connectTimeout?: number;
  /** ms to answer in, 120 s if not said: cancelling takes its time. */
  readonly answerTimeout?: number;
  /** ms in which a log is followed although the machine can not be reached, 5 min if not said. */
  readonly patience?: number;
}

/** Where jobs run. */
export interface SshPlace {
  /** `user@host`, or a name of `ssh_config`. */
  readonly target: string;
  readonly options?: SshOptions;
}

/** Whether to ask again makes sense: a machine may come back, a key is not accepted later either. */
export class SshFailure extends Error {
  readonly passing: boolean;

  constructor(message: string, passing: boolean) {
    super(message);
    this.passing = passing;
  }
}

/** Characters of what ssh says that are kept. */
const mostWords = 2_000;
/** ms for the last output after ssh itself has ended. */
const outputGrace = 2_000;

/** The arguments of `ssh` for a command there. Throws TERR_RUNNER_SSH for a target that is an option. */
export function sshArguments(
  { target, options = {} }: SshPlace,
  args: readonly string[],
): string[] {
  if (!/^[^\s-]\S*$/.test(target))
    throw runnerErrors('SSH', `the target of ssh is user@host or a name, not "${target}"`, {
      field: 'target',
    });
  const { port, identity, config, control, set = {}, connectTimeout = 10_000 } = options;
  const settings = {
    // Nobody is there to be asked for a password or about a host key.
    BatchMode: 'yes',
    // The first value counts for ssh.
    ...set,
    ConnectTimeout: String(Math.ceil(connectTimeout / 1000)),
    ServerAliveInterval: '15',
    ServerAliveCountMax: '3',
    ...(control === undefined
      ? {}
      : { ControlMaster: 'auto', ControlPath: control, ControlPersist: '60' }),
    ...set,
  };
  return [
    '-T',
    ...(config === undefined ? [] : ['-F', config]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identity === undefined ? [] : ['-i', identity, '-o', 'IdentitiesOnly=yes']),
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    '--',
    target,
    quoteForShell([...(options.command ?? ['territory', 'runner', 'job']), ...args]),
  ];
}

/** One command there, while it runs. */
export interface Session<Said = Answer> {
  /** Its answers; throws SshFailure when the connection ends without the last one being whole. */
  readonly answers: AsyncIterable<Said>;
  /** Gives it more to read. */
  readonly write: (text: string) => void;
  /** Ends it here; there its input ends. */
  readonly leave: () => void;
}

/**
 * Runs a command there.
 *
 * @param input what it reads; `undefined`: its input stays open until we leave
 */
export function openSession<Said = Answer>(
  place: SshPlace,
  args: readonly string[],
  input: string | undefined,
): Session<Said> {
  const ssh = spawn('ssh', sshArguments(place, args), { stdio: ['pipe', 'pipe', 'pipe'] });
  let words = '';
  ssh.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (words = (words + text).slice(-mostWords)));
  ssh.stdin.on('error', () => undefined);
  if (input !== undefined) ssh.stdin.end(input);
  const ended = new Promise<number>((resolve) => {
    ssh.once('error', (error) => {
      words = error.message;
      resolve(-1);
    });
    // A connection that is kept may hold the pipes: what has not come by then never will.
    ssh.once('exit', (code) => {
      resolve(code ?? -1);
      setTimeout(() => ssh.stdout.destroy(), outputGrace).unref();
    });
  });
  return {
    answers: answersOf<Said>(ssh, async () => failure(place, await ended, words)),
    write: (text) => void ssh.stdin.write(text),
    leave: () => void ssh.kill('SIGTERM'),
  };
}

type Ssh = ChildProcessByStdio<Writable, Readable, Readable>;

async function* answersOf<Said>(
  ssh: Ssh,
  why: () => Promise<SshFailure | undefined>,
): AsyncGenerator<Said> {
  let rest = '';
  try {
    for await (const text of ssh.stdout.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.flatMap((line) => parseAnswer<Said>(line));
    }
  } catch (error) {
    // It was closed here behind the end of ssh.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
  const failed = await why();
  if (failed !== undefined) throw failed;
}

/** A login shell may print what it likes; that is not for us. */
function parseAnswer<Said>(line: string): readonly Said[] {
  if (!line.startsWith('{"job":')) return [];
  try {
    return [JSON.parse(line) as Said];
  } catch {
    return [];
  }
}

/** ssh gives the exit code of the command there, and 255 for a trouble of its own. */
function failure({ target }: SshPlace, code: number, words: string): SshFailure | undefined {
  if (code === 0) return undefined;
  const said = words.trim() === '' ? '' : `: ${words.trim()}`;
  if (code === 126 || code === 127)
    return new SshFailure(
      `on ${target} there is no territory to be run (exit code ${code})${said}`,
      false,
    );
  const lasting = [
    [
      /Host key verification failed|IDENTIFICATION HAS CHANGED|No .* host key is known/i,
      'its host key is not the one in known_hosts',
    ],
    [
      /Permission denied|Too many authentication failures|not accessible/i,
      'it does not let us in; which key is accepted there?',
    ],
    [/ENOENT|Bad configuration option/i, 'ssh can not use what it was given'],
  ] as const;
  const known = lasting.find(([pattern]) => pattern.test(words));
  return new SshFailure(
    `${target} by ssh: ${known?.[1] ?? 'the connection failed'}${said}`,
    known === undefined,
  );
}
