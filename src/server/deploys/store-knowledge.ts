import { type Comparison, compareReleases } from '../../release/compare.ts';
import { listEntries, listRefusals, loadRelease } from '../../release/store.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import type { Level } from '../../rooms/releases/diff/level.ts';
import type { Contract } from './contracts.ts';

/** Differences that are remembered: they do not change, and git is asked for each. */
const maxRemembered = 500;
/** What the disk said is believed for so long, ms. */
const freshMs = 1_000;
/** One difference may take this long, ms. */
const patienceMs = 20_000;

/** What was not found is looked for again after so long, ms. */
const mayComeMs = 10_000;

interface Compared {
  readonly found: Promise<Difference | undefined>;
  /** Of `performance.now()`. */
  until: number;
}

/** Somebody whose commits go out too. */
export interface Author {
  readonly name: string;
  readonly commits: number;
}

/** How far a version is from the one that stands. */
export interface Difference {
  readonly level: Level;
  /** Null where no repository is there to ask. */
  readonly commits: {
    readonly added: number;
    readonly removed: number;
    readonly authors: readonly Author[];
  } | null;
  /** Contract migrations of the version that stands, that this one does not know. */
  readonly missed: readonly Contract[];
  /** Sentences that a person has to see. */
  readonly notices: readonly string[];
}

/** What the store of artefacts says of the versions that people ask for. */
export class StoreKnowledge {
  readonly #store: string;
  readonly #told: NonNullable<Comparison['told']>;
  readonly #differences = new Map<string, Compared>();
  readonly #looked = new Map<string, { readonly at: number; readonly found: Promise<unknown> }>();
  readonly #stopping = new AbortController();

  /** `told`: what the facts say of the commits between two, where no repository is at hand. */
  constructor(store: string, told: NonNullable<Comparison['told']>) {
    this.#store = store;
    this.#told = told;
  }

  /** Undefined when there is none, or it cannot be read. */
  release(app: string, version: string): Promise<Release | undefined> {
    return this.#remembered(['release', app, version], () =>
      loadRelease(this.#store, app, version).catch(() => undefined),
    );
  }

  /** The version that was built last. */
  newest(app: string): Promise<string | undefined> {
    return this.#remembered(['newest', app], async () => {
      const [first] = await listEntries(this.#store, app).catch(() => []);
      return first?.version;
    });
  }

  /** Why the name of a version is not to be trusted: its tag names another commit by now. */
  moved(app: string, version: string): Promise<string | undefined> {
    return this.#remembered(['moved', app, version], async () => {
      const refusals = await listRefusals(this.#store, app).catch(() => []);
      const last = refusals.findLast((one) => one.version === version);
      return last && `the tag ${version} was moved from ${short(last.was)} to ${short(last.is)}`;
    });
  }

  /** Something new is there. */
  changed(): void {
    this.#looked.clear();
  }

  /** Undefined when one of the two is not in the store. */
  async difference(app: string, from: string, to: string): Promise<Difference | undefined> {
    const key = JSON.stringify([app, from, to]);
    const known = this.#differences.get(key);
    if (known && performance.now() < known.until) return known.found;
    const found = this.#compare(app, from, to).catch(() => undefined);
    const entry = { found, until: Number.POSITIVE_INFINITY };
    this.#differences.delete(key);
    this.#differences.set(key, entry);
    const [oldest] = this.#differences.keys();
    if (this.#differences.size > maxRemembered && oldest !== undefined)
      this.#differences.delete(oldest);
    // What is not there yet, or not known of the commits, may come.
    if (!(await found)?.commits) entry.until = performance.now() + mayComeMs;
    return found;
  }

  close(): void {
    this.#stopping.abort();
  }

  /** Many ask for the same at once; what is on disk may change all the same. */
  async #remembered<T>(about: readonly string[], look: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(about);
    const known = this.#looked.get(key);
    // Only what was made for this key stands under it.
    if (known && performance.now() - known.at < freshMs) return known.found as Promise<T>;
    const found = look();
    this.#looked.delete(key);
    this.#looked.set(key, { at: performance.now(), found });
    const [oldest] = this.#looked.keys();
    if (this.#looked.size > maxRemembered && oldest !== undefined) this.#looked.delete(oldest);
    return found;
  }

  async #compare(app: string, from: string, to: string): Promise<Difference> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(patienceMs)]);
    const { diff } = await compareReleases({
      store: this.#store,
      app,
      from,
      to,
      repository: undefined,
      told: this.#told,
      target: undefined,
      signal,
    });
    const { commits, migrations } = diff.parts;
    const { added, removed } = commits;
    return {
      level: diff.level,
      commits:
        added && removed
          ? { added: added.length, removed: removed.length, authors: authorsOf(added) }
          : null,
      missed: migrations.missed.map(({ db, id }) => ({ db, id })),
      notices: diff.notices.map(({ message }) => message),
    };
  }
}

function authorsOf(commits: readonly { readonly author: string }[]): Author[] {
  const counts = new Map<string, number>();
  for (const { author } of commits) counts.set(author, (counts.get(author) ?? 0) + 1);
  return [...counts].map(([name, number]) => ({ name, commits: number }));
}

const short = (commit: string): string => commit.slice(0, 10);
