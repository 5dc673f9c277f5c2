import type { Log } from '../../log/log.ts';
import { BuildsState } from '../../rooms/builds/fold.ts';
import { buildTold, typesOfBuilds } from '../../rooms/builds/told.ts';
import { roomError } from '../../rooms/errors.ts';
import { FactsFollower } from '../rooms/facts-follower.ts';

interface RuntimeOptions {
  readonly log: Log;
  readonly onProblem: (error: unknown) => void;
}

/** Holds what the facts tell of builds. */
export class BuildsRuntime {
  readonly #state = new BuildsState();
  readonly #follower: FactsFollower;

  constructor({ log, onProblem }: RuntimeOptions) {
    this.#follower = new FactsFollower({
      log,
      types: typesOfBuilds,
      onFact: (event) => {
        const told = buildTold(event);
        if (told) this.#state.fold(told);
      },
      onProblem,
    });
  }

  start(): void {
    this.#follower.start();
  }

  /** Throws TERR_ROOM_STARTING until the facts that the log held at the start are read. */
  get state(): BuildsState {
    if (this.#follower.ready) return this.#state;
    throw roomError('STARTING', 'the facts are still being read; try again in a moment', {
      retryAfter: 1,
    });
  }

  /** What is held, also while it is still read. */
  get counts() {
    const { size, bounds, counters } = this.#state;
    return { lines: size, maxLines: bounds.lines, ...counters };
  }

  /** Before the log is closed. */
  async close(): Promise<void> {
    await this.#follower.close();
  }
}
