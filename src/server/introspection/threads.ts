import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What the threads know about themselves. */
export interface ThreadsCounts {
  readonly things: number;
  readonly edges: number;
  /** Events that links find by their ids. */
  readonly events: number;
  readonly bounds: { readonly things: number; readonly edges: number; readonly events: number };
  readonly folded: number;
  readonly forgottenThings: number;
  readonly forgottenEdges: number;
  readonly forgottenEvents: number;
  /** How long the facts took to be read at the start, ms. */
  readonly startMs: number;
}

/** The bounds of threads. */
export function threadsLimits(counts: ThreadsCounts): Limit[] {
  const { bounds } = counts;
  return [
    limit(
      'things of threads',
      null,
      [bounds.things, counts.things, counts.forgottenThings],
      'things',
    ),
    limit('links between them', null, [bounds.edges, counts.edges, counts.forgottenEdges], 'links'),
    limit(
      'events that links find by id',
      null,
      [bounds.events * 2, counts.events, counts.forgottenEvents],
      'events',
    ),
  ];
}

/** Threads as numbers. */
export function threadsMeasures(counts: ThreadsCounts): Measure[] {
  const { things, edges, folded, startMs } = counts;
  return [
    gauge('territory.threads.things', 'Things that threads are made of', things),
    gauge('territory.threads.links', 'Links between them', edges),
    counter('territory.threads.facts', 'Facts that were read for threads', folded),
    gauge('territory.threads.start.ms', 'Time to read the facts at the start', startMs),
  ];
}
