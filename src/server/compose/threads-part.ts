import { join } from 'node:path';
import type { Log } from '../../log/log.ts';
import type { Config } from '../config/schema.ts';
import type { ThreadsCounts } from '../introspection/threads.ts';
import { ThreadFollower } from '../thread/follower.ts';

/** The threads from commit to incident, as the facts bring them. */
export class ThreadsPart {
  readonly follower: ThreadFollower;

  constructor(config: Config, log: Log, onProblem: (error: unknown) => void) {
    const path = join(config.data, 'threads');
    this.follower = new ThreadFollower({ log, path, onProblem });
  }

  start(): void {
    this.follower.start();
  }

  readonly state = (): 'ok' | 'starting' => (this.follower.ready ? 'ok' : 'starting');

  /** For the page about Territory itself. */
  readonly counts = (): ThreadsCounts => {
    const { held, counters } = this.follower;
    return {
      things: held.thingCount,
      edges: held.edgeCount,
      events: held.index.count,
      bounds: held.bounds,
      folded: held.counters.folded,
      forgottenThings: held.counters.forgottenThings,
      forgottenEdges: held.counters.forgottenEdges,
      forgottenEvents: held.index.forgotten,
      startMs: counters.startMs,
    };
  };

  /** Before the log is closed. */
  async close(): Promise<void> {
    await this.follower.close();
  }
}
