import { namesOfSeen } from '../../rooms/map/bind/names.ts';
import type { MapModel } from '../../rooms/map/model.ts';
import { type NeedEffect, needEffects } from '../../rooms/map/problems/effects.ts';
import { lookForProblems } from '../../rooms/map/problems/find.ts';
import { SteadyProblems } from '../../rooms/map/problems/steady.ts';
import type { MapRecording } from '../../rooms/map/recording.ts';
import type { MapProblem, Seen, SeenCall } from '../../rooms/map/seen.ts';
import type { LiveView } from '../parts.ts';
import type { Heard } from './heard.ts';
import type { LiveMap } from './live/live-map.ts';
import type { Recorder } from './recorder.ts';

/** How often it is looked whether the map and what happens agree, ms. */
const lookEveryMs = 5_000;
/** For every ms of looking so many of rest. */
const restFor = 50;
/** How often it is looked what came of outages of needs, and how far back, ms. */
const effectsEveryMs = 10 * 60_000;
const effectsWindowMs = 30 * 86_400_000;

interface ProblemWatchOptions {
  readonly runtime: {
    readonly live: LiveMap;
    readonly heard: Heard;
    readonly recording: MapRecording;
    readonly recorder: Recorder;
  };
  readonly view: LiveView;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** Looks again and again where the map and what happens do not agree, and has it recorded. */
export class ProblemWatch {
  /** Names that had no room among what was seen in the readings. */
  overflowed = false;
  /** Problems beyond those that are told. */
  left = 0;
  readonly #options: ProblemWatchOptions;
  #list: readonly MapProblem[] = [];
  #lastEvents: ReadonlyMap<string, number> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #recorded = false;
  #closed = false;
  readonly #steady = new SteadyProblems();
  #effects: readonly NeedEffect[] = [];
  #effectsOf: { readonly hash: string; readonly at: number } | undefined;

  constructor(options: ProblemWatchOptions) {
    this.#options = options;
  }

  /** Those that are open now. */
  get list(): readonly MapProblem[] {
    return this.#list;
  }

  /** When a node or process was heard of last, ms since the epoch. */
  lastEvent(id: string): number | undefined {
    return this.#lastEvents.get(id);
  }

  /** Looks from now on, and records what it finds. */
  start(): void {
    this.#recorded = true;
    this.#go();
  }

  /** Looks once more, after what it is at. */
  soon(): void {
    this.#work = this.#work.then(() => this.#look()).catch(this.#options.onProblem);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#work;
  }

  /** Where very much was seen a look takes longer, and then there are fewer of them. */
  #go(): void {
    const begin = performance.now();
    this.soon();
    void this.#work.then(() => {
      const took = performance.now() - begin;
      if (this.#closed) return;
      this.#timer = setTimeout(() => this.#go(), Math.max(lookEveryMs, took * restFor)).unref();
    });
  }

  /** Everybody who was seen, in facts and in readings. */
  async seen(): Promise<{ readonly seen: readonly Seen[]; readonly calls: readonly SeenCall[] }> {
    const { seen, calls, overflowed } = await this.#options.view.seen();
    this.overflowed = overflowed;
    return { seen: [...seen, ...this.#options.runtime.heard.seen.list()], calls };
  }

  async #look(): Promise<void> {
    const { runtime, now } = this.#options;
    // The view is starting, or has died and comes again: what was found before stands.
    const found = await this.seen().catch(() => undefined);
    if (!found) return;
    const { seen, calls } = found;
    const { model, binder, health } = runtime.live.state;
    this.#lastEvents = lastEventsOf(seen, (one) => binder.find(namesOfSeen(one)));
    const declaredAt = declaredAtOf(model, runtime.recording);
    this.#lookForEffects(model, now());
    const { problems, left } = lookForProblems({
      model,
      binder,
      seen,
      calls,
      health,
      declaredAt,
      now: now(),
      overflowed: this.overflowed,
      open: runtime.recording.problems,
      effects: this.#effects,
    });
    this.#list = problems;
    this.left = left;
    if (this.#recorded) await this.#record();
  }

  /** The outages of weeks are not counted every few seconds. */
  #lookForEffects(model: MapModel, now: number): void {
    const before = this.#effectsOf;
    if (before?.hash === model.hash && now - before.at < effectsEveryMs) return;
    this.#effectsOf = { hash: model.hash, at: now };
    const window = { from: now - effectsWindowMs, to: now };
    this.#effects = needEffects(model, this.#options.runtime.recording, window);
  }

  async #record(): Promise<void> {
    const { recording, recorder } = this.#options.runtime;
    const now = this.#options.now();
    const { found, resolved } = this.#steady.look(recording.problems, this.#list, now);
    await recorder.problems(found, resolved);
  }
}

function lastEventsOf(
  seen: readonly Seen[],
  find: (one: Seen) => readonly string[],
): Map<string, number> {
  const last = new Map<string, number>();
  for (const one of seen)
    for (const id of find(one)) last.set(id, Math.max(last.get(id) ?? 0, one.last));
  return last;
}

/** When each node was declared first, ms since the epoch. */
function declaredAtOf(model: MapModel, { versions }: MapRecording): Map<string, number> {
  const at = new Map<string, number>();
  for (const { time, added, removed } of versions) {
    for (const id of added) if (!at.has(id)) at.set(id, time);
    for (const id of removed) at.delete(id);
  }
  // A version names so many ids and no more; who is not named was there with the first.
  const first = versions[0]?.time;
  if (first !== undefined) for (const id of model.nodes.keys()) if (!at.has(id)) at.set(id, first);
  return at;
}
