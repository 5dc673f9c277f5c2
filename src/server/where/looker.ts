import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../event/batch.ts';
import { type PlacedEvent, decodeLine } from '../../event/codec.ts';
import { linesWith } from '../../event/lines-with.ts';
import type { Log } from '../../log/log.ts';
import type { Sighting } from '../../rooms/where/instances.ts';
import { freshMs } from '../../rooms/where/runs.ts';

/** Batches of one look; when more came, as many, spread evenly over what came. */
const maxBatches = 64;
/** Lines of one batch that are decoded, spread evenly over those that say a version. */
const maxLines = 128;
const needle = Buffer.from('"service.version"');

interface LookerOptions {
  readonly log: Log;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly onSighting: (sighting: Sighting) => void;
}

/**
 * Looks at what the readings say of versions (`service.version` of OpenTelemetry): all of those that
 * came since the last look when they are few, a sample of them when they are many. What a look costs
 * does not grow with what comes in; an instance that reports again and again is met all the same.
 */
export class Looker {
  readonly counters = { looks: 0, decoded: 0, passedOver: 0, placeless: 0 };
  readonly #options: LookerOptions;
  #next = 1;
  /** Read so far. */
  #batches = 0;

  constructor(options: LookerOptions) {
    this.#options = options;
  }

  /** Looks at what came since the last time. Throws what the log throws. */
  async look(): Promise<void> {
    const { log, now } = this.#options;
    const { next } = log.stat('readings');
    const from = Math.max(this.#next, log.offsetAt('readings', now() - freshMs));
    this.counters.looks++;
    let at = from;
    for (let taken = 1; taken <= maxBatches && at < next; taken++) {
      // oxlint-disable-next-line no-await-in-loop -- one small read after the other
      const batch = await this.#batchAt(at);
      if (!batch) break;
      this.#readBatch(batch);
      const end = batch.first + batch.count;
      at = Math.max(end, Math.floor(from + (taken * (next - from)) / maxBatches));
      this.counters.passedOver += at - end;
      // oxlint-disable-next-line no-await-in-loop -- others get their turn
      await setImmediate();
    }
    this.#next = Math.max(this.#next, next);
  }

  async #batchAt(offset: number): Promise<Batch | undefined> {
    const read = this.#options.log.read('readings', offset, { skipCorrupt: true });
    for await (const batch of read) return batch;
    return undefined;
  }

  #readBatch(batch: Batch): void {
    const lines = linesWith(batch, [needle]);
    const stride = Math.max(1, lines.length / maxLines);
    // Begun elsewhere each time: what comes in turns must not hide behind its neighbour.
    const begin = this.#batches++ % Math.ceil(stride);
    for (let i = begin; i < lines.length; i += stride) {
      const one = lines[Math.floor(i)];
      if (one) this.#see(one.line, batch, one.offset);
    }
    this.counters.passedOver += Math.max(0, lines.length - Math.ceil(lines.length / stride));
  }

  #see(line: Uint8Array, { received, source }: Batch, offset: number): void {
    this.counters.decoded++;
    let event: PlacedEvent;
    try {
      event = decodeLine(line, { stream: 'readings', offset, received, source });
    } catch {
      // Told by those who read the log for history.
      return;
    }
    const version = event.attributes?.['service.version'];
    if (version === undefined || version === '') return;
    const { service, environment, host = '', attributes = {} } = event;
    if (service === undefined || environment === undefined) {
      this.counters.placeless++;
      return;
    }
    this.#options.onSighting({
      app: service,
      environment,
      instance: attributes['service.instance.id'] ?? host,
      version,
      time: Math.min(event.time, received),
      offset,
    });
  }
}
