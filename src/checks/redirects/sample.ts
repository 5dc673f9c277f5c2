import type { Mapping } from './map.ts';

/** So many rows of each host, evenly from its first to its last, in their order. */
export function sampled(rows: readonly Mapping[], perHost: number): readonly Mapping[] {
  const byHost = new Map<string, number[]>();
  for (const [i, { old }] of rows.entries()) {
    const host = /^https?:\/\/([^/?#]*)/i.exec(old)?.[1]?.toLowerCase() ?? '';
    const known = byHost.get(host) ?? [];
    byHost.set(host, known);
    known.push(i);
  }
  const taken = new Set<number>();
  for (const places of byHost.values()) {
    const count = Math.min(perHost, places.length);
    for (let i = 0; i < count; i++) {
      const place = places[Math.floor((i * places.length) / count)];
      if (place !== undefined) taken.add(place);
    }
  }
  return rows.filter((_, i) => taken.has(i));
}
