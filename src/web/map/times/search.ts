import { pickText } from '../../kit/pick-text.ts';

/** What the address of the times says, all as texts. */
export type TimesSearch = Partial<
  Record<'stream' | 'last' | 'from' | 'to' | 'behind' | 'stage', string>
>;

/** Reads the address. */
export const timesSearch = (raw: Record<string, unknown>): TimesSearch =>
  pickText(raw, ['stream', 'last', 'from', 'to', 'behind', 'stage']);

/** Windows to choose from. */
export const windows = [
  ['24h', '24 h'],
  ['7d', '7 d'],
  ['30d', '30 d'],
  ['90d', '90 d'],
] as const;

const lengths: Readonly<Record<string, number>> = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 };
const day = 86_400_000;

/** The window that an address asks for, ms since the epoch; 30 days until now when it says nothing. */
export function windowOf(
  search: TimesSearch,
  now: number,
): { readonly from: number; readonly to: number } {
  const from = Date.parse(search.from ?? '');
  const to = Date.parse(search.to ?? '');
  if (from < to) return { from, to };
  return { from: now - (lengths[search.last ?? ''] ?? 30) * day, to: now };
}

/** What is chosen of `windows`; undefined: a window of one's own. */
export function presetOf(search: TimesSearch): (typeof windows)[number][0] | undefined {
  if (search.from !== undefined) return undefined;
  return windows.find(([value]) => value === search.last)?.[0] ?? '30d';
}

/** The same times with only the items that a number counts under them, or all again. */
export const showing = (was: TimesSearch, what?: string, stage?: string): TimesSearch => ({
  ...pickText(was, ['stream', 'last', 'from', 'to']),
  ...(what !== undefined && { behind: what }),
  ...(stage !== undefined && { stage }),
});
