import type { SenderView } from '../../server/api/contract-intakes.ts';

/** How a sender is doing, in one word and the mark that goes with it. */
export interface SenderState {
  readonly mark: 'ok' | 'warning' | 'critical' | 'unknown';
  readonly word: 'sending' | 'some refused' | 'refused' | 'silent' | 'quiet';
}

/** A refusal is told of for so long after it happened, ms. */
const recentMs = 15 * 60_000;

/**
 * Refused weighs more than silent: somebody believes that it arrives. `quiet` says that it is not
 * known how often it usually sends.
 */
export function stateOf(sender: SenderView, now: number): SenderState {
  const { problem, accepted, last, silent, gap } = sender;
  if (problem !== undefined && now - problem.at < recentMs)
    return problem.at >= last && sender.rate === 0
      ? { mark: 'critical', word: 'refused' }
      : { mark: 'warning', word: 'some refused' };
  if (silent) return { mark: 'warning', word: 'silent' };
  if (accepted > 0 && now - last < Math.max(60_000, 6 * gap))
    return { mark: 'ok', word: 'sending' };
  return { mark: 'unknown', word: 'quiet' };
}

const order: readonly SenderState['word'][] = [
  'refused',
  'some refused',
  'silent',
  'sending',
  'quiet',
];

/** What somebody must look at first: refused, then silent, then the others, the busiest on top. */
export function inOrder(senders: readonly SenderView[], now: number): SenderView[] {
  const rank = (one: SenderView): number => order.indexOf(stateOf(one, now).word);
  return senders.toSorted((a, b) => rank(a) - rank(b) || b.rate - a.rate || b.last - a.last);
}

/** Whether a sender has all the words of what was typed in its name or the name of its intake. */
export function fits({ intake, sender }: SenderView, typed: string): boolean {
  const text = `${intake} ${sender}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
