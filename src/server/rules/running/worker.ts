import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Event } from '../../../event/event.ts';
import { stepBack } from '../../../launch/priority.ts';
import { openLmdbLog } from '../../../log/lmdb/lmdb-log.ts';
import type { Log } from '../../../log/log.ts';
import { Engine, type RuleProblem } from '../../../rules/engine/engine.ts';
import { operators } from '../../../rules/operators/table.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { Checkpoints } from './checkpoints.ts';
import { FileLoading } from './file-loading.ts';
import { Heartbeat } from './heartbeat.ts';
import { LogReading } from './log-reading.ts';
import { MemoryWatch, heldBytes } from './memory-watch.ts';
import { headsOf } from './merge.ts';
import type { Cursors, FromWorker, Stops, ToWorker, WorkerFile, WorkerStart } from './messages.ts';
import { Outbox } from './outbox.ts';
import { RuleFigures } from './rule-figures.ts';
import { Seating } from './seating.ts';
import { describeWithPlace } from '../loading/stack-place.ts';

/** How long the thread sleeps when there is nothing: a decision waits at most so long, ms. */
const idleMs = 4;
/** After so long of nothing it sleeps longer. */
const longIdleMs = 12;
const calmAfterMs = 1_000;
/** A turn of reading ends after about this, ms, so that messages are heard. */
const turnMs = 20;
/** A turn of warming, ms: beside events that wait, and with nothing else to do. */
const warmMs = { busy: 10, idle: 50 };
const statsEveryMs = 1_000;
/** So long a stop waits for decisions to become durable, ms. */
const patienceMs = 5_000;

/** What a thread goes on from. */
interface Beginning {
  readonly log: Log;
  readonly reading: LogReading;
  readonly kept: Checkpoint | undefined;
  /** Ids of what was emitted since the checkpoint. */
  readonly emitted: Set<string>;
}

/** The thread of the rules: it follows the log, and posts what the rules decide. */
class RulesWorker {
  readonly #port: MessagePort;
  readonly #start: WorkerStart;
  readonly #heartbeat: Heartbeat;
  readonly #log: Log;
  readonly #reading: LogReading;
  readonly #engine: Engine;
  readonly #seating: Seating;
  readonly #loading: FileLoading;
  readonly #outbox: Outbox;
  readonly #checkpoints: Checkpoints;
  readonly #memory: MemoryWatch;
  readonly #figures = new RuleFigures();
  /** No checkpoint could be used. */
  readonly #isFirst: boolean;
  readonly #numbers = new Map<string, number>();
  #cursors: Cursors;
  /** `received` of the last event, or the last tick, ms. */
  #clock = 0;
  #wanted: readonly WorkerFile[] | undefined;
  #stops: Stops;
  #stopping = false;
  /** A rule was told to have filled the memory: this thread is about to be ended. */
  #isFull = false;
  #events = 0;
  #waited = 0;
  #busyAt = 0;
  #toldAt = 0;

  constructor(port: MessagePort, start: WorkerStart, { log, reading, kept, emitted }: Beginning) {
    this.#port = port;
    this.#start = start;
    this.#log = log;
    this.#heartbeat = new Heartbeat(start.heartbeat);
    this.#reading = reading;
    this.#loading = new FileLoading(this.#heartbeat);
    this.#memory = new MemoryWatch({ limit: start.memory });
    const onProblem = (problem: RuleProblem): void => this.#tell({ kind: 'problem', problem });
    const post = (message: FromWorker): void => this.#tell(message);
    this.#outbox = new Outbox({ post, onProblem, now: Date.now }, emitted);
    this.#checkpoints = new Checkpoints(
      {
        path: start.stateFile,
        everyMs: start.checkpointMs,
        onProblem,
        onTrouble: (error) => this.#trouble('what the rules know was not written down', error),
      },
      Date.now(),
    );
    const options = {
      kinds: operators,
      onDecision: this.#outbox.add,
      onProblem,
      turn: (rule: string) => this.#turn(rule),
      describe: (error: unknown) => describeWithPlace(error, this.#loading.outDirs),
    };
    this.#engine = new Engine({ ...options, cost: () => performance.now() });
    const rules = kept?.rules.filter(({ rule }) => !start.emptied.includes(rule)) ?? [];
    this.#seating = new Seating(
      { ...options, engine: this.#engine, placeAt: (time) => this.#placeAt(time) },
      rules,
    );
    this.#isFirst = kept === undefined;
    this.#cursors = kept?.cursors ?? headsOf(log);
    this.#clock = Math.max(0, ...rules.map(({ clock }) => clock)) || Date.now();
    this.#wanted = start.files;
    this.#stops = start.stopped;
  }

  async run(): Promise<void> {
    this.#port.on('message', (message: ToWorker) => this.#hear(message));
    if (this.#isFirst) await this.#begin();
    while (!this.#stopping) await this.#round();
    await this.#end();
  }

  /**
   * Where the rules began must be known before they decide anything: whoever starts again without
   * that begins later, and misses what came between.
   */
  async #begin(): Promise<void> {
    if (this.#wanted) await this.#swap(this.#wanted);
    this.#keep(Date.now());
    await this.#checkpoints.settled();
  }

  async #round(): Promise<void> {
    if (this.#wanted) await this.#swap(this.#wanted);
    const busy = await this.#follow();
    const warming = await this.#warm(busy ? warmMs.busy : warmMs.idle);
    this.#outbox.post(undefined);
    const now = Date.now();
    this.#keep(now);
    this.#sayStats(now);
    if (busy || warming) this.#busyAt = now;
    // Also when busy: messages must be heard between two turns.
    const isCalm = now > this.#busyAt + calmAfterMs;
    await (busy || warming ? nextTurn() : sleep(isCalm ? longIdleMs : idleMs));
  }

  #keep(now: number): void {
    this.#checkpoints.make(now, this.#engine, { cursors: this.#cursors, seq: this.#outbox.seq });
    this.#checkpoints.write(this.#outbox.durable);
  }

  /** Takes up what has come; whether there is more. */
  async #follow(): Promise<boolean> {
    if (this.#outbox.isFull) {
      this.#waited++;
      await sleep(1);
      return true;
    }
    const now = Date.now();
    const heads = headsOf(this.#log);
    if (isAt(this.#cursors, heads)) {
      this.#tick(now);
      this.#outbox.forgetKnown();
      return false;
    }
    const end = performance.now() + turnMs;
    const take = (events: readonly Event[]): boolean => {
      this.#give(events);
      return performance.now() < end && !this.#outbox.isFull && this.#wanted === undefined;
    };
    this.#cursors = await this.#reading.read(this.#cursors, heads, take);
    return true;
  }

  #give(events: readonly Event[]): void {
    const received = events.at(-1)?.received;
    this.#engine.batch(events);
    this.#heartbeat.end();
    this.#events += events.length;
    this.#checkpoints.change();
    if (received !== undefined && received > this.#clock) this.#clock = received;
    this.#outbox.post(received);
    this.#watchMemory();
  }

  /** Nothing is to come that was received before `now`, up to what is being made durable. */
  #tick(now: number): void {
    this.#clock = now;
    if (this.#engine.runs.every((run) => run.dueAt > now)) return;
    this.#engine.tick(now);
    this.#heartbeat.end();
    this.#checkpoints.change();
    this.#outbox.post(undefined);
  }

  async #warm(ms: number): Promise<boolean> {
    const before = this.#seating.warmings;
    if (before === 0) return false;
    await this.#seating.warm(this.#cursors, ms, (from, to, take) =>
      this.#reading.read(from, to, (events) => {
        const more = take(events);
        this.#heartbeat.end();
        this.#watchMemory();
        return more && this.#wanted === undefined;
      }),
    );
    if (this.#seating.warmings < before) this.#checkpoints.want();
    return true;
  }

  async #swap(files: readonly WorkerFile[]): Promise<void> {
    this.#wanted = undefined;
    const { versions, outcomes } = await this.#loading.load(files);
    const stops = this.#stops;
    this.#stops = {};
    const gone = this.#seating.take(versions, { at: this.#cursors, now: this.#clock, stops });
    this.#number(this.#seating.names);
    this.#tell({ kind: 'swapped', files: outcomes, rules: this.#seating.names, gone });
    this.#checkpoints.want();
    this.#toldAt = 0;
  }

  /** Numbers must be known outside before the first turn that says one. */
  #number(names: readonly string[]): void {
    for (const name of names)
      if (!this.#numbers.has(name)) this.#numbers.set(name, this.#numbers.size);
    this.#tell({ kind: 'names', names: [...this.#numbers.keys()] });
  }

  #turn(rule: string): void {
    this.#heartbeat.begin({ kind: 'rule', index: this.#numbers.get(rule) ?? 0 });
    this.#memory.turn(rule);
  }

  #watchMemory(): void {
    const rule = this.#isFull ? undefined : this.#memory.batchDone(Date.now());
    if (rule === undefined) return;
    this.#isFull = true;
    const limit = Math.round(this.#start.memory / 2 ** 20);
    const held = Math.round(heldBytes() / 2 ** 20);
    const message = `it keeps more and more: the rules hold ${held} MiB, and may hold ${limit} MiB`;
    // It is the one that starts this thread again, without that rule, who knows what to do.
    this.#engine.stop(rule, message);
    this.#tell({ kind: 'leak', rule, message });
  }

  #placeAt(time: number): Cursors {
    const place = (stream: keyof Cursors): number =>
      Math.min(this.#log.offsetAt(stream, time), this.#cursors[stream]);
    return { facts: place('facts'), readings: place('readings') };
  }

  #hear(message: ToWorker): void {
    switch (message.kind) {
      case 'files':
        this.#wanted = message.files;
        return;
      case 'durable':
        return this.#outbox.isDurable(message.seq);
      case 'start':
        this.#engine.stop(message.rule, undefined);
        this.#toldAt = 0;
        return;
      case 'stop':
        this.#stopping = true;
    }
  }

  #sayStats(now: number): void {
    if (now < this.#toldAt + statsEveryMs) return;
    this.#toldAt = now;
    this.#tell({
      kind: 'stats',
      stats: {
        rules: this.#figures.make(this.#seating.rules(), this.#outbox.last, performance.now()),
        cursors: this.#cursors,
        events: this.#events,
        skipped: this.#reading.skipped,
        latency: this.#outbox.latencies.summary(),
        heapBytes: heldBytes(),
        repeated: this.#outbox.repeated,
        outstanding: this.#outbox.outstanding,
        waited: this.#waited,
      },
    });
  }

  async #end(): Promise<void> {
    const end = Date.now() + patienceMs;
    await this.#checkpoints.restart();
    const state = { cursors: this.#cursors, seq: this.#outbox.seq };
    this.#checkpoints.make(Date.now(), this.#engine, state);
    while (this.#outbox.durable < this.#outbox.seq && Date.now() < end) await sleep(1);
    this.#checkpoints.write(this.#outbox.durable);
    await this.#checkpoints.settled();
    this.#toldAt = 0;
    this.#sayStats(Date.now());
    await this.#log.close();
    this.#port.close();
  }

  #trouble(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#tell({ kind: 'trouble', message: `${what}: ${reason}` });
  }

  #tell(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

function isAt(cursors: Cursors, heads: Cursors): boolean {
  return cursors.facts >= heads.facts && cursors.readings >= heads.readings;
}

/** A checkpoint of another log, or of one that was put back, is of no use. */
function usable(kept: Checkpoint | undefined, log: Log): Checkpoint | undefined {
  if (!kept) return undefined;
  const heads = headsOf(log);
  return isAt(heads, kept.cursors) ? kept : undefined;
}

async function run(port: MessagePort, start: WorkerStart): Promise<void> {
  stepBack('thread', 3);
  const log = await openLmdbLog({
    dir: start.logDir,
    role: 'reader',
    now: Date.now,
    onProblem: (message) => port.postMessage({ kind: 'trouble', message } satisfies FromWorker),
  });
  const kept = usable(await readCheckpoint(start.stateFile), log);
  const reading = new LogReading(log);
  const emitted = await (kept ? reading.emitted(kept.cursors, headsOf(log)) : new Set<string>());
  await new RulesWorker(port, start, { log, reading, kept, emitted }).run();
}

if (parentPort) await run(parentPort, workerData as WorkerStart);
