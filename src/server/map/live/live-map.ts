import type { LiveHealth } from '../../api/contract-map.ts';
import type { Change } from '../../../rooms/map/facts.ts';
import type { Health, Signal } from '../../../rooms/map/health.ts';
import type { MapModel } from '../../../rooms/map/model.ts';
import { MapState } from './map-state.ts';
import { Viewers } from './viewers.ts';
import { healthView } from './health-view.ts';

/** Signals that come together are looked at together, ms. */
const gatherMs = 50;
/** How often it is looked for evidence that got too old, ms. */
const ageEveryMs = 250;
/** How often those who look are told how fresh it is, without a change, ms. */
const freshEveryMs = 2_000;

interface LiveMapOptions {
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Told of what has become otherwise. */
  readonly onChange: (changes: readonly Change[]) => void;
}

/** The map as it is now, and those who look at it. */
export class LiveMap {
  readonly state = new MapState();
  readonly viewers = new Viewers();
  readonly counters = { evaluations: 0, longestMs: 0 };
  /** When the newest event was taken, ms since the epoch. */
  freshest: number | undefined;
  readonly #options: LiveMapOptions;
  readonly #since = new Map<string, number>();
  #revision: number;
  #gathering: NodeJS.Timeout | undefined;
  readonly #timers: readonly NodeJS.Timeout[];
  #freshTold: number | undefined;

  constructor(options: LiveMapOptions) {
    this.#options = options;
    // So that nobody who comes back after a restart takes one revision for another.
    this.#revision = options.now();
    this.viewers.greet(() =>
      JSON.stringify({ revision: this.#revision, version: this.state.model.hash }),
    );
    this.#timers = [
      setInterval(() => this.evaluate(), ageEveryMs).unref(),
      setInterval(() => this.#tellFreshness(), freshEveryMs).unref(),
    ];
  }

  get revision(): number {
    return this.#revision;
  }

  /** When something became as it is shown, ms; undefined: before anything is known. */
  since(id: string): number | undefined {
    return this.#since.get(id);
  }

  /** What was known of that before this process began. */
  knowSince(id: string, time: number): void {
    this.#since.set(id, time);
  }

  /** Another map is in use. */
  use(model: MapModel): void {
    this.state.use(model);
    this.evaluate();
    const data = JSON.stringify({ revision: ++this.#revision, hash: model.hash });
    this.viewers.send('model', this.#revision, data);
  }

  take(signals: Iterable<Signal>): void {
    for (const signal of signals) this.state.take(signal);
    this.#soon();
  }

  drop(keys: Iterable<string>): void {
    for (const key of keys) this.state.drop(key);
    this.#soon();
  }

  /** Looks at what has changed, and tells those who look at it. */
  evaluate(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const begin = performance.now();
    const now = this.#options.now();
    const changes = this.state.evaluate(now);
    if (changes.length === 0) return;
    for (const { id, from, health } of changes)
      if (from !== health.shown || !this.#since.has(id)) this.#since.set(id, now);
    this.counters.evaluations++;
    this.#tell(changes, now);
    this.#options.onChange(changes);
    this.counters.longestMs = Math.max(this.counters.longestMs, performance.now() - begin);
  }

  close(): void {
    clearTimeout(this.#gathering);
    for (const timer of this.#timers) clearInterval(timer);
    this.viewers.close();
  }

  /** A change waits for others as short as the eye does not see. */
  #soon(): void {
    this.#gathering ??= setTimeout(() => this.evaluate(), gatherMs);
  }

  #tellFreshness(): void {
    if (this.freshest !== this.#freshTold) this.#tell([], this.#options.now());
  }

  #tell(changes: readonly Change[], time: number): void {
    this.#freshTold = this.freshest;
    const message: LiveHealth = {
      revision: ++this.#revision,
      time,
      freshest: this.freshest ?? null,
      changes: changes.map(({ id, health }) => ({ id, health: this.viewOf(id, health) })),
    };
    this.viewers.send('health', this.#revision, JSON.stringify(message));
  }

  /** Health as the API shows it. */
  viewOf(id: string, health: Health) {
    return healthView(health, this.#since.get(id));
  }
}
