import type { Logger } from 'pino';
import { CodedError } from '../../errors/coded-error.ts';
import { parseDuration } from '../../event/quantity.ts';
import type { Log } from '../../log/log.ts';
import { Ordinals } from '../../rooms/alerts/ordinals.ts';
import type { Policy, RouteSettings } from '../../rooms/alerts/policy.ts';
import { policyOf, routeDefaults } from '../../rooms/alerts/policy.ts';
import { type AlertsCommand, alertsRoom, idOfCommand } from '../../rooms/alerts/room.ts';
import { type AlertsState, maxQueue, maxSilences } from '../../rooms/alerts/state.ts';
import type { Decision } from '../../rules/decision.ts';
import type { Config } from '../config/schema.ts';
import type { AlertingCounts } from '../introspection/alerting.ts';
import { Clockwork } from '../notify/clockwork.ts';
import { senders, targetOf } from '../notify/senders.ts';
import { Keeper } from '../rooms/keeper.ts';

interface AlertsPartOptions {
  readonly config: Config;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Address that people use, without a slash at the end. */
  readonly publicUrl: () => string;
  readonly logger: Logger;
}

/** What rules decide for this room; what they emit is appended by who runs them. */
type OwnDecision = Exclude<Decision, { kind: 'emit' }>;

type Decided = AlertsCommand & { kind: 'decided' };

const cooldownMs = 300_000;
/** Subjects that are decided side by side: one commit of the log takes them together. */
const atOnce = 64;

/** Alerts, silences, notifications and scaling: the room, its keeper and its clockwork. */
export class AlertsPart {
  readonly policy: Policy;
  readonly keeper: Keeper<AlertsState, AlertsCommand>;
  readonly clockwork: Clockwork;
  /** Decisions that the room refused, by the name of their error. */
  readonly refused: Record<string, number> = {};
  readonly #stopping = new AbortController();
  readonly #tell: (error: unknown) => void;
  readonly #ordinals = new Ordinals();
  #turn: Promise<void> = Promise.resolve();
  #reached: Promise<void> | undefined;

  constructor({ config, log, now, publicUrl, logger }: AlertsPartOptions) {
    const { signal } = this.#stopping;
    this.#tell = (error) => logger.error({ err: error }, 'alerts: something failed');
    this.policy = policyFrom(config);
    const room = alertsRoom(this.policy);
    this.keeper = new Keeper({ room, log, now, onProblem: this.#tell });
    this.clockwork = new Clockwork({
      keeper: this.keeper,
      policy: this.policy,
      senders: senders({ settings: config, publicUrl, now, signal }),
      now,
      random: Math.random,
      giveUpAfter: config.notify.giveUpAfter,
      onProblem: this.#tell,
    });
  }

  /** Begins to read the facts; the room answers once it has them. */
  start(): void {
    this.#reached = this.keeper.start().reached;
  }

  /**
   * Takes what rules decided: alerts, messages and orders to scale; `emit` is passed over. Resolves
   * when all of it is on the log. In the order given for each alert, side by side otherwise. When it
   * rejects (the log takes nothing), give the same decisions again: each is carried out once.
   */
  readonly decided = (decisions: readonly Decision[]): Promise<void> => {
    const own = decisions.filter((one): one is OwnDecision => one.kind !== 'emit');
    if (own.length === 0) return Promise.resolve();
    const turn = this.#turn.then(() => this.#decide(own));
    this.#turn = turn.catch(() => undefined);
    return turn;
  };

  /** The rules begin again from a checkpoint: what they decided since then comes again. */
  readonly rulesRestarted = (): void => this.#ordinals.clear();

  readonly state = (): 'ok' | 'starting' => (this.keeper.ready ? 'ok' : 'starting');

  readonly troubleOf = (to: string): string | undefined => this.clockwork.troubleOf(to);

  /** For the page about Territory itself; undefined until the facts are read. */
  readonly counts = (): AlertingCounts | undefined => {
    if (!this.keeper.ready) return undefined;
    const { open, closed, silences, queue, forgotten, suppressed } = this.keeper.state;
    const bySeverity = { critical: 0, warning: 0, unknown: 0 };
    for (const { severity } of open.values()) bySeverity[severity]++;
    const { sent, failures, givenUp } = this.clockwork.counters;
    return {
      open: bySeverity,
      closed: closed.size,
      silences: silences.size,
      waiting: queue.size,
      maxSilences,
      maxWaiting: maxQueue,
      refusedOpen: this.refused['TERR_ROOM_FULL'] ?? 0,
      forgotten,
      suppressed,
      sent,
      failures,
      givenUp,
    };
  };

  /** Ends what is on its way; before the log is closed. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.clockwork.close();
    await this.keeper.close();
  }

  async #decide(decisions: readonly OwnDecision[]): Promise<void> {
    await this.#reached;
    const bySubject = new Map<string, Decided[]>();
    for (const decision of decisions) {
      const about = JSON.stringify([decision.kind, decision.rule, decision.key]);
      const nth = this.#ordinals.next(about, decision.at);
      const same = bySubject.get(about) ?? [];
      bySubject.set(about, same);
      same.push({ kind: 'decided', decision, nth });
    }
    const todo = [...bySubject.values()];
    while (todo.length > 0) {
      const some = todo.splice(0, atOnce).map((commands) => this.#inOrder(commands));
      // oxlint-disable-next-line no-await-in-loop -- so that a bound is not gone over by thousands
      const results = await Promise.allSettled(some);
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    }
  }

  async #inOrder(commands: readonly Decided[]): Promise<void> {
    for (const command of commands) {
      const id = idOfCommand(command, this.keeper.state) ?? command.decision.id;
      try {
        // oxlint-disable-next-line no-await-in-loop -- in this order
        await this.keeper.handle(command, { actor: 'rules', id });
      } catch (error) {
        this.#refuse(error);
      }
    }
  }

  /** What the room does not take is counted; that the log takes nothing is the caller's to know. */
  #refuse(error: unknown): void {
    const refusal = error instanceof CodedError && error.status < 500 ? error.code : undefined;
    if (refusal === undefined || !refusal.startsWith('TERR_ROOM_')) throw error;
    if (this.refused[refusal] === undefined) this.#tell(error);
    this.refused[refusal] = (this.refused[refusal] ?? 0) + 1;
  }
}

function policyFrom({ alerts, notify, scale }: Config): Policy {
  const { maxOpen, maxClosed, flapping } = alerts;
  return policyOf({
    bounds: { maxOpen, maxClosed },
    flapping,
    routes: notify.routes.map(routeOf),
    teams: notify.teams,
    inhibit: notify.inhibit,
    rate: notify.rate,
    cooldownOf: (target) =>
      parseDuration(targetOf(scale.targets, target)?.cooldown ?? '') ?? cooldownMs,
  });
}

type Route = Config['notify']['routes'][number];

function routeOf({ where, to, groupBy, continue: goesOn, ...spans }: Route): RouteSettings {
  const ms = (name: 'groupWait' | 'groupInterval' | 'repeatInterval'): number =>
    parseDuration(spans[name] ?? '') ?? routeDefaults[name];
  return {
    where: where ?? '',
    to,
    groupBy: groupBy ?? routeDefaults.groupBy,
    continue: goesOn ?? false,
    groupWait: ms('groupWait'),
    groupInterval: ms('groupInterval'),
    repeatInterval: ms('repeatInterval'),
  };
}
