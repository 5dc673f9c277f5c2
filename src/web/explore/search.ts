import { pickText } from '../kit/pick-text.ts';

const keys = [
  'metric',
  'where',
  'aggregate',
  'by',
  'last',
  'from',
  'to',
  'every',
  'top',
  'compare',
  'ratio',
  'live',
  'view',
  'event',
] as const;

/** What the address of Explore says, all as texts; `asked.ts` says what they mean. */
export type ExploreSearch = Partial<Record<(typeof keys)[number], string>>;

/** A part of the address to change; undefined takes it out. */
export type ExploreChange = { readonly [K in keyof ExploreSearch]?: string | undefined };

/** Reads the address. */
export const exploreSearch = (raw: Record<string, unknown>): ExploreSearch => pickText(raw, keys);
