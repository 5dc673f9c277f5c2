import type {
  BalancerSeen,
  Channel,
  ConfigSeen,
  DiskSeen,
  Evidence,
  FrontSeen,
  Look,
  OsSeen,
  SchemaSeen,
  SelfSeen,
} from './evidence.ts';
import { freshIntervals } from './evidence.ts';

/** What one channel found last, and when. */
export interface Seen<T> {
  /** Null: it never found anything. */
  readonly found: T | null;
  /** ms since the epoch, UTC; of the last try where nothing was found. */
  readonly time: number;
  /** Place among the readings. */
  readonly offset: number;
  /** Why the last look brought nothing, where it did not. */
  readonly why: string | undefined;
}

/** The channels that a look goes through. */
export interface Channels {
  readonly self: Seen<readonly SelfSeen[]>;
  readonly front: Seen<FrontSeen>;
  readonly os: Seen<readonly OsSeen[]>;
  readonly disk: Seen<readonly DiskSeen[]>;
  readonly schema: Seen<readonly SchemaSeen[]>;
  readonly config: Seen<readonly ConfigSeen[]>;
  readonly balancer: Seen<readonly BalancerSeen[]>;
}

/** Since when a place has the version that it has. */
interface Place {
  readonly version: string;
  readonly since: number;
  readonly before: string | undefined;
}

/** What one runner knows of one application in one environment: the newest of each channel. */
export interface Watched {
  readonly app: string;
  readonly environment: string;
  readonly runner: string;
  /** ms between its looks. */
  readonly every: number;
  /** Of its last look, ms since the epoch, UTC. */
  readonly time: number;
  readonly offset: number;
  readonly channels: Channels;
  readonly places: ReadonlyMap<string, Place>;
}

/** Runners' views that are held at once. */
export const maxWatched = 5_000;
/** One whose runner is silent for so long is forgotten, ms. */
const idleMs = 24 * 3_600_000;

/** The newest looks, bounded. */
export class Looks {
  readonly counters = { taken: 0, forgotten: 0 };
  readonly #max: number;
  readonly #byPlace = new Map<string, Watched>();

  constructor(max = maxWatched) {
    this.#max = max;
  }

  get size(): number {
    return this.#byPlace.size;
  }

  all(): IterableIterator<Watched> {
    return this.#byPlace.values();
  }

  /** Takes a look in; one that is older than the last changes nothing. */
  take(look: Look): void {
    const { app, environment } = look.evidence;
    const key = [app, environment, look.runner].join('\0');
    const known = this.#byPlace.get(key);
    if (known && known.time >= look.time) return;
    this.counters.taken++;
    this.#byPlace.delete(key);
    this.#byPlace.set(key, watchedAfter(known, look));
    const [oldest] = this.#byPlace.keys();
    if (this.#byPlace.size <= this.#max || oldest === undefined) return;
    this.#byPlace.delete(oldest);
    this.counters.forgotten++;
  }

  /** Forgets what was not looked at for long. */
  forgetIdle(now: number): void {
    for (const [key, { time }] of this.#byPlace) if (time < now - idleMs) this.#byPlace.delete(key);
  }
}

/** What is known after one more look. */
function watchedAfter(known: Watched | undefined, look: Look): Watched {
  const { evidence, runner, every, time, offset } = look;
  const { app, environment } = evidence;
  const before = known?.channels;
  const next = <T>(channel: Channel<T>, last: Seen<T> | undefined): Seen<T> =>
    channel.found === null
      ? {
          found: last?.found ?? null,
          time: last?.found ? last.time : time,
          offset: last?.found ? last.offset : offset,
          why: channel.why,
        }
      : { found: channel.found, time, offset, why: undefined };
  const channels: Channels = {
    self: next(evidence.self, before?.self),
    front: next(evidence.front, before?.front),
    os: next(evidence.os, before?.os),
    disk: next(evidence.disk, before?.disk),
    schema: next(evidence.schema, before?.schema),
    config: next(evidence.config, before?.config),
    balancer: next(evidence.balancer, before?.balancer),
  };
  const places = placesAfter(known?.places, evidence, time);
  return { app, environment, runner, every, time, offset, channels, places };
}

function placesAfter(
  before: Watched['places'] | undefined,
  { self, os }: Evidence,
  time: number,
): Watched['places'] {
  const places = new Map<string, Place>();
  const say = (slot: string, version: string): void => {
    const known = before?.get(slot);
    places.set(
      slot,
      known?.version === version ? known : { version, since: time, before: known?.version },
    );
  };
  for (const { slot, port, version } of os.found ?? [])
    if (version !== null) say(slot ?? `:${port}`, version);
  for (const { slot, version } of self.found ?? []) if (version !== null) say(slot, version);
  return places;
}

/** What a channel found, unless that is too old to say anything of now. */
export function freshOf<T>(seen: Seen<T>, every: number, now: number): T | null {
  return seen.time >= now - freshIntervals * every ? seen.found : null;
}

/** Whether a runner looked lately. */
export const isFresh = ({ time, every }: Watched, now: number): boolean =>
  time >= now - freshIntervals * every;
