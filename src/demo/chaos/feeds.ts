import { setTimeout as pause } from 'node:timers/promises';
import type { Company } from '../company.ts';
import { askProcess } from './ask-process.ts';
import type { Do } from './deeds.ts';
import { fateOf } from './fate.ts';
import { seconds, untilOver } from './until-over.ts';

/** So late the feeds answer then, ms: later than the importer waits. */
const slowMs = 12_000;

/** Every answer of the feeds comes late, until that is to end. */
export const slowFeeds =
  (company: Company): Do =>
  async (ending) => {
    const { feeds } = company.ports;
    await askProcess(feeds, 'PUT /slow', { ms: slowMs });
    return {
      said: `every answer of the feeds comes ${slowMs / 1000} s late`,
      over: async () => {
        const lasted = await untilOver(company, ending);
        // When the company ends, so do its feeds.
        if (!company.signal.aborted) await askProcess(feeds, 'DELETE /slow');
        return `the feeds answer at once again, after ${seconds(lasted)}`;
      },
    };
  };

/** The next clip has broken content; it is over when the queue has put it aside. */
export const spoilNext = (company: Company): Do => next(company, 'corrupt');

/** The next picture kills who makes it small; it is over when the queue has put it aside. */
export const poisonNext = (company: Company): Do => next(company, 'poison');

type Fault = 'corrupt' | 'poison';

interface Given {
  readonly n: number;
  readonly guid: string;
  readonly feed: string;
  readonly fault?: string;
}

const words = { corrupt: 'has broken content', poison: 'kills who makes it small' } as const;

const next =
  (company: Company, fault: Fault): Do =>
  async () => {
    const { feeds } = company.ports;
    const { count } = await askProcess(feeds, 'GET /items?after=1e15');
    await askProcess(feeds, 'POST /next', { fault });
    const given = await itemWith(company, fault, Number(count));
    return {
      said: `${given.guid} of the feed ${given.feed} ${words[fault]}`,
      over: async () => fateOf(company, given.guid),
    };
  };

/** ms that the feeds may take to give it: they give one every few seconds. */
const givenWithinMs = 60_000;

/** The item with the fault that was asked for. Throws an Error when none comes in time. */
async function itemWith(
  { ports, signal }: Pick<Company, 'ports' | 'signal'>,
  fault: Fault,
  from: number,
): Promise<Given> {
  const begun = performance.now();
  while (performance.now() - begun < givenWithinMs) {
    // oxlint-disable-next-line no-await-in-loop -- asked again and again
    const { items } = await askProcess(ports.feeds, `GET /items?after=${from - 1}`);
    const found = (items as readonly Given[]).find((one) => one.fault === fault);
    if (found) return found;
    // oxlint-disable-next-line no-await-in-loop -- it comes with the next item
    await pause(300, undefined, { signal });
  }
  throw new Error(`the feeds gave no such clip within ${givenWithinMs / 1000} s`);
}
