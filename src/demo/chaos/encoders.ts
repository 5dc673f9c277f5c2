import { setTimeout as pause } from 'node:timers/promises';
import type { Company } from '../company.ts';

/** One encoder of production, as it tells itself. */
export interface Encoder {
  readonly port: number;
  readonly pid: number;
  /** Whether it works on a job at this moment. */
  readonly busy: boolean;
}

/** ms that an encoder may take to answer. */
const answerMs = 2_000;
/** ms that is waited for one that works: what dies idle shows nothing. */
const busyMs = 8_000;
/** ms that the runner may take to start one again. */
const againMs = 90_000;

/** An encoder in the middle of its work; after some seconds any. Throws an Error when none answers. */
export async function busyEncoder({
  ports,
  signal,
}: Pick<Company, 'ports' | 'signal'>): Promise<Encoder> {
  const deadline = performance.now() + busyMs;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again and again
    const found = await Promise.all(ports.encoders.map(async (port) => encoderAt(port)));
    const alive = found.filter((one) => one !== undefined);
    const busy = alive.find((one) => one.busy);
    if (busy) return busy;
    if (performance.now() > deadline) {
      if (alive[0]) return alive[0];
      throw new Error('no encoder of production answers');
    }
    // oxlint-disable-next-line no-await-in-loop -- a job takes longer
    await pause(50, undefined, { signal });
  }
}

/** What answers there as an encoder; undefined while nothing does. */
export async function encoderAt(port: number): Promise<Encoder | undefined> {
  try {
    const signal = AbortSignal.timeout(answerMs);
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal });
    return encoderIn(port, await answer.json());
  } catch {
    return undefined;
  }
}

/** Its /healthz says what it works on in the check `work`. */
function encoderIn(port: number, health: unknown): Encoder | undefined {
  const { service, pid, checks } = (health ?? {}) as {
    readonly service?: unknown;
    readonly pid?: unknown;
    readonly checks?: { readonly work?: { readonly output?: unknown } };
  };
  // Whatever else took the port is not ours to kill.
  if (service !== 'encoder' || typeof pid !== 'number' || !(pid > 1)) return undefined;
  const work = checks?.work?.output;
  return { port, pid, busy: typeof work === 'string' && !/^(idle|nothing)/.test(work) };
}

/**
 * Resolves with what runs in the place of one that was killed, and after how many ms. Throws an Error
 * when nothing does in time.
 */
export async function startedAgain(
  { port, pid }: Encoder,
  signal: AbortSignal,
): Promise<{ readonly pid: number; readonly afterMs: number }> {
  const begun = performance.now();
  while (performance.now() - begun < againMs) {
    // oxlint-disable-next-line no-await-in-loop -- asked again and again
    const now = await encoderAt(port);
    if (now && now.pid !== pid) return { pid: now.pid, afterMs: performance.now() - begun };
    // oxlint-disable-next-line no-await-in-loop -- the runner looks every few seconds
    await pause(200, undefined, { signal });
  }
  throw new Error(`no encoder runs at port ${port} after ${againMs / 1000} s`);
}
