import type { Itself } from '../api/contract.ts';

/** A bound: what it holds now and how often it was hit. */
export type Limit = Itself['limits'][number];

/** A bound that must not be gone over. */
export function limit(
  name: string,
  setting: string | null,
  [most, now, hits]: readonly [number, number | null, number],
  unit: string,
): Limit {
  return { name, setting, bound: 'at most', limit: most, now, hits, unit };
}

/** A bound that must not be gone under. */
export function floor(...of: Parameters<typeof limit>): Limit {
  return { ...limit(...of), bound: 'at least' };
}
