import { streamNames, type StreamName } from '../../event/event.ts';
import type { Request } from '../admission.ts';
import { logErrors } from '../errors.ts';
import type { Appended, LogCounters, LogState } from '../log.ts';
import type { Head } from '../head.ts';
import { Group, type States, type Windows } from './group.ts';
import type { HeadFile } from './head-file.ts';
import type { OnProblem } from './recovery.ts';
import type { Room } from './room.ts';
import { readState } from './state.ts';
import type { Store } from './store.ts';

/** About how many bytes of lines one transaction takes. */
const groupBytes = 16 * 2 ** 20;

interface AppendJob {
  readonly stream: StreamName;
  readonly request: Request;
  readonly bytes: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** Other writes that belong between the appends: notes, trims. */
interface WriteJob {
  readonly write: () => void;
  readonly bytes: 0;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Job = AppendJob | WriteJob;

export interface CommitterOptions {
  readonly store: Store;
  readonly windows: Windows;
  readonly states: States;
  readonly room: Room;
  /** Ms since the epoch, UTC. */
  readonly now: () => number;
  readonly maxPendingBytes: number;
  /** Moved after each commit, when it is on disk and before the appends resolve. */
  readonly head: Head;
  readonly file: HeadFile;
  /** Told when the disk refused a write for another reason than room. */
  readonly onProblem: OnProblem;
}

/**
 * The queue before the disk: everything that waits when a commit begins goes into it together, one
 * commit at a time. A group is formed only from durable states, so when its commit fails its own
 * appends fail and no others.
 */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #queue: Job[] = [];
  #states: States;
  #pendingBytes = 0;
  #running: Promise<void> | undefined;
  #failed: Error | undefined;
  #lastFailed = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#states = options.states;
    this.#publish();
  }

  get room(): Room {
    return this.#options.room;
  }

  /** The durable ends of the streams. */
  get states(): States {
    return this.#states;
  }

  get state(): LogState {
    if (this.#failed !== undefined) return 'failed';
    return this.room.enough() ? 'ok' : 'full';
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get identities(): LogCounters['identities'] {
    const { facts, readings } = this.#options.windows;
    return { facts: facts.counters(), readings: readings.counters() };
  }

  /** True when lmdb still waits for the flush of a commit that failed, which never comes. */
  get stuckFlush(): boolean {
    return this.#lastFailed;
  }

  /** Resolves when the append is durable. Throws BUSY or FAILED at once, CONFLICT or FULL later. */
  append(stream: StreamName, request: Request): Promise<Appended> {
    const bytes = request.lines.bytes.length;
    if (this.#pendingBytes > 0 && this.#pendingBytes + bytes > this.#options.maxPendingBytes)
      throw this.#busy();
    return new Promise((resolve, reject) => {
      this.#add({ stream, request, bytes, resolve, reject });
    });
  }

  /** Runs `write`, which queues puts and removes, within a commit; resolves when it is durable. */
  write(write: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#add({ write, bytes: 0, resolve, reject });
    });
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #add(job: Job): void {
    if (this.#failed !== undefined) throw this.#failed;
    this.#queue.push(job);
    this.#pendingBytes += job.bytes;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Not at once: what arrives in the same turn of the event loop joins the first group.
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    while (this.#queue.length > 0) {
      const jobs = this.#take();
      await this.#commit(jobs);
      for (const job of jobs) this.#pendingBytes -= job.bytes;
    }
    this.#running = undefined;
  }

  /** The next jobs of one kind: a trim must not fail because an append beside it found no room. */
  #take(): Job[] {
    const writing = this.#queue[0] !== undefined && 'write' in this.#queue[0];
    let bytes = 0;
    const end = this.#queue.findIndex((job) => {
      bytes += job.bytes;
      return bytes > groupBytes || 'write' in job !== writing;
    });
    return this.#queue.splice(0, end < 0 ? this.#queue.length : Math.max(1, end));
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const { store, windows, now } = this.#options;
    const group = new Group(store, windows, this.#states, now());
    let answers: readonly (() => void)[];
    try {
      if (this.#failed !== undefined) throw this.#failed;
      answers = jobs.map((job) => ('write' in job ? job.resolve : answerOf(job, group)));
      group.finish();
      const writes = jobs.flatMap((job) => ('write' in job ? [job.write] : []));
      if (!group.empty || writes.length > 0) await this.#flush(group, writes);
    } catch (cause) {
      group.undo();
      const error = await this.#explain(cause, group.size);
      for (const job of jobs) job.reject(error);
      return;
    }
    this.#states = group.states;
    this.#publish();
    for (const answer of answers) answer();
  }

  async #flush(group: Group, writes: readonly (() => void)[]): Promise<void> {
    const { env } = this.#options.store;
    this.#lastFailed = true;
    await env.batch(() => {
      group.write();
      for (const write of writes) write();
    });
    // Committed is not yet on disk: only `flushed` may be acknowledged.
    await env.flushed;
    this.#lastFailed = false;
  }

  /** The durable head, for this process and for the others. */
  #publish(): void {
    const { head, file } = this.#options;
    const next = { facts: this.#states.facts.next, readings: this.#states.readings.next };
    file.publish(next);
    for (const stream of streamNames) head.moveTo(stream, next[stream]);
  }

  /** The error for those whose commit failed; anything but a lack of room ends the taking. */
  async #explain(failure: unknown, bytes: number): Promise<Error> {
    if (this.#failed !== undefined) return this.#failed;
    const cause = await commitErrorOf(failure);
    const full = this.#options.room.explain(bytes, cause);
    if (full !== undefined && !this.#wroteBeyond()) return full;
    this.#failed = logErrors(
      'FAILED',
      `The disk did not take a write: ${String(cause)}. What was acknowledged is safe; nothing more ` +
        'is taken until the server is started again.',
      { cause },
    );
    this.#options.onProblem(this.#failed.message);
    return this.#failed;
  }

  /** Whether a commit that failed is visible all the same, as after a failed flush. */
  #wroteBeyond(): boolean {
    const { store } = this.#options;
    store.env.resetReadTxn();
    return streamNames.some((stream) => readState(store, stream).next > this.#states[stream].next);
  }

  #busy(): Error {
    return logErrors(
      'BUSY',
      `${this.#pendingBytes} bytes wait to be written, the limit is ${this.#options.maxPendingBytes}. ` +
        'Nothing of this was written; send it again in a second.',
      { retryAfter: 1 },
    );
  }
}

function answerOf(job: AppendJob, group: Group): () => void {
  const answer = group.add(job.stream, job.request);
  if ('conflict' in answer) return () => job.reject(answer.conflict);
  return () => job.resolve(answer);
}

/** lmdb hides the reason of a failed commit in a promise of the error. */
async function commitErrorOf(failure: unknown): Promise<unknown> {
  if (!(failure instanceof Error) || !('commitError' in failure)) return failure;
  try {
    await failure.commitError;
    return failure;
  } catch (reason) {
    return reason;
  }
}
