import { setTimeout as pause } from 'node:timers/promises';
import type { Company } from '../company.ts';
import { askProcess } from './ask-process.ts';
import { seconds } from './until-over.ts';

/** ms that a clip may take from the feed until it is put aside: three tries, or three deaths. */
const withinMs = 5 * 60_000;
const everyMs = 1_000;
/** Dead jobs that are looked at, the newest. */
const looked = 20;

interface Job {
  readonly id: number;
  readonly reason: string | null;
  readonly attempts: number;
  readonly deaths: number;
}

/**
 * Resolves with what the queue says of a clip's job once it has put it aside. Throws an Error when it
 * does not in time.
 */
export async function fateOf(
  { ports, signal }: Pick<Company, 'ports' | 'signal'>,
  guid: string,
): Promise<string> {
  const begun = performance.now();
  while (performance.now() - begun < withinMs) {
    // oxlint-disable-next-line no-await-in-loop -- asked again and again
    const job = await deadJob(ports.queue, guid).catch(() => undefined);
    if (job) {
      const { id, reason, attempts, deaths } = job;
      const tries = deaths > 0 ? `${deaths} deaths` : `${attempts} tries`;
      const after = seconds(performance.now() - begun);
      return `job ${id} was put aside after ${tries} and ${after}: ${reason ?? 'no reason was given'}`;
    }
    // oxlint-disable-next-line no-await-in-loop -- it takes its time
    await pause(everyMs, undefined, { signal });
  }
  throw new Error(`${guid} was not put aside within ${withinMs / 60_000} minutes`);
}

/** The dead job of that clip. Throws an Error when the queue does not answer. */
async function deadJob(port: number, guid: string): Promise<Job | undefined> {
  const { jobs } = await askProcess(port, `GET /jobs?state=dead&limit=${looked}`);
  for (const job of jobs as readonly Job[]) {
    // oxlint-disable-next-line no-await-in-loop -- few, and the first is it mostly
    const { item } = await askProcess(port, `GET /jobs/${job.id}`);
    if ((item as { readonly guid?: unknown } | null)?.guid === guid) return job;
  }
  return undefined;
}
