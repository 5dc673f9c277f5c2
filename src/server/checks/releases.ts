import { previousOf, standingOf } from '../../rooms/where/fold.ts';
import type { LaneKnown } from '../where/runtime.ts';

interface ReleasesOptions {
  readonly lanes: () => Promise<readonly LaneKnown[]>;
  /** Offset of the next fact: while it is the same, so is what runs where. */
  readonly head: () => number;
}

/** Which version of an application was in an environment, as far as it was told. */
export class Releases {
  readonly #options: ReleasesOptions;
  #known: ReadonlyMap<string, LaneKnown> = new Map();
  #at: number | undefined;
  #asking: Promise<void> | undefined;

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  async at(
    application: string | undefined,
    environment: string,
    time: number,
  ): Promise<string | undefined> {
    if (application === undefined) return undefined;
    const deploys = (await this.#lane(application, environment))?.deploys ?? [];
    const now = standingOf(deploys);
    const standing = now && now.since <= time ? now : previousOf(deploys);
    return standing?.deploy.version;
  }

  /** Since when a version stands in an environment; undefined: another does, or none. ms, UTC. */
  async since(
    application: string,
    environment: string,
    version: string,
  ): Promise<number | undefined> {
    const standing = standingOf((await this.#lane(application, environment))?.deploys ?? []);
    return standing?.deploy.version === version ? standing.since : undefined;
  }

  /** The deploys of an application, the oldest first. */
  async deploys(
    application: string,
    environment: string,
  ): Promise<readonly { readonly at: number; readonly version: string }[]> {
    const deploys = (await this.#lane(application, environment))?.deploys ?? [];
    return deploys
      .filter(({ state }) => state === 'succeeded' || state === 'rolledback')
      .flatMap(({ version, at }) => (version === undefined ? [] : [{ at, version }]))
      .toSorted((a, b) => a.at - b.at);
  }

  async #lane(application: string, environment: string): Promise<LaneKnown | undefined> {
    if (this.#options.head() !== this.#at) await (this.#asking ??= this.#look());
    return this.#known.get(JSON.stringify([application, environment]));
  }

  async #look(): Promise<void> {
    const { lanes: ask, head } = this.#options;
    const at = head();
    try {
      const lanes = await ask();
      this.#known = new Map(
        lanes.map((lane) => [JSON.stringify([lane.app, lane.environment]), lane]),
      );
      this.#at = at;
    } catch {
      // It still reads its facts: what was known counts, and it is asked again.
    } finally {
      this.#asking = undefined;
    }
  }
}
