import type { StreamName } from './event.ts';

/**
 * Encoded events on their way into the log: compact JSON, one event a line.
 * See `docs/formats/event.md`.
 */
export interface Lines {
  /** UTF-8, one JSON object a line, every line ended by one LF. */
  readonly bytes: Uint8Array;
  /** How many lines `bytes` holds. */
  readonly count: number;
  /** The source of every event whose line has none. */
  readonly source: string;
  /**
   * Two words for each line: the 64-bit hash of its (source, id), see `identity.ts`; 0, 0 for a
   * line without an id, which is never a duplicate.
   */
  readonly identities: Uint32Array;
}

/** Events as the log gives them back: consecutive offsets, taken at one instant. */
export interface Batch {
  readonly stream: StreamName;
  /** Offset of the first line. Offsets start at 1 and have no gaps but at the trimmed start. */
  readonly first: number;
  readonly count: number;
  /** When the batch was taken: ms since the epoch, UTC. */
  readonly received: number;
  /** The source of every event whose line has none. */
  readonly source: string;
  /** UTF-8, one JSON object a line, every line ended by one LF. */
  readonly bytes: Uint8Array;
}
