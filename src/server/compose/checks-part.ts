import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamName } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import type { Alert } from '../../rooms/alerts/alert.ts';
import { maxChecks, maxFeatures } from '../../rooms/checks/state.ts';
import { mostAsked, mostTries } from '../checks/asked-thread.ts';
import { ChecksDesk } from '../checks/desk.ts';
import { LostCover } from '../checks/lost-cover.ts';
import { checksRule } from '../checks/recording/alarms.ts';
import { mostWaiting } from '../checks/recording/recorder.ts';
import { Releases } from '../checks/releases.ts';
import { ChecksRuntime } from '../checks/runtime.ts';
import type { StreamsOf } from '../checks/stream-desk.ts';
import { Verdicts } from '../checks/verdicts.ts';
import { streamQuestions } from '../checks-stream/stream-questions.ts';
import type { Config } from '../config/schema.ts';
import { askCoverage } from '../coverage/ask.ts';
import type { ChecksCounts } from '../introspection/checks.ts';
import type { Lag } from '../introspection/state.ts';
import type { HistoryDesk } from '../parts.ts';
import type { LaneKnown } from '../where/runtime.ts';
import type { AlertsPart } from './alerts-part.ts';

interface ChecksPartOptions {
  readonly config: Config;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly alerts: AlertsPart;
  readonly where: { readonly lanes: () => Promise<readonly LaneKnown[]> };
  readonly history: Pick<HistoryDesk, 'ask'>;
  /** How far history is behind the log; undefined: nothing follows it. */
  readonly lag: () => Readonly<Record<StreamName, Lag>> | undefined;
  /** Address that people use, without a slash at the end. */
  readonly publicUrl: () => string;
  readonly onProblem: (error: unknown) => void;
}

/** Checks: features and plugins that are run again and again. */
export class ChecksPart {
  readonly desk: ChecksDesk;
  /** What came in from an environment, as steps ask it. */
  readonly streams: StreamsOf;
  /** What they say of releases. */
  readonly verdicts: Verdicts;
  readonly #runtime: ChecksRuntime;
  readonly #cover: LostCover;
  readonly #options: ChecksPartOptions;
  #isClosed = false;

  constructor(options: ChecksPartOptions) {
    this.#options = options;
    const { config, log, now, alerts, where, history, lag, publicUrl, onProblem } = options;
    const { data, checks } = config;
    const { lanes } = where;
    const releases = new Releases({ lanes, head: () => log.stat('facts').next });
    const coverage = askCoverage({ history, now, lag });
    this.streams = (environment) => streamQuestions({ environment, history, coverage, lanes, now });
    this.#runtime = new ChecksRuntime({
      log,
      folder: checks.folder ?? join(data, 'checks'),
      stateDir: join(data, 'checks-state'),
      detailsDir: join(data, 'checks-runs'),
      limits: checks,
      browser: checks.browser,
      releases,
      streams: this.streams,
      decided: alerts.decided,
      openAlerts: async () =>
        new Map((await this.#open()).map(({ key }) => [key['check'] ?? '', key['route'] ?? ''])),
      retired: (known) => this.#resolve(known),
      linkOf: (check) => `${publicUrl()}/checks/${encodeURIComponent(check)}`,
      now,
      onProblem,
    });
    this.desk = new ChecksDesk({ runtime: this.#runtime, releases, now });
    this.verdicts = new Verdicts({
      keeper: this.#runtime.keeper,
      isKnown: () => this.#runtime.state !== 'starting',
      evidence: () => this.desk.evidence(),
      lanes,
      now,
      onProblem,
    });
    const { keeper } = this.#runtime;
    this.#cover = new LostCover({
      checks: () => (keeper.ready ? keeper.state : undefined),
      alerts: () => (alerts.keeper.ready ? alerts.keeper.state : undefined),
      decided: alerts.decided,
      now,
      onProblem,
    });
  }

  start(): void {
    if (!this.#options.config.checks.enabled) return;
    this.#runtime.keeper.onChange(() => this.#cover.changed());
    this.#runtime.start();
    this.verdicts.start();
  }

  /** For the page about Territory itself. */
  readonly counts = (): ChecksCounts => {
    const { told, recorder, details, asked, blames, restarts, stats } = this.#runtime;
    const { checks } = this.#options.config;
    return {
      checks: told.definitions.length,
      maxChecks,
      features: told.features.length,
      maxFeatures,
      findings: told.findings.length,
      runs: recorder.counters.runs,
      missed: recorder.counters.missed,
      lagP99: stats.lagP99,
      waiting: recorder.waiting,
      maxWaiting: mostWaiting,
      lost: recorder.counters.lost,
      running: stats.running,
      atOnce: checks.atOnce,
      heapBytes: stats.heapBytes,
      memory: checks.memory,
      restarts,
      banned: blames.size,
      detailBytes: details.bytes,
      keepDetails: checks.keepDetails,
      removedDetails: details.counters.removed,
      failedDetails: details.counters.failed,
      asked: asked.underway,
      maxAsked: mostAsked,
      tries: asked.tries,
      maxTries: mostTries,
      refusedAsked: asked.counters.refused,
    };
  };

  /** Before alerts and the log are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#cover.close();
    await this.verdicts.close();
    await this.#runtime.close();
  }

  /** What was opened for a check that is no more would stay open for ever. */
  async #resolve(known: ReadonlySet<string>): Promise<void> {
    const { keeper } = this.#options.alerts;
    const open = (await this.#open()).filter(({ key }) => !known.has(key['check'] ?? ''));
    for (const { id, openedAt } of open)
      // oxlint-disable-next-line no-await-in-loop -- few, and each waits for the log
      await keeper.handle(
        { kind: 'resolve', alert: id, note: 'its check is no more' },
        { actor: 'checks', id: `retired/${id}/${openedAt}` },
      );
  }
  /** Alerts of checks, once the room has its facts. */
  async #open(): Promise<readonly Alert[]> {
    const { keeper } = this.#options.alerts;
    // oxlint-disable-next-line no-await-in-loop -- until the facts are read
    while (!keeper.ready && !this.#isClosed) await sleep(50);
    if (!keeper.ready) return [];
    return [...keeper.state.open.values()].filter(({ rule }) => rule === checksRule);
  }
}
