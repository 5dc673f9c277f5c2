import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../event/batch.ts';
import { decodeLine } from '../../event/codec.ts';
import { linesWith } from '../../event/lines-with.ts';
import type { Log } from '../../log/log.ts';
import { type Look, evidenceType, lookIn } from '../../rooms/where/evidence/evidence.ts';

/** Looks that are older when the server starts say nothing of now, ms. */
const backMs = 5 * 60_000;
/** Bytes that are searched in one go; what came beside is passed over. A second or less. */
const maxBytes = 512 * 1024 * 1024;
/** Others get their turn after so long, ms. */
const turnMs = 5;
const needles = [Buffer.from(`"${evidenceType}"`)];

interface ReaderOptions {
  readonly log: Log;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Whether a sender may tell what runs: the source of what it sends, as the intake stamps it. */
  readonly trusts: (sender: string) => boolean;
  readonly onLook: (look: Look) => void;
}

/**
 * Finds what runners saw among the readings. All bytes are searched, as a look comes once in many
 * thousand lines; only the lines in which the word stands are decoded.
 */
export class EvidenceReader {
  readonly counters = { taken: 0, refused: 0, passedOver: 0 };
  readonly #options: ReaderOptions;
  #next = 1;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Takes in what came since the last time. Throws what the log throws. */
  async read(): Promise<void> {
    const { log, now } = this.#options;
    const { next } = log.stat('readings');
    let at = Math.max(this.#next, log.offsetAt('readings', now() - backMs));
    let bytes = 0;
    let since = performance.now();
    if (at < next)
      for await (const batch of log.read('readings', at, { skipCorrupt: true })) {
        this.#search(batch);
        at = batch.first + batch.count;
        bytes += batch.bytes.length;
        if (at >= next || bytes > maxBytes) break;
        if (performance.now() - since < turnMs) continue;
        await setImmediate();
        since = performance.now();
      }
    this.counters.passedOver += Math.max(0, next - at);
    this.#next = Math.max(this.#next, next);
  }

  #search(batch: Batch): void {
    const { trusts, onLook } = this.#options;
    const { received, source } = batch;
    for (const { line, offset } of linesWith(batch, needles)) {
      const look = lookAt(line, { stream: 'readings', offset, received, source });
      if (!look) continue;
      if (!trusts(source)) {
        this.counters.refused++;
        continue;
      }
      this.counters.taken++;
      onLook(look);
    }
  }
}

function lookAt(line: Uint8Array, place: Parameters<typeof decodeLine>[1]): Look | undefined {
  try {
    return lookIn(decodeLine(line, place));
  } catch {
    // Told by those who read the log for history.
    return undefined;
  }
}
