/** What one reading says of who sent it. */
export interface Sighting {
  readonly app: string;
  readonly environment: string;
  /** `service.instance.id`, else the host; empty where neither is said. */
  readonly instance: string;
  /** `service.version`. */
  readonly version: string;
  /** ms since the epoch, UTC. */
  readonly time: number;
  /** Place among the readings. */
  readonly offset: number;
}

/** An instance as it was last heard. */
export interface Instance extends Sighting {
  /** When it was first heard with this version. */
  readonly since: number;
  /** The version that it reported before this one. */
  readonly before: string | undefined;
}

/** Instances that are held at once. */
export const maxInstances = 10_000;
/** One that is silent for so long is forgotten, ms. */
const idleMs = 24 * 3_600_000;

/** The version that each instance reported last (channel S of what runs where), bounded. */
export class Instances {
  readonly counters = { seen: 0, forgotten: 0 };
  readonly #max: number;
  readonly #byPlace = new Map<string, Instance>();

  constructor(max = maxInstances) {
    this.#max = max;
  }

  get size(): number {
    return this.#byPlace.size;
  }

  all(): IterableIterator<Instance> {
    return this.#byPlace.values();
  }

  /** Takes a reading in; an older one than is known changes nothing. */
  see(sighting: Sighting): void {
    const { app, environment, instance } = sighting;
    const key = `${app}\0${environment}\0${instance}`;
    const known = this.#byPlace.get(key);
    this.counters.seen++;
    if (known && known.time > sighting.time) return;
    const same = known?.version === sighting.version;
    const since = same ? known.since : sighting.time;
    // Heard last stands last: the first gives way.
    this.#byPlace.delete(key);
    this.#byPlace.set(key, { ...sighting, since, before: same ? known.before : known?.version });
    const [oldest] = this.#byPlace.keys();
    if (this.#byPlace.size <= this.#max || oldest === undefined) return;
    this.#byPlace.delete(oldest);
    this.counters.forgotten++;
  }

  /** Forgets who was silent for long. */
  forgetIdle(now: number): void {
    for (const [key, { time }] of this.#byPlace) if (time < now - idleMs) this.#byPlace.delete(key);
  }
}
