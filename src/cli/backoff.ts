import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '../errors/coded-error.ts';
import { ProblemAnswer } from './api.ts';

export interface Retrying {
  /** Gives up once this many ms have passed since the first failure. */
  readonly forMs: number;
  readonly signal: AbortSignal;
  /** False: an unreachable server is not waited for, it may never have been there. */
  readonly wasReached: () => boolean;
  readonly onWait: (why: string, ms: number) => void;
}

/**
 * Does something again while the server is overloaded (429, 503) or went away, waiting 0.25 s,
 * 0.5 s, … up to 10 s with jitter, and at least as long as Retry-After says.
 */
export async function withRetries<T>(attempt: () => Promise<T>, how: Retrying): Promise<T> {
  let started: number | undefined;
  for (let tries = 0; ; tries++) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each try depends on the one before
      return await attempt();
    } catch (error) {
      started ??= performance.now();
      const ms = waitAfter(error, tries);
      const over = performance.now() - started + ms > how.forMs;
      if (over || !isPassing(error, how.wasReached())) throw error;
      how.onWait(error instanceof Error ? error.message : String(error), ms);
      // oxlint-disable-next-line no-await-in-loop
      await delay(ms, undefined, { signal: how.signal });
    }
  }
}

function isPassing(error: unknown, wasReached: boolean): boolean {
  if (error instanceof ProblemAnswer)
    return error.problem.status === 429 || error.problem.status === 503;
  return (
    wasReached &&
    error instanceof CodedError &&
    (error.code === 'TERR_CLI_UNREACHABLE' || error.code === 'TERR_CLI_TIMEOUT')
  );
}

function waitAfter(error: unknown, tries: number): number {
  const own = Math.min(10_000, 250 * 2 ** Math.min(tries, 10)) * (0.5 + Math.random() / 2);
  const asked = error instanceof ProblemAnswer ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(own, asked);
}
