import type { Seen } from '../seen.ts';
import { type Sketch, grouped, seenComment } from './sketch.ts';

const production = /^(prod|production|prd|live)\b/i;

/** Which environments people use, and which lie before them. */
export interface Environments {
  readonly isBefore: (environment: string | undefined) => boolean;
  /** Ids of the nodes of those that lie before, by how often they were seen. */
  readonly nodes: readonly string[];
}

/**
 * Puts the environments before production on the map, each as one node of the pipeline: whatever is
 * in them is found by it. Where none is called production, it is the one with the most services.
 */
export function drawEnvironments(sketch: Sketch, seen: readonly Seen[]): Environments {
  const all = grouped(seen, ({ environment }) => environment);
  const services = (of: readonly Seen[]): number => new Set(of.map(({ service }) => service)).size;
  const [largest] = [...all].toSorted(([, a], [, b]) => services(b) - services(a));
  const used = new Set([...all.keys()].filter((name) => production.test(name)));
  if (used.size === 0 && largest) used.add(largest[0]);
  const nodes = [...all]
    .filter(([name]) => !used.has(name))
    .map(([name, those]) =>
      sketch.node(name, {
        quadrant: 'pipeline',
        kind: 'environment',
        names: { environment: name },
        comment: seenComment(those),
      }),
    );
  const isBefore = (name: string | undefined): boolean => name !== undefined && !used.has(name);
  return { isBefore, nodes };
}
