import { EventReader } from '../../../event/event-reader.ts';
import type { Event } from '../../../event/event.ts';
import type { Log } from '../../../log/log.ts';
import { rulesSource } from '../../../rules/engine/path.ts';
import { merged } from './merge.ts';
import type { Cursors } from './messages.ts';

/** Reads the log for the rules: both streams in one order, as events. */
export class LogReading {
  /** Events that the log had no longer, or that were not readable. */
  skipped = 0;
  readonly #log: Log;
  readonly #reader = new EventReader();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Gives the events from `from` to `to`, batch by batch, until there is no more or `take` answers
   * false. Answers how far it came; the end of a stream counts as reached where its rest is gone.
   */
  async read(
    from: Cursors,
    to: Cursors,
    take: (events: readonly Event[], at: Cursors) => boolean,
  ): Promise<Cursors> {
    let at = from;
    for await (const batch of merged(this.#log, from, to)) {
      this.skipped += Math.max(0, batch.first - at[batch.stream]);
      at = { ...at, [batch.stream]: batch.first + batch.count };
      if (!take(this.#events(batch), at)) return at;
    }
    const end = (stream: keyof Cursors): number => {
      this.skipped += Math.max(0, to[stream] - at[stream]);
      return Math.max(at[stream], to[stream]);
    };
    return { facts: end('facts'), readings: end('readings') };
  }

  /**
   * Ids of what rules emitted that lies between two places. After a restart it is decided again, and
   * this is how it is known, however many other identities the log was given since.
   */
  async emitted(from: Cursors, to: Cursors): Promise<Set<string>> {
    const ids = new Set<string>();
    for await (const batch of merged(this.#log, from, to))
      if (batch.source === rulesSource) for (const { id } of this.#events(batch)) ids.add(id);
    return ids;
  }

  #events(batch: Parameters<EventReader['read']>[0]): readonly Event[] {
    try {
      return this.#reader.read(batch);
    } catch {
      // Counted, and told by those who read the log for history.
      this.skipped += batch.count;
      return [];
    }
  }
}
