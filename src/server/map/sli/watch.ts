import { CodedError } from '../../../errors/coded-error.ts';
import { type Signal, processKey } from '../../../rooms/map/health.ts';
import { spanText } from '../../../rooms/map/health/piece.ts';
import type { MapModel } from '../../../rooms/map/model.ts';
import { type Judged, judge } from '../../../rooms/map/sli/judge.ts';
import { parseSli } from '../../../rooms/map/sli/parse.ts';
import type { SliPlan } from '../../../rooms/map/sli/plan.ts';
import type { HistoryDesk } from '../../parts.ts';
import { SliAsker } from './ask.ts';

/** How often each measure is taken, ms. */
export const measureEveryMs = 15_000;
/** A measure that was not taken again for so many rounds is stale. */
const staleRounds = 4;
/** History that is further behind the log than this does not know how it is now, ms. */
const mostBehindMs = 30_000;

/** What was found last. */
export interface SliFinding {
  readonly value: number | null;
  readonly against: number | null;
  /** ms since the epoch; null: not yet. */
  readonly at: number | null;
  readonly text: string;
}

interface SliWatchOptions {
  readonly desk: HistoryDesk;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Told of each measure that was taken. */
  readonly onSignal: (process: string, signal: Signal) => void;
  /** Told of what nobody expected, once for each message in turn. */
  readonly onProblem: (error: unknown) => void;
  /** How far history is behind the log, ms; left out or undefined: not known. */
  readonly behind?: () => number | undefined;
  readonly everyMs?: number;
}

interface Watched {
  /** As declared, to see whether it was changed. */
  readonly declared: string;
  readonly name: string;
  readonly plan: SliPlan | { readonly wrong: string };
}

/**
 * Takes the measures of processes from history, one after the other, in rounds that begin at even
 * distances: a round that takes longer leaves out the next one. What history cannot say is no
 * evidence, with the reason.
 */
export class SliWatch {
  readonly counters = { rounds: 0, failed: 0, longestMs: 0 };
  readonly #options: SliWatchOptions;
  readonly #asker: SliAsker;
  readonly #everyMs: number;
  readonly #ending = new AbortController();
  #watched: ReadonlyMap<string, Watched> = new Map();
  readonly #latest = new Map<string, SliFinding>();
  #running: Promise<void> | undefined;
  #wake = (): void => undefined;
  #changed = false;
  #told = '';

  constructor(options: SliWatchOptions) {
    this.#options = options;
    this.#asker = new SliAsker(options.desk);
    this.#everyMs = options.everyMs ?? measureEveryMs;
  }

  /** The processes that are declared now; what is new or changed is measured at once. */
  follow(model: MapModel): void {
    const before = this.#watched;
    const watched = [...model.processes.values()].flatMap(({ id, sli }) => {
      if (sli === undefined) return [];
      const declared = JSON.stringify(sli);
      const known = before.get(id);
      if (known?.declared === declared) return [[id, known] as const];
      const parsed = parseSli(sli);
      const plan = 'plan' in parsed ? parsed.plan : { wrong: parsed.fault.message };
      return [[id, { declared, name: sli.measure, plan }] as const];
    });
    this.#watched = new Map(watched);
    for (const [id, one] of before) if (this.#watched.get(id) !== one) this.#latest.delete(id);
    this.#changed ||= watched.some(([id, one]) => before.get(id) !== one);
    if (this.#changed) this.#wake();
  }

  /** Of a process: what was found last; undefined when it was not measured yet. */
  latest(process: string): SliFinding | undefined {
    return this.#latest.get(process);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Gives up the question under way; resolves when nothing is asked any more. */
  async close(): Promise<void> {
    this.#ending.abort();
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    const begin = performance.now();
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const started = performance.now();
      this.#changed = false;
      // oxlint-disable-next-line no-await-in-loop -- one round after the other
      await this.#round();
      const passed = performance.now();
      this.counters.rounds++;
      this.counters.longestMs = Math.max(this.counters.longestMs, passed - started);
      const wait = this.#everyMs - ((passed - begin) % this.#everyMs);
      // oxlint-disable-next-line no-await-in-loop
      if (!this.#changed) await this.#pause(wait);
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#ending.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #round(): Promise<void> {
    for (const [id, one] of this.#watched) {
      // oxlint-disable-next-line no-await-in-loop -- history is asked one thing at a time
      const judged = await this.#measure(one);
      // The map may have been changed, or closed, while history was asked.
      if (this.#ending.signal.aborted) return;
      if (this.#watched.get(id) === one) this.#tell(id, one, judged);
    }
  }

  async #measure({ plan }: Watched): Promise<Judged> {
    if ('wrong' in plan) return unknown(plan.wrong);
    const behind = this.#options.behind?.() ?? 0;
    if (behind > mostBehindMs) return unknown(`history is ${spanText(behind)} behind`);
    try {
      // The window ends where history does, so that what is not there yet is not missing from it.
      const end = this.#options.now() - behind;
      return judge(plan, await this.#asker.find(plan, end, this.#ending.signal));
    } catch (error) {
      this.counters.failed++;
      const message = error instanceof Error ? error.message : String(error);
      if (!(error instanceof CodedError)) this.#complain(error, message);
      return unknown(message);
    }
  }

  #complain(error: unknown, message: string): void {
    if (message !== this.#told) this.#options.onProblem(error);
    this.#told = message;
  }

  #tell(id: string, { name }: Watched, { state, value, against, text }: Judged): void {
    const at = this.#options.now();
    this.#latest.set(id, { value, against, at, text });
    this.#options.onSignal(id, {
      kind: 'sli',
      key: processKey(id),
      time: at,
      stream: 'readings',
      offset: 0,
      source: 'territory/map',
      name,
      state,
      ttl: (staleRounds * this.#everyMs) / 1_000,
      text,
      ...(value !== null && { metric: value }),
    });
  }
}

const unknown = (text: string): Judged => ({
  state: 'no-evidence',
  value: null,
  against: null,
  text,
});
