import { setImmediate } from 'node:timers/promises';
import { CodedError } from '../../errors/coded-error.ts';
import type { Batch } from '../../event/batch.ts';
import { checkDraft } from '../../event/check.ts';
import { decodeBatch, encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Appended, Log, ReadOptions } from '../../log/log.ts';
import { roomError } from '../../rooms/errors.ts';
import type { Room } from '../../rooms/room.ts';

/** A lost race is decided again so often; then the caller is told to come back. */
const attempts = 5;
/** Commands whose ids are remembered, to answer one that comes again; the log knows more of them. */
const maxRemembered = 10_000;
/** So long it folds at a stretch, ms. */
const turnMs = 10;

/** Who gives a command, and its name if it has one. */
export interface Giving {
  readonly actor: string;
  /** The same id is carried out once. */
  readonly id: string;
}

export interface KeeperOptions<State, Command> {
  readonly room: Room<State, Command>;
  readonly log: Log;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Told when a stored fact cannot be read; the others are folded. */
  readonly onProblem: (error: unknown) => void;
  /** Whose facts are folded besides the room's own, by the source that the intake stamped; nobody's by default. */
  readonly trusts?: (sender: string) => boolean;
}

/**
 * Holds the state of one room. It folds the facts as the log brings them and carries commands out:
 * decide against the state, append on condition that the subject is where the state has it; who
 * loses a race folds what came and decides again. State changes in no other way.
 */
export class Keeper<State, Command> {
  readonly counters = { folded: 0, decided: 0, conflicts: 0, gaveUp: 0 };
  readonly #options: KeeperOptions<State, Command>;
  readonly #needles: readonly Buffer[];
  readonly #ending = new AbortController();
  readonly #done = new Set<string>();
  #state: State;
  /** Offset of the first fact that is not folded yet. */
  #next = 1;
  #ready = false;
  #waiting: { readonly offset: number; readonly go: () => void }[] = [];
  #listeners: (() => void)[] = [];
  #following: Promise<void> = Promise.resolve();

  constructor(options: KeeperOptions<State, Command>) {
    this.#options = options;
    this.#needles = options.room.hears.map((type) => Buffer.from(type));
    this.#state = options.room.start();
  }

  /** Begins to fold; `reached` resolves when it has what the log held at that moment. */
  start(): { readonly reached: Promise<void> } {
    let reached = (): void => undefined;
    const promise = new Promise<void>((resolve) => (reached = resolve));
    this.#following = this.#follow(reached);
    return { reached: promise };
  }

  /** Throws TERR_ROOM_STARTING until the facts that the log held at the start are folded. */
  get state(): State {
    if (this.#ready) return this.#state;
    throw roomError('STARTING', 'the facts are still being read; try again in a moment', {
      retryAfter: 1,
    });
  }

  /** Whether the state is there. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether a command with this id has been carried out, as far back as is remembered. */
  isDone(id: string): boolean {
    return this.#done.has(id);
  }

  /** Calls `listener` after facts were folded, some at a time. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Carries a command out, and resolves once its fact is durable and folded; whether it made one.
   * Throws TERR_ROOM_BUSY after five lost races, and what the room and the log throw.
   */
  async handle(command: Command, { actor, id }: Giving): Promise<boolean> {
    const { room, log, now } = this.#options;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (this.isDone(id)) return false;
      const subject = room.subjectOf(this.state, command, id);
      const version = log.version(subject);
      // oxlint-disable-next-line no-await-in-loop -- what is decided on must be what is there
      await this.#folded(version);
      const draft = room.decide(this.state, command, { now: now(), actor, id });
      this.counters.decided++;
      if (draft === undefined) return false;
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      const appended = await this.#append({ ...draft, id }, { subject, version });
      if (appended === undefined) continue;
      // oxlint-disable-next-line no-await-in-loop -- the last thing that this attempt does
      await this.#folded(appended.first + appended.count - 1);
      return appended.count > 0;
    }
    this.counters.gaveUp++;
    throw roomError('BUSY', `${attempts} others were faster; try again`, { retryAfter: 1 });
  }

  /** Ends the folding. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#following;
    this.#release();
  }

  /** What was written: nothing when the log knew the fact; undefined when the race was lost. */
  async #append(
    draft: Draft,
    expect: { readonly subject: string; readonly version: number },
  ): Promise<Appended | undefined> {
    const { log, room, now } = this.#options;
    const checked = checkDraft(draft, defaultLimits, now());
    if ('refusal' in checked)
      throw roomError('INVALID', checked.refusal.message, { field: checked.refusal.field });
    const { facts } = encodeDrafts([checked.draft], room.source);
    if (!facts) throw roomError('INVALID', `${draft.type} is no fact`);
    try {
      return await log.append('facts', facts, expect);
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'TERR_LOG_CONFLICT') throw error;
      this.counters.conflicts++;
      return undefined;
    }
  }

  /** Resolves when the fact at `offset` is folded, or when the keeper is closed. */
  #folded(offset: number): Promise<void> {
    if (offset < this.#next || this.#ending.signal.aborted) return Promise.resolve();
    return new Promise((go) => this.#waiting.push({ offset, go }));
  }

  async #follow(reached: () => void): Promise<void> {
    const { log, onProblem } = this.#options;
    const { signal } = this.#ending;
    const head = log.stat('facts').next;
    try {
      await this.#read({ signal });
      // A damaged batch at the very end is skipped as well: nobody waits for what will not come.
      this.#moveTo(Math.max(this.#next, head));
      this.#ready = !signal.aborted;
      this.#tell();
      reached();
      await this.#read({ signal, follow: true });
    } catch (error) {
      this.#ready = false;
      this.#release();
      onProblem(error);
    } finally {
      reached();
    }
  }

  async #read(options: ReadOptions): Promise<void> {
    let since = performance.now();
    const all = { ...options, skipCorrupt: true };
    for await (const batch of this.#options.log.read('facts', this.#next, all)) {
      if (this.#concerns(batch)) this.#fold(batch);
      this.#moveTo(batch.first + batch.count);
      if (performance.now() - since < turnMs) continue;
      // A long past must not keep others from the thread.
      await setImmediate();
      since = performance.now();
    }
  }

  #moveTo(next: number): void {
    this.#next = next;
    const ready = this.#waiting.filter(({ offset }) => offset < next);
    this.#waiting = this.#waiting.filter(({ offset }) => offset >= next);
    for (const { go } of ready) go();
  }

  #release(): void {
    for (const { go } of this.#waiting.splice(0)) go();
  }

  #tell(): void {
    if (this.#ready) for (const listener of this.#listeners) listener();
  }

  /**
   * Only what a keeper of this room wrote is folded, or whom it trusts. The source of a batch is given by who appends
   * it; that of an event by who sends it, so that anybody who may send could write it.
   */
  #concerns({ source, bytes }: Batch): boolean {
    const { room, trusts } = this.#options;
    if (source !== room.source && trusts?.(source) !== true) return false;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#needles.some((needle) => text.includes(needle));
  }

  #fold(batch: Batch): void {
    const { room, onProblem } = this.#options;
    try {
      for (const event of decodeBatch(batch)) {
        this.#state = room.fold(this.#state, event);
        this.#remember(event.id);
        this.counters.folded++;
      }
    } catch (error) {
      onProblem(error);
    }
    this.#tell();
  }

  #remember(id: string): void {
    this.#done.add(id);
    if (this.#done.size <= maxRemembered) return;
    const [oldest] = this.#done;
    if (oldest !== undefined) this.#done.delete(oldest);
  }
}
