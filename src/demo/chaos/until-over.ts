import { setTimeout as pause } from 'node:timers/promises';
import type { Company } from '../company.ts';

/** So long lasts what nobody ends, in a company that lives at speed 1, ms. */
const lastsMs = 120_000;
/** However fast the company lives, somebody wants to look at it, ms. */
const leastMs = 30_000;

/** Resolves when the end is asked for, or when it has lasted long enough; with how long it lasted, ms. */
export async function untilOver(
  { speed }: Pick<Company, 'speed'>,
  ending: AbortSignal,
): Promise<number> {
  const begun = performance.now();
  const most = Math.max(leastMs, lastsMs / speed);
  await pause(most, undefined, { signal: ending }).catch(() => undefined);
  return performance.now() - begun;
}

/** `3.2 s` */
export function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
