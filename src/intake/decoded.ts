import type { Draft } from '../event/event.ts';

/** Why something that a sender sent is no event. */
export interface Refused {
  /** An error code of `intakeErrors`, or one of the event's own. */
  readonly code: string;
  /** For the sender: what is wrong and what to do, with the place. */
  readonly message: string;
  /** Name of the field at fault, in the protocol's own words. */
  readonly field?: string;
  /** From 1, where the protocol has lines. */
  readonly line?: number;
  /** From 0, where it has lists. */
  readonly index?: number;
  /** The text that could not be taken, as far as it is worth showing; secrets are taken out later. */
  readonly sample?: string;
}

/**
 * One result of decoding: an event, or why there is none. A bad item never takes the good ones
 * beside it along. Decoders are generators of these, so that large bodies can be read in steps.
 */
export type Decoded = Draft | { readonly refused: Refused };

/** Whether it is no event. */
export function isRefused(one: object): one is { readonly refused: Refused } {
  return 'refused' in one;
}

/** Why something is not taken, short to write in decoders. */
export function refused(
  code: string,
  message: string,
  more: Omit<Refused, 'code' | 'message'> = {},
): { readonly refused: Refused } {
  return { refused: { code, message, ...more } };
}
