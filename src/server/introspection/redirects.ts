import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What the room of redirect maps knows about itself. */
export interface RedirectsCounts {
  readonly maps: number;
  readonly maxMaps: number;
  /** Bytes of their rows. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** Rows that did not hold when they were last verified. */
  readonly wrong: number;
  readonly verifying: number;
  readonly maxVerifying: number;
  readonly imported: number;
  readonly refused: number;
  readonly verified: number;
  /** Verifications that came to no end. */
  readonly failed: number;
}

/** The bounds of redirect maps; none while the room still reads its facts. */
export function redirectsLimits(counts: RedirectsCounts | undefined): Limit[] {
  if (!counts) return [];
  const { maps, maxMaps, bytes, maxBytes, verifying, maxVerifying, refused } = counts;
  return [
    limit('redirect maps', null, [maxMaps, maps, refused], 'maps'),
    limit('rows of redirect maps', null, [maxBytes, bytes, refused], 'bytes'),
    limit('redirect maps that are verified', null, [maxVerifying, verifying, 0], 'maps'),
  ];
}

/** Redirect maps as numbers. */
export function redirectsMeasures(counts: RedirectsCounts | undefined): Measure[] {
  if (!counts) return [];
  const { maps, wrong, imported, verified, failed } = counts;
  return [
    gauge('territory.redirects.maps', 'Redirect maps', maps),
    gauge(
      'territory.redirects.wrong',
      'Rows that did not hold when they were last verified',
      wrong,
    ),
    counter('territory.redirects.imported', 'Redirect maps that were imported', imported),
    counter('territory.redirects.verified', 'Verifications that came to an end', verified),
    counter('territory.redirects.failed', 'Verifications that did not', failed),
  ];
}
