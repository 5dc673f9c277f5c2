import { join } from 'node:path';
import type { Log } from '../../log/log.ts';
import { maxWaiting, runningOf, waitingOf } from '../../rooms/deploys/state.ts';
import { commitsTold } from '../artefacts/commits-told.ts';
import type { Config } from '../config/schema.ts';
import type { CheckAsking } from '../deploys/checked.ts';
import { DeploysDesk, type DeploysDeskOptions, maxViewers } from '../deploys/desk.ts';
import { maxLeasing } from '../deploys/leases.ts';
import { maxLogBytes } from '../deploys/log-files.ts';
import { maxRunners } from '../deploys/runner-book.ts';
import type { GatesDesk } from '../gates/desk.ts';
import type { DeploysCounts } from '../introspection/deploys.ts';
import type { ThreadFollower } from '../thread/follower.ts';
import type { LaneKnown } from '../where/runtime.ts';

interface DeploysPartOptions {
  readonly config: Config;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly gates: { readonly desk: GatesDesk };
  readonly alerts: { readonly keeper: DeploysDeskOptions['alerts'] };
  readonly where: { readonly lanes: () => Promise<readonly LaneKnown[]> };
  readonly threads: { readonly follower: ThreadFollower };
  /** What the checks say of releases; undefined: there are none to ask. */
  readonly checks?: CheckAsking;
  readonly onProblem: (error: unknown) => void;
}

/** Deploys: what is asked for, who carries it out, and how far it is. */
export class DeploysPart {
  readonly desk: DeploysDesk;
  readonly #config: Config;

  constructor(options: DeploysPartOptions) {
    const { config, log, now, gates, alerts, where, threads, checks, onProblem } = options;
    this.#config = config;
    this.desk = new DeploysDesk({
      log,
      now,
      onProblem,
      settings: config.deploys,
      dir: join(config.data, 'deploys'),
      store: config.releases.store ?? join(config.data, 'artefacts'),
      gates: gates.desk,
      alerts: alerts.keeper,
      lanes: where.lanes,
      ...(checks && { checks }),
      told: (from, to) => commitsTold({ follower: threads.follower, log }, from, to),
    });
  }

  /** Begins to read the facts; the room answers once it has them. */
  start(): void {
    this.desk.start();
  }

  /** Configuration keys that have a value in an environment; undefined: no runner has said so. */
  readonly keysIn = (environment: string): ReadonlySet<string> | undefined =>
    this.desk.runners.keysIn(environment);

  /** For the page about Territory itself; undefined until the facts are read. */
  readonly counts = (): DeploysCounts | undefined => {
    const { keeper, asking, leases, runners, viewers, logs, judging } = this.desk;
    if (!keeper.ready) return undefined;
    return {
      running: runningOf(keeper.state).length,
      waiting: waitingOf(keeper.state).length,
      maxWaiting,
      refusedFull: asking.counters.full,
      runners: runners.size,
      maxRunners,
      forgottenRunners: runners.counters.forgotten,
      leasing: leases.waiting,
      maxLeasing,
      refusedLeasing: leases.counters.refused,
      viewers: viewers.count,
      maxViewers,
      refusedViewers: viewers.counters.refused,
      maxLog: maxLogBytes,
      cutLogs: logs.counters.cut,
      removedLogs: logs.counters.removed,
      keepLogs: this.#config.deploys.keepLogs,
      asked: asking.counters.asked,
      refused: asking.counters.refused,
      leased: leases.counters.leased,
      lost: leases.counters.lost,
      fenced: leases.counters.fenced,
      logBytes: logs.counters.bytes,
      looks: judging.counters.looks,
    };
  };

  /** Ends what would keep the server from stopping: who waits for work, and who follows. */
  hangUp(): void {
    this.desk.hangUp();
  }

  /** Before the gates and the log are closed. */
  async close(): Promise<void> {
    await this.desk.close();
  }
}
