import { type Significant, canonical, hostOfForm } from './canonical.ts';
import type { Mapping } from './map.ts';

/** How often an address was asked for and got an answer of a status. */
export interface Access {
  /** With its scheme, host, path and query. */
  readonly url: string;
  readonly status: number;
  readonly hits: number;
}

/** An address that was asked for and is not in a map. */
export type Missing = Access;

/** What real access says of a map. */
export interface Usage {
  /** Rows that nobody asked for. */
  readonly unused: readonly Mapping[];
  /** Of the map's own hosts, the most asked first. */
  readonly missing: readonly Missing[];
}

/**
 * Compares a map with what was asked for. That nobody asked for a row says something only where
 * access was seen without a gap: that is the caller's to know.
 * @param isMissed whether an answer of this status may mean that a row is missing
 */
export function usageOf(
  rows: readonly Mapping[],
  accesses: readonly Access[],
  isMissed: (status: number) => boolean,
  significant: Significant = 'all',
): Usage {
  const keys = rows.map(({ old }) => canonical(old, significant));
  const known = new Set(keys);
  const hosts = new Set(keys.flatMap((key) => (key === undefined ? [] : [hostOfForm(key)])));
  const used = new Set<string>();
  const missing = new Map<string, Missing>();
  for (const access of accesses) {
    const key = canonical(access.url, significant);
    if (key === undefined || !hosts.has(hostOfForm(key))) continue;
    if (known.has(key)) used.add(key);
    else if (isMissed(access.status)) {
      const id = `${access.status} ${key}`;
      missing.set(id, more(missing.get(id), { ...access, url: key }));
    }
  }
  return {
    unused: rows.filter((_, i) => !used.has(keys[i] ?? '')),
    missing: [...missing.values()].toSorted((a, b) => b.hits - a.hits || (a.url < b.url ? -1 : 1)),
  };
}

const more = (known: Missing | undefined, next: Missing): Missing =>
  known === undefined ? next : { ...known, hits: known.hits + next.hits };
