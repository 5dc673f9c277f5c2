import type { ValueStream } from '../model.ts';
import type { Spread } from './spread.ts';
import { spanWords } from './span-words.ts';

/** Where work waits longest. */
export interface Bottleneck {
  readonly stage: string;
  readonly sentence: string;
  /** Median, ms. */
  readonly wait: number;
}

/** Fewer items prove nothing. */
const leastItems = 3;

/** The items of a stream, as a sentence has them. */
const names: Readonly<Record<ValueStream['item'], string>> = {
  change: 'changes',
  incident: 'incidents',
  case: 'cases',
  card: 'cards',
};

/**
 * The stage with the longest queue (Goldratt's theory of constraints: what limits a flow is where work
 * piles up). Through stages in a row items pass at the same rate, so that by Little's law the longest
 * queue is where they wait longest; the median, because one forgotten item is no bottleneck. Null with
 * fewer than three items, or where nothing waits.
 *
 * @param leadTime median of the whole stream, ms
 */
export function bottleneckOf(
  kind: ValueStream['item'],
  stages: readonly { readonly id: string; readonly title: string; readonly wait: Spread }[],
  leadTime: number | null,
): Bottleneck | null {
  let most: Bottleneck | null = null;
  for (const { id, title, wait } of stages) {
    if (wait.count < leastItems || wait.p50 === null || wait.p50 <= (most?.wait ?? 0)) continue;
    const of =
      leadTime === null ? ' at the median' : ` of a median lead time of ${spanWords(leadTime)}`;
    const sentence = `${title} makes ${names[kind]} wait longest: ${spanWords(wait.p50)}${of} (${wait.count} items).`;
    most = { stage: id, sentence, wait: wait.p50 };
  }
  return most;
}
