import type { JournalNote } from '../strategy/strategy.ts';
import { switched } from '../strategy/steps.ts';
import { type JournalFile, ownPart } from './journal.ts';

/**
 * Ways forward that a deploy can go, in their order: a rehearsal goes back after the first and then
 * forward again.
 */
const ways = ['forward', 'again'] as const;
export type Way = (typeof ways)[number];

/** The way that was gone last, and how far. */
export interface Gone {
  readonly way: Way;
  /** Customers are with the new version. */
  readonly switched: boolean;
  /** The strategy came to its end. */
  readonly finished: boolean;
  /** Going back was begun, and why; `done` when the old version was found good after it. */
  readonly back: { readonly why: string; readonly done: boolean } | undefined;
}

/** How far a deploy came; undefined when it changed nothing of what runs. */
export function goneSoFar(journal: JournalFile): Gone | undefined {
  const way = ways.findLast((one) => journal.last(ownPart, `${one}/forward`) !== undefined);
  if (way === undefined) return undefined;
  const back = journal.last(ownPart, `${way}/back`);
  return {
    way,
    switched: switched(journal.part(way).notes),
    finished: journal.last(ownPart, `${way}/forward`)?.mark === 'done',
    back: back && { why: String(back.data?.['why'] ?? ''), done: back.mark === 'done' },
  };
}

/** Notes that a way is gone, or gone back, before or after it is. */
export async function noteWay(
  journal: JournalFile,
  { way, to, mark, why = '' }: WayNote,
): Promise<void> {
  await journal.part(ownPart).write({ step: `${way}/${to}`, mark, data: { why } });
}

interface WayNote {
  readonly way: Way;
  readonly to: 'forward' | 'back';
  readonly mark: JournalNote['mark'];
  readonly why?: string;
}
