import { type Span, within } from './moments.ts';

/** Windows to choose from, ms. */
export const windows = [
  ['1h', '1 h'],
  ['6h', '6 h'],
  ['24h', '24 h'],
  ['7d', '7 d'],
] as const;
export type WindowName = (typeof windows)[number][0];

const lengths: Readonly<Record<WindowName, number>> = {
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 24 * 3_600_000,
  '7d': 7 * 24 * 3_600_000,
};

/** A length that is chosen, or a part of the past of one's own. */
export type Chosen =
  | { readonly name: WindowName }
  | { readonly span: Span }
  /** So long until now, ms. */
  | { readonly length: number };

/**
 * What is asked for, ms since the epoch. A length ends now, unless that would leave out the time
 * that is looked at: then that stands in its middle.
 */
export function spanOf(chosen: Chosen, at: number | undefined, now: number): Span {
  if ('span' in chosen) return chosen.span;
  const length = 'length' in chosen ? chosen.length : lengths[chosen.name];
  const newest = { from: now - length, to: now };
  if (at === undefined || at >= newest.from) return newest;
  const to = within(at + length / 2, { from: at, to: now });
  return { from: to - length, to };
}

/** The least window, up to a day, that has all of the recording: a first hour is not lost in a day. */
export function fittingWindow({
  first,
  to,
}: {
  readonly first: number | null;
  readonly to: number;
}): Chosen {
  const names = ['1h', '6h', '24h'] as const;
  return { name: names.find((name) => first !== null && to - first < lengths[name]) ?? '24h' };
}
