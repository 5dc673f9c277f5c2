import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What is known about taking artefacts in. */
export interface ArtefactsCounts {
  readonly published: number;
  /** Tags that named another commit by then, and were refused. */
  readonly moved: number;
  readonly bytes: number;
  readonly uploads: number;
  readonly maxUploads: number;
  /** Pieces of files that are being taken now. */
  readonly pieces: number;
  readonly maxPieces: number;
  /** Requests that were refused because too many came. */
  readonly full: number;
  /** Uploads that nobody went on with. */
  readonly forgotten: number;
}

/** The bounds of taking artefacts in. */
export function artefactsLimits(counts: ArtefactsCounts): Limit[] {
  const { uploads, maxUploads, pieces, maxPieces, full } = counts;
  return [
    limit('artefacts on their way', null, [maxUploads, uploads, full], 'artefacts'),
    limit('pieces of files at once', null, [maxPieces, pieces, full], 'pieces'),
  ];
}

/** Artefacts as numbers. */
export function artefactsMeasures(counts: ArtefactsCounts): Measure[] {
  const { published, moved, bytes, uploads, forgotten } = counts;
  return [
    counter('territory.artefacts.published', 'Releases that were taken in', published),
    counter('territory.artefacts.moved', 'Releases refused since their tag was moved', moved),
    counter('territory.artefacts.bytes', 'Bytes of files that were sent', bytes),
    gauge('territory.artefacts.uploads', 'Artefacts on their way', uploads),
    counter('territory.artefacts.forgotten', 'Uploads that nobody went on with', forgotten),
  ];
}
