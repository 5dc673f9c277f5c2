import type { IntakeCounters } from '../../intake/intake.ts';
import type { Log } from '../../log/log.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Health, Itself } from '../api/contract.ts';
import type { Config } from '../config/schema.ts';
import { itself } from '../introspection/itself.ts';
import { LoopDelay, diskOf, ownMemory } from '../introspection/machine.ts';
import type { AlertingCounts } from '../introspection/alerting.ts';
import type { ChecksCounts } from '../introspection/checks.ts';
import type { DemoCounts } from '../introspection/demo.ts';
import type { DeploysCounts } from '../introspection/deploys.ts';
import type { GatesCounts } from '../introspection/gates.ts';
import type { RedirectsCounts } from '../introspection/redirects.ts';
import type { RulesCounts } from '../introspection/rules.ts';
import type { MapCounts } from '../introspection/map.ts';
import type { ThreadsCounts } from '../introspection/threads.ts';
import type { ArtefactsCounts } from '../introspection/artefacts.ts';
import type { BuildsCounts } from '../introspection/builds.ts';
import type { WhereCounts } from '../introspection/where.ts';
import type { Measure } from '../introspection/measure.ts';
import { measuresOf } from '../introspection/measures.ts';
import { exposition } from '../introspection/prometheus.ts';
import { type Sources, snapshot } from '../introspection/state.ts';
import type { Tail } from '../tail/tail.ts';
import { ownVersion } from '../version.ts';
import type { WebhookBook } from '../webhooks/book.ts';
import type { FollowerPart } from './follower-part.ts';
import { addressOf } from './exposure.ts';
import { healthOf } from './health.ts';
import type { HistoryPart } from './history-part.ts';
import type { IntakesPart } from './intakes-part.ts';

interface SelfParts {
  readonly config: Config;
  readonly now: () => number;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly tail: Tail;
  readonly intakes: IntakesPart;
  readonly history: HistoryPart;
  readonly follower: FollowerPart;
  readonly alerts: {
    readonly state: () => 'ok' | 'starting';
    readonly counts: () => AlertingCounts | undefined;
  };
  readonly rules: {
    readonly state: () => 'ok' | 'starting' | 'restarting' | 'off';
    readonly counts: () => RulesCounts | undefined;
  };
  readonly webhooks: WebhookBook;
  readonly map: {
    readonly state: () => 'ok' | 'starting';
    readonly counts: () => MapCounts;
  };
  readonly threads: {
    readonly state: () => 'ok' | 'starting';
    readonly counts: () => ThreadsCounts;
  };
  readonly where: { readonly counts: () => WhereCounts };
  readonly builds: { readonly counts: BuildsCounts };
  readonly checks: { readonly counts: () => ChecksCounts };
  readonly gates: { readonly counts: () => GatesCounts | undefined };
  readonly redirects: { readonly counts: () => RedirectsCounts | undefined };
  readonly demo: { readonly counts: () => DemoCounts | undefined };
  readonly deploys: { readonly counts: () => DeploysCounts | undefined };
  readonly artefacts: { readonly counts: () => ArtefactsCounts };
}

/** What the server knows about itself, in the three forms in which it says it. */
export class Self {
  stopping = false;
  /** Address for people, without a slash at the end; known once we listen. */
  url: string;
  /** Events that left the log before history had them. */
  trimmedUnread = 0;
  /** Intakes beside the HTTP one. */
  readonly intakes: (() => IntakeCounters)[] = [];
  readonly #parts: SelfParts;
  readonly #sources: Sources;
  readonly #loop = new LoopDelay();
  #loopDelay = { p99: 0, max: 0 };

  constructor(parts: SelfParts) {
    this.#parts = parts;
    this.url = addressOf(parts.config, parts.config.port);
    const { config, now, log, accounts, tail, intakes, history, follower, alerts, rules } = parts;
    this.intakes.push(intakes.events.counters);
    this.#sources = {
      config,
      version: ownVersion(),
      started: now(),
      now,
      log,
      accounts,
      tail,
      intakes: () => [...this.intakes.map((counters) => counters()), ...intakes.counters()],
      inFlight: () => intakes.events.inFlight().bytes,
      senders: () => ({
        ...intakes.load(),
        held: intakes.book.size,
        forgotten: intakes.book.forgotten,
      }),
      lag: follower.lag,
      overflows: follower.overflows,
      historyState: () => history.state(),
      historyCounters: () => history.current()?.counters(),
      historyMemory: () => history.memory(),
      historyStat: () => history.stat(),
      trimmedUnread: () => this.trimmedUnread,
      alerting: alerts.counts,
      rules: rules.counts,
      threads: parts.threads.counts,
      map: parts.map.counts,
      where: parts.where.counts,
      builds: () => parts.builds.counts,
      checks: parts.checks.counts,
      gates: parts.gates.counts,
      redirects: parts.redirects.counts,
      demo: parts.demo.counts,
      deploys: parts.deploys.counts,
      artefacts: parts.artefacts.counts,
      webhooks: parts.webhooks.counts,
      memory: ownMemory,
      disk: () => diskOf(config.data),
      loopDelay: () => this.#loopDelay,
    };
  }

  readonly itself = (): Promise<Itself> => itself(this.#sources);

  readonly health = (): Health =>
    healthOf({
      stopping: this.stopping,
      log: this.#parts.log.state(),
      history: this.#parts.history.state(),
      follower: this.#parts.follower.state(),
      alerts: this.#parts.alerts.state(),
      rules: this.#parts.rules.state(),
      threads: this.#parts.threads.state(),
      map: this.#parts.map.state(),
    });

  readonly metrics = async (): Promise<string> => exposition(await this.#measure());

  /** The measures for a round of own readings; starts a new interval of the event loop's delay. */
  readonly measureRound = async (): Promise<Measure[]> => {
    this.#loopDelay = this.#loop.take();
    return this.#measure();
  };

  close(): void {
    this.#loop.close();
  }

  async #measure(): Promise<Measure[]> {
    return measuresOf(await snapshot(this.#sources), this.#sources);
  }
}
