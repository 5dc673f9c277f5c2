import { randomUUID } from 'node:crypto';
import { CodedError } from '../../errors/coded-error.ts';
import { shortName } from '../../rooms/alerts/names.ts';
import { leased } from '../../rooms/deploys/checked.ts';
import type { Rule } from '../../rooms/deploys/deploy.ts';
import type { DeployRecord } from '../../rooms/deploys/record.ts';
import { runningOf } from '../../rooms/deploys/state.ts';
import type {
  End,
  LeaseRequest,
  Order,
  Progress,
  ProgressAnswer,
} from '../api/contract-deploys.ts';
import { apiError } from '../errors.ts';
import type { Bell } from './bell.ts';
import { type Ground, ownActor } from './ground.ts';
import type { LogFiles } from './log-files.ts';
import type { RunnerBook } from './runner-book.ts';

/** So long a runner waits for work at most, ms. */
const longPoll = 20_000;
/** Requests of runners that may wait at once. */
export const maxLeasing = 500;
/** A runner that goes on after a restart has spoken by then: this part of the time of a lease. */
const resumesWithin = 1 / 8;

/** A deploy that may begin now, with what was found out about it. */
export interface Ready {
  readonly deploy: DeployRecord;
  readonly digest: string;
  readonly previous: { readonly version: string; readonly digest: string } | undefined;
  /** Rules that it breaks through. */
  readonly broken: readonly Rule[];
}

interface LeasesOptions extends Ground {
  readonly bell: Bell;
  readonly runners: RunnerBook;
  readonly logs: LogFiles;
  /** A lease that is silent for so long is over, ms. */
  readonly lostAfter: number;
  /** ms in all, and without a line of log. */
  readonly limits: { readonly total: number; readonly silence: number };
  /** What may begin in these environments, what goes first first. */
  readonly candidates: (environments: ReadonlySet<string>) => Promise<readonly DeployRecord[]>;
  /** What is known of one at this moment; undefined when it may not begin. */
  readonly ready: (deploy: DeployRecord) => Promise<Ready | undefined>;
  /** What stood there, of a deploy that runs, to be told again. */
  readonly previousOf: (deploy: DeployRecord) => Promise<Ready['previous']>;
  /** What went wrong where a deploy runs since it began; undefined: nothing. */
  readonly trouble: (deploy: DeployRecord) => string | undefined;
  readonly onLog: (id: string) => void;
  /** A runner came, or says something new of its environments. */
  readonly onRunner: () => void;
  /** Told what ended before its lane is freed; gives what is to be said of it. */
  readonly beforeEnd: (deploy: DeployRecord, result: End['result']) => Promise<string | undefined>;
}

/**
 * Leases of lanes: which runner carries out what, and for how long it is believed. The token of a
 * lease is the offset of its `started` fact; who says another is not heard.
 */
export class Leases {
  readonly counters = { leased: 0, lost: 0, fenced: 0, refused: 0 };
  readonly #options: LeasesOptions;
  readonly #since: number;
  readonly #resumesWithin: number;
  /** Last word of the runner of each deploy that runs, ms since the epoch. */
  readonly #heard = new Map<string, number>();
  /** Orders that did not arrive, and those that were given again once. */
  readonly #missed = new Set<string>();
  readonly #again = new Set<string>();
  /** Environments in which somebody is taking something at this moment: one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#since = options.now();
    this.#resumesWithin = options.lostAfter * resumesWithin;
    // Who waits by then is looked at again.
    setTimeout(() => options.bell.ring(), this.#resumesWithin + 1).unref();
  }

  /** Requests of runners that wait. */
  get waiting(): number {
    return this.#options.bell.waiting;
  }

  /** The last word of the runner of a deploy. */
  heardOf(deploy: DeployRecord): number | undefined {
    return this.#heard.get(deploy.id) ?? deploy.heard;
  }

  /** When the lease of a deploy is over unless something is heard, ms since the epoch. */
  overAt(deploy: DeployRecord): number {
    return Math.max(this.heardOf(deploy) ?? 0, this.#since) + this.#options.lostAfter;
  }

  /** The answer with the order of a deploy did not arrive. */
  missed(id: string): void {
    this.#missed.add(id);
    this.#options.bell.ring(this.#options.keeper.state.deploys.get(id)?.environment);
  }

  /**
   * Waits for something to do, 20 s at most; at once without anything when the server stops or the
   * caller goes away. Throws TERR_ROOM_STARTING, TERR_API_TOO_MANY_TAILS.
   */
  async lease(name: string, asked: LeaseRequest, gone: AbortSignal): Promise<Order | undefined> {
    const { bell, runners, now, keeper, onRunner } = this.#options;
    const environments = new Set(asked.environments);
    const end = performance.now() + longPoll;
    if (bell.waiting >= maxLeasing) {
      this.counters.refused++;
      throw apiError('TOO_MANY_TAILS', `${maxLeasing} runners wait for work; try again later`, {
        retryAfter: 5,
      });
    }
    for (;;) {
      void keeper.state;
      if (runners.heard(name, asked, now())) onRunner();
      const mark = bell.rung;
      // oxlint-disable-next-line no-await-in-loop -- until there is something
      const order = await this.#inTurn(() => this.#take(name, environments, gone));
      const left = end - performance.now();
      if (order || left <= 0 || gone.aborted || bell.closed) return order;
      // oxlint-disable-next-line no-await-in-loop -- woken when there is something
      if (bell.rung === mark) await bell.wait(environments, left, gone);
    }
  }

  /** Takes what a runner says. Throws TERR_DEPLOYS_FENCED, TERR_DEPLOYS_UNKNOWN. */
  async progress(id: string, said: Progress, actor: string): Promise<ProgressAnswer> {
    const { logs, give, onLog, trouble } = this.#options;
    const { token, stages, smoke, log } = said;
    this.#leased(id, token);
    this.#hear(id);
    const logNext = log ? await logs.take(id, log) : await logs.next(id);
    if (log) onLog(id);
    if (stages?.length) await give({ kind: 'stage', deploy: id, token, stages }, newly(actor));
    if (smoke?.length) await give({ kind: 'smoke', deploy: id, token, smoke }, newly(actor));
    // What was taken meanwhile is not to be believed when the lease ended meanwhile.
    const now = this.#leased(id, token);
    return {
      until: this.overAt(now),
      logNext,
      cancel: now.cancel ? cancelText(now.cancel) : null,
      bad: trouble(now) ?? null,
    };
  }

  /** Ends a deploy; the same said again changes nothing. Throws TERR_DEPLOYS_FENCED. */
  async end(id: string, said: End, actor: string): Promise<void> {
    const { keeper, beforeEnd, onProblem } = this.#options;
    const known = keeper.state.deploys.get(id);
    if (known?.token === said.token && known.state === said.result) return;
    const deploy = this.#leased(id, said.token);
    // Whatever is wrong with that, the deploy is over and its lane is free.
    const more = await beforeEnd(deploy, said.result).catch((error: unknown) => {
      onProblem(error);
      return undefined;
    });
    const reason = [said.reason, more].filter((text) => text !== undefined).join('; ');
    await this.#end(deploy, { ...said, ...(reason !== '' && { reason }) }, actor);
  }

  /** Ends the leases that were silent for too long, and gives when the next one is over. */
  async endSilent(): Promise<readonly number[]> {
    const { keeper, now, lostAfter, onProblem } = this.#options;
    const running = runningOf(keeper.state);
    for (const deploy of running) {
      if (this.overAt(deploy) > now()) continue;
      const token = deploy.token ?? 0;
      const seconds = Math.round(lostAfter / 1_000);
      const reason = `its runner ${deploy.runner ?? ''} was not heard for ${seconds} s: nobody knows how it ended`;
      try {
        // oxlint-disable-next-line no-await-in-loop -- few
        await this.#end(deploy, { token, result: 'lost', reason }, ownActor);
        this.counters.lost++;
      } catch (error) {
        onProblem(error);
      }
    }
    return runningOf(keeper.state).map((deploy) => this.overAt(deploy));
  }

  async #end(deploy: DeployRecord, said: End, actor: string): Promise<void> {
    const { give } = this.#options;
    const { id } = deploy;
    // The same end is the same command, however often it is said.
    const name = shortName('deploy-end', id, String(said.token), said.result);
    try {
      await give({ kind: 'end', deploy: id, ...said }, { actor, id: name });
    } finally {
      this.#forget();
    }
  }

  /** Without what is over. */
  #forget(): void {
    const running = new Set(runningOf(this.#options.keeper.state).map(({ id }) => id));
    for (const id of this.#heard.keys()) if (!running.has(id)) this.#heard.delete(id);
    for (const known of [this.#missed, this.#again])
      for (const id of known) if (!running.has(id)) known.delete(id);
  }

  #hear(id: string): void {
    this.#heard.set(id, this.#options.now());
    this.#missed.delete(id);
  }

  #leased(id: string, token: number): DeployRecord {
    try {
      return leased(this.#options.keeper.state, id, token);
    } catch (error) {
      if (error instanceof CodedError && error.code === 'TERR_DEPLOYS_FENCED')
        this.counters.fenced++;
      throw error;
    }
  }

  async #take(
    name: string,
    environments: ReadonlySet<string>,
    gone: AbortSignal,
  ): Promise<Order | undefined> {
    const { candidates, ready, bell } = this.#options;
    if (gone.aborted || bell.closed) return undefined;
    const missed = this.#notArrived(name, environments);
    if (missed) {
      this.#missed.delete(missed.id);
      this.#again.add(missed.id);
      return this.#orderOf(missed, await this.#options.previousOf(missed));
    }
    for (const candidate of await candidates(environments)) {
      // oxlint-disable-next-line no-await-in-loop -- the first that can be had
      const one = await ready(candidate);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const deploy = one && (await this.#start(name, one));
      if (deploy) return this.#orderOf(deploy, one.previous);
    }
    return undefined;
  }

  /**
   * What a runner was given and has not got: its answer did not arrive, or the server was stopped
   * in that moment and nothing was heard of it since.
   */
  #notArrived(name: string, environments: ReadonlySet<string>): DeployRecord | undefined {
    const { keeper, now } = this.#options;
    const started = now() - this.#since;
    return runningOf(keeper.state).find(
      ({ id, runner, environment, started: at = 0 }) =>
        runner === name &&
        environments.has(environment) &&
        (this.#missed.has(id) ||
          (at < this.#since &&
            started > this.#resumesWithin &&
            !this.#heard.has(id) &&
            !this.#again.has(id))),
    );
  }

  /** Undefined when another was faster, or it was cancelled meanwhile. */
  async #start(runner: string, { deploy, digest, previous, broken }: Ready) {
    const { give, keeper } = this.#options;
    const command = {
      kind: 'start' as const,
      deploy: deploy.id,
      runner,
      digest,
      broken,
      previous: previous?.version,
    };
    try {
      // It is their deploy; which runner carries it out the fact says as well.
      await give(command, newly(deploy.by));
    } catch (error) {
      if (error instanceof CodedError && passedBy.has(error.code)) return undefined;
      throw error;
    }
    this.counters.leased++;
    this.#hear(deploy.id);
    return keeper.state.deploys.get(deploy.id);
  }

  #orderOf(deploy: DeployRecord, previous: Ready['previous']): Order {
    const { limits } = this.#options;
    const { id, token = 0, kind, app, environment, version, digest = '', by } = deploy;
    return {
      id,
      token,
      kind,
      app,
      environment,
      version,
      digest,
      previous: previous ? { ...previous } : null,
      by,
      limits: { total: limits.total / 1_000, silence: limits.silence / 1_000 },
    };
  }

  /** One runner after the other: two that come together do not both look at the same. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act, act);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

const passedBy = new Set(['TERR_DEPLOYS_STATE', 'TERR_DEPLOYS_LANE', 'TERR_ROOM_BUSY']);

const newly = (actor: string) => ({ actor, id: randomUUID() });

const cancelText = ({ by, text }: NonNullable<DeployRecord['cancel']>): string =>
  text === undefined ? `${by} cancelled it` : `${by} cancelled it: ${text}`;
