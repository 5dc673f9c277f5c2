import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:net';
import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import { runnerErrors } from '../errors.ts';
import { askVersion, versionPath } from '../evidence/ask-version.ts';

/** ms for one answer at the ready path. */
const answerLimit = 5_000;
/** ms between two looks. */
const every = 100;

type Health = Delivery['health'];

/** Why an instance is not ready, in words; undefined when it is. Never throws. */
export async function whyNotReady(
  port: number,
  { ready }: Pick<Health, 'ready'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (ready === null) return (await accepts(port)) ? undefined : 'nobody listens';
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerLimit)]);
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${ready}`, {
      signal: limit,
      redirect: 'manual',
      headers: { connection: 'close', 'user-agent': 'territory-runner' },
    });
    await answer.body?.cancel();
    return answer.status === 200 ? undefined : `${ready} answers ${answer.status}`;
  } catch (error) {
    if (limit.aborted) return `${ready} does not answer within ${answerLimit / 1000} s`;
    const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
    return code === 'ECONNREFUSED' ? 'nobody listens' : `${ready} can not be asked (${code})`;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(answerLimit, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** What is waited for, and how long. */
export interface Waiting {
  readonly port: number;
  readonly health: Health;
  /** What it must say of itself; undefined: it is not asked. */
  readonly version: string | undefined;
  /** ms */
  readonly within: number;
  /** Why it will never become ready: its process is gone, for good. */
  readonly dead: () => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/** Waits until an instance is ready and tells its version. Throws TERR_RUNNER_CHECK. */
export async function waitReady(waiting: Waiting): Promise<void> {
  const { port, health, within, dead, signal } = waiting;
  const end = performance.now() + within;
  for (;;) {
    signal.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const why = await whyNotReady(port, health, signal);
    if (why === undefined) break;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const gone = await dead();
    if (gone !== undefined) throw notGood(port, gone);
    if (performance.now() > end) throw notGood(port, `${why}, ${within / 1000} s after its start`);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(every, undefined, { signal });
  }
  const why = await whyOther(waiting);
  signal.throwIfAborted();
  if (why !== undefined) throw notGood(port, why);
}

/** Why an instance is not of the version that it should be; undefined when it is. */
async function whyOther({ port, health, version, signal }: Waiting): Promise<string | undefined> {
  if (version === undefined || health.version === null) return undefined;
  const { path, member } = versionPath(health.version);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerLimit)]);
  const told = await askVersion(new URL(path, `http://127.0.0.1:${port}`), member, limit);
  if (told.version === version) return undefined;
  return told.version === undefined
    ? `it does not tell its version at ${health.version}: ${told.error}`
    : `it says at ${health.version} that it is ${told.version}, not ${version}`;
}

const notGood = (port: number, why: string): Error =>
  runnerErrors('CHECK', `the instance on port ${port} is not good: ${why}`);
