import { type PlacedEvent, decodeBatch, encodeDrafts } from '../../../event/codec.ts';
import { Backoff } from '../../../launch/backoff.ts';
import type { Log } from '../../../log/log.ts';
import type { CheckDefinition } from '../../../rooms/checks/definition.ts';
import type { LifeSettings } from '../../../rooms/checks/life.ts';
import type { ChecksCommand } from '../../../rooms/checks/room.ts';
import { checksSource } from '../../../rooms/checks/run.ts';
import { suppressor } from '../../../rooms/checks/standing.ts';
import { type ChecksState, quarantineOf } from '../../../rooms/checks/state.ts';
import type { AlertDecision } from '../../../rules/decision.ts';
import type { Keeper } from '../../rooms/keeper.ts';
import { toTell, toldBefore } from './alarms.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type Folded, Lives, slotOf } from './lives.ts';
import { type Outcome, draftOfMissed, draftsOfRun, outcomeOf } from './readings.ts';

/** Outcomes that wait for the log; beyond them the newest are lost, and counted. */
export const mostWaiting = 20_000;
/** Outcomes that are appended at once. */
const atOnce = 500;
const tickMs = 1_000;
/** Readings of so far back are looked at where no checkpoint says from where on, ms. */
const lookback = 3_600_000;

export interface RecorderOptions {
  readonly log: Log;
  /** Where what is known is written down. */
  readonly stateFile: string;
  /** How often, ms. */
  readonly checkpointMs: number;
  readonly keeper: Pick<Keeper<ChecksState, ChecksCommand>, 'state' | 'handle'>;
  /** Resolves when what follows from the decisions is durable; given again they change nothing. */
  readonly decided: (decisions: readonly AlertDecision[]) => Promise<void>;
  /** The routes of alerts that are open, by check. */
  readonly openAlerts: () => Promise<ReadonlyMap<string, string>>;
  readonly definitions: () => ReadonlyMap<string, CheckDefinition>;
  readonly settingsOf: (check: string) => LifeSettings;
  /** The version of its application that was in its environment at a time. */
  readonly releaseAt: (definition: CheckDefinition, at: number) => Promise<string | undefined>;
  readonly linkOf: (check: string) => string;
  /** Told of a run once it is durable and what follows from it is. */
  readonly onRun: (check: string) => void;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Puts what came of each slot on the log, lives the lives of checks by it, and tells what happened:
 * as facts, and to the room of alerts. In this order, and a checkpoint is written only when all of
 * it is durable: after a kill what came since is lived again, says the same with the same ids, and
 * is found to be known.
 */
export class Recorder {
  readonly lives: Lives;
  readonly counters = { runs: 0, missed: {} as Record<string, number>, lost: 0, replayed: 0 };
  readonly #options: RecorderOptions;
  readonly #backoff = new Backoff(200, 10_000);
  #waiting: Outcome[] = [];
  #undone: Folded[] = [];
  #wake: () => void = () => undefined;
  #stopping = false;
  #loop: Promise<void> = Promise.resolve();
  #keptAt = 0;
  #tickedAt = 0;
  #troubled = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.lives = new Lives(options);
  }

  /** Lives again what is not in the checkpoint, and then as it comes. */
  async start(): Promise<void> {
    const { log, stateFile, now } = this.#options;
    const kept = await readCheckpoint(stateFile);
    const { next } = log.stat('readings');
    const usable = kept && kept.next <= next ? kept : undefined;
    if (usable) this.lives.restore(usable.lives);
    const from = usable?.next ?? log.offsetAt('readings', now() - lookback);
    await this.#replay(from);
    for (const id of this.#options.definitions().keys()) this.lives.begin(id, now());
    this.lives.returned(now());
    // Where the checkpoint was lost, an alert of before would stay open for ever.
    for (const [check, route] of await this.#options.openAlerts())
      if (this.lives.get(check)?.alarm === undefined) this.lives.told(check, toldBefore(route));
    this.#keptAt = now();
    this.#loop = this.#run();
  }

  /** Takes what came of slots, in their order for each check. */
  take(outcomes: readonly Outcome[]): void {
    const room = Math.max(0, mostWaiting - this.#waiting.length);
    this.#waiting.push(...outcomes.slice(0, room));
    this.counters.lost += Math.max(0, outcomes.length - room);
    this.#wake();
  }

  /** The last slot of a check that has an outcome. */
  accounted(check: string): number | undefined {
    const last = this.lives.get(check)?.outcomes.at(-1);
    const waiting = this.#waiting.findLast((one) => checkOf(one) === check) ?? last;
    return waiting && slotOf(waiting);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Writes down what is known. */
  async close(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopping || this.#waiting.length > 0) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      const isDone = await this.#round();
      if (this.#stopping && !isDone) return;
      const pause = isDone ? tickMs : this.#backoff.next();
      // oxlint-disable-next-line no-await-in-loop -- until there is something
      if (this.#waiting.length === 0 || !isDone) await this.#sleep(pause);
    }
    await this.#keep();
  }

  /** Whether all that was there is durable. */
  async #round(): Promise<boolean> {
    try {
      await this.#settle();
      const some = this.#waiting.slice(0, atOnce);
      if (some.length > 0) {
        await this.#append(some);
        this.#waiting = this.#waiting.slice(some.length);
        this.#undone = some.flatMap((outcome) => this.#fold(outcome) ?? []);
      }
      const now = this.#options.now();
      const touched = new Set(some.map(checkOf));
      const isTick = now >= this.#tickedAt + tickMs || now < this.#tickedAt;
      if (isTick) this.#tick(now);
      await this.#settle();
      // What depends on others is looked at with the next tick.
      await this.#tellAlarms(now, isTick ? this.#options.definitions().keys() : touched);
      for (const one of touched) this.#options.onRun(one);
      if (now >= this.#keptAt + this.#options.checkpointMs) await this.#keep();
      this.#backoff.reset();
      this.#troubled = false;
      return true;
    } catch (error) {
      // Told once; it is tried again until it is done.
      if (!this.#troubled) this.#options.onProblem(error);
      this.#troubled = true;
      return false;
    }
  }

  #tick(now: number): void {
    this.#tickedAt = now;
    for (const id of this.#options.definitions().keys()) {
      const folded = this.lives.tick(id, now);
      if (folded) this.#undone.push(folded);
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #append(outcomes: Outcome[]): Promise<void> {
    const { log, releaseAt, settingsOf, definitions } = this.#options;
    const drafts = [];
    for (const [i, outcome] of outcomes.entries()) {
      const definition = definitions().get(checkOf(outcome));
      if (!definition) continue;
      if (outcome.kind === 'missed') {
        drafts.push(draftOfMissed(outcome.missed, definition));
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop -- it is remembered for some seconds
      const release = await releaseAt(definition, outcome.run.started);
      const run = { ...outcome.run, release };
      outcomes[i] = { kind: 'run', run };
      drafts.push(...draftsOfRun(run, definition, settingsOf(definition.id).policy.staleAfter));
    }
    const { readings } = encodeDrafts(drafts, checksSource);
    if (readings) await log.append('readings', readings);
  }

  #fold(outcome: Outcome): Folded | undefined {
    const check = checkOf(outcome);
    if (!this.#options.definitions().has(check)) return undefined;
    if (outcome.kind === 'run') this.counters.runs++;
    else {
      const { why, slots } = outcome.missed;
      this.counters.missed[why] = (this.counters.missed[why] ?? 0) + slots;
    }
    return this.lives.fold(outcome);
  }

  /** What happened becomes facts. */
  async #settle(): Promise<void> {
    const { keeper } = this.#options;
    while (this.#undone.length > 0) {
      const [{ check, happenings } = { check: '', happenings: [] }] = this.#undone;
      for (const happening of happenings) {
        const command: ChecksCommand = { kind: 'happened', check, happening };
        // oxlint-disable-next-line no-await-in-loop -- few, and in their order
        await keeper.handle(command, { actor: 'checks', id: happening.id });
      }
      this.#undone.shift();
    }
  }

  /** It follows from how checks are, not from what happened: what was held back is told later. */
  async #tellAlarms(now: number, checks: Iterable<string>): Promise<void> {
    const { definitions, settingsOf, keeper, linkOf, decided } = this.#options;
    const lifeOf = (id: string) => this.lives.get(id)?.life;
    const known = definitions();
    for (const id of checks) {
      const definition = known.get(id);
      const lived = this.lives.get(id);
      if (!lived || !definition) continue;
      const silencing = {
        quarantined: quarantineOf(keeper.state, id, now) !== undefined,
        suppressedBy: suppressor(definition, lifeOf),
      };
      const at = Math.max(now, lived.life.last?.ended ?? 0);
      const common = { definition, silencing, settings: settingsOf(id), told: lived.alarm };
      const tell = toTell({ ...common, life: lived.life, now: at, link: linkOf(id) });
      if (!tell) continue;
      // oxlint-disable-next-line no-await-in-loop -- few
      await decided(tell.decisions);
      this.lives.told(id, tell.alarm);
    }
  }

  /** The readings from an offset on, as they came. */
  async #replay(from: number): Promise<void> {
    const { log, onProblem } = this.#options;
    for await (const batch of log.read('readings', from, { skipCorrupt: true })) {
      // The source of a batch is given by who appends it, and not by who sends an event.
      if (batch.source !== checksSource) continue;
      try {
        // oxlint-disable-next-line no-await-in-loop -- in their order
        for (const event of decodeBatch(batch)) await this.#again(event);
      } catch (error) {
        onProblem(error);
      }
    }
  }

  /** What was said of it is said again, in the order in which it was: it is found to be known. */
  async #again(event: PlacedEvent): Promise<void> {
    const outcome = outcomeOf(event);
    if (!outcome || !this.#options.definitions().has(checkOf(outcome))) return;
    const folded = this.lives.fold(outcome);
    if (!folded) return;
    this.counters.replayed++;
    this.#undone.push(folded);
    await this.#settle();
    if (folded.happenings.length > 0) await this.#tellAlarms(event.time, [folded.check]);
  }

  async #keep(): Promise<void> {
    const { log, stateFile, now, onProblem } = this.#options;
    this.#keptAt = now();
    // Between two rounds: all that was folded is durable, and what is durable was folded.
    const { next } = log.stat('readings');
    const lives = new Map(
      [...this.lives.all()].filter(([id]) => this.#options.definitions().has(id)),
    );
    await writeCheckpoint(stateFile, { next, lives }).catch(onProblem);
  }
}

const checkOf = (outcome: Outcome): string =>
  outcome.kind === 'run' ? outcome.run.check : outcome.missed.check;
