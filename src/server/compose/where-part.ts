import type { Log } from '../../log/log.ts';
import { maxWatched } from '../../rooms/where/evidence/looks.ts';
import { maxInstances } from '../../rooms/where/instances.ts';
import type { WhereCounts } from '../introspection/where.ts';
import { WhereRuntime } from '../where/runtime.ts';

interface WherePartOptions {
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
  /** Whether a sender may tell what a runner saw. */
  readonly trusts: (sender: string) => boolean;
}

/** What runs where, as the facts tell it and the readings bear it out. */
export class WherePart {
  readonly #runtime: WhereRuntime;

  constructor(options: WherePartOptions) {
    this.#runtime = new WhereRuntime(options);
  }

  start(): void {
    this.#runtime.start();
  }

  readonly lanes: WhereRuntime['lanes'] = () => this.#runtime.lanes();

  /** For the page about Territory itself. */
  readonly counts = (): WhereCounts => {
    const { state, instances, counters, looks, seen, evidence } = this.#runtime;
    return {
      lanes: state.size,
      maxLanes: state.bounds.lanes,
      maxDeploys: state.bounds.deploys,
      told: state.counters.told,
      forgottenLanes: state.counters.forgottenLanes,
      forgottenDeploys: state.counters.forgottenDeploys,
      instances: instances.size,
      maxInstances,
      forgottenInstances: instances.counters.forgotten,
      looks: looks.looks,
      passedOver: looks.passedOver,
      placeless: looks.placeless,
      discovered: counters.discovered,
      watched: seen.size,
      maxWatched,
      forgottenWatched: seen.counters.forgotten,
      evidence: evidence.taken,
      evidenceRefused: evidence.refused,
      evidencePassed: evidence.passedOver,
      contradicted: counters.contradicted,
    };
  };

  /** Before the log is closed. */
  async close(): Promise<void> {
    await this.#runtime.close();
  }
}
