import type { LeaseRequest } from '../api/contract-deploys.ts';

/** Runners that are remembered; the one that was heard longest ago gives way. */
export const maxRunners = 1_000;
/** One that did not ask for so long is not there, ms: three times as long as it waits at most. */
const absentAfter = 60_000;

interface Known {
  readonly environments: ReadonlySet<string>;
  readonly keys: NonNullable<LeaseRequest['keys']>;
  /** When it asked for work last, ms since the epoch. */
  heard: number;
}

/** Who asks for work, for which environments, and which configuration keys have a value there. */
export class RunnerBook {
  readonly counters = { forgotten: 0 };
  readonly #known = new Map<string, Known>();

  get size(): number {
    return this.#known.size;
  }

  /** A runner asks for work, or still waits for some; whether something is other than before. */
  heard(name: string, { environments, keys = {} }: LeaseRequest, now: number): boolean {
    const before = this.#known.get(name);
    this.#known.delete(name);
    this.#known.set(name, { environments: new Set(environments), keys, heard: now });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxRunners && oldest !== undefined) {
      this.#known.delete(oldest);
      this.counters.forgotten++;
    }
    const same = before && sameTexts(before.environments, new Set(environments));
    const there = before && now - before.heard <= absentAfter;
    return !same || !there || JSON.stringify(before.keys) !== JSON.stringify(keys);
  }

  /** Whether somebody asks for the work of an environment. */
  serves(environment: string, now: number): boolean {
    return this.#of(environment).some(({ heard }) => now - heard <= absentAfter);
  }

  /** Keys that have a value in an environment; undefined while no runner has said so. */
  keysIn(environment: string): ReadonlySet<string> | undefined {
    const told = this.#of(environment).filter(({ keys }) => Object.hasOwn(keys, environment));
    if (told.length === 0) return undefined;
    return new Set(told.flatMap(({ keys }) => keys[environment] ?? []));
  }

  #of(environment: string): Known[] {
    return [...this.#known.values()].filter(({ environments }) => environments.has(environment));
  }
}

const sameTexts = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((text) => other.has(text));
