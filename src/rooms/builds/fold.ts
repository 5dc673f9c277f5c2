import type { BuildState, BuildTold } from './told.ts';

/** One run of a pipeline. Times are ms since the epoch, UTC. */
export interface BuildRun {
  readonly run: string;
  readonly state: BuildState;
  readonly revision: string | undefined;
  readonly url: string | undefined;
  readonly actor: string | undefined;
  readonly started: number | undefined;
  /** When it was last told of: its end where it has one. */
  readonly at: number;
  /** Place on the log of the fact that told so. */
  readonly offset: number;
}

/** The runs of one pipeline on one branch. */
export interface BuildLine {
  readonly repository: string;
  readonly pipeline: string;
  readonly branch: string | undefined;
  /** Newest first, never empty. */
  readonly runs: readonly [BuildRun, ...BuildRun[]];
}

/** How much is kept. */
interface Bounds {
  readonly lines: number;
  /** Of one line. */
  readonly runs: number;
}

export const buildBounds: Bounds = { lines: 2_000, runs: 20 };

/** What was told of builds: a fold of facts, bounded. */
export class BuildsState {
  readonly bounds: Bounds;
  readonly counters = { told: 0, forgottenLines: 0 };
  readonly #lines = new Map<string, BuildLine>();

  constructor(bounds: Bounds = buildBounds) {
    this.bounds = bounds;
  }

  get size(): number {
    return this.#lines.size;
  }

  lines(): IterableIterator<BuildLine> {
    return this.#lines.values();
  }

  /** Takes one fact in; the order in which facts of one run come does not matter. */
  fold(told: BuildTold): void {
    this.counters.told++;
    const { repository, pipeline, branch } = told;
    const key = [repository, pipeline, branch ?? ''].join('\0');
    const runs = withTold(this.#lines.get(key)?.runs ?? [], told).slice(0, this.bounds.runs);
    const [first, ...rest] = runs;
    if (!first) return;
    // Last in the map is who was told of last: the first is forgotten first.
    this.#lines.delete(key);
    this.#lines.set(key, { repository, pipeline, branch, runs: [first, ...rest] });
    const [oldest] = this.#lines.keys();
    if (this.#lines.size <= this.bounds.lines || oldest === undefined) return;
    this.#lines.delete(oldest);
    this.counters.forgottenLines++;
  }
}

const isOver = (state: BuildState): boolean => state !== 'queued' && state !== 'running';

function withTold(runs: readonly BuildRun[], told: BuildTold): readonly BuildRun[] {
  const { run, state, revision, url, actor, time, offset } = told;
  const known = runs.find((one) => one.run === run);
  const begun = state === 'running' ? time : undefined;
  const fresh = { run, state, revision, url, actor, started: begun, at: time, offset };
  if (!known) return inOrder([...runs, fresh]);
  // What begins does not open again what has ended; a run that is started anew has a later start.
  const isLate =
    (!isOver(state) && isOver(known.state) && time <= known.at) ||
    (state === 'queued' && known.state === 'running');
  const merged: BuildRun = {
    ...(isLate ? known : fresh),
    revision: revision ?? known.revision,
    url: url ?? known.url,
    actor: actor ?? known.actor,
    started: begun ?? known.started,
  };
  return inOrder(runs.map((one) => (one === known ? merged : one)));
}

/** By when they began, as far as that is known: the newest first. */
function inOrder(runs: readonly BuildRun[]): readonly BuildRun[] {
  const since = ({ started, at }: BuildRun): number => started ?? at;
  return runs.toSorted((a, b) => since(b) - since(a) || b.offset - a.offset);
}

/** What a line is for who passes by. */
export interface BuildStanding {
  /** Of the last run that ended; undefined: none has yet. */
  readonly verdict: 'green' | 'red' | undefined;
  /** Since when it has that colour, ms since the epoch: the end of the first run of that colour in a row. */
  readonly since: number | undefined;
  /** The run that is under way. */
  readonly running: BuildRun | undefined;
  /** The run that the verdict is from. */
  readonly last: BuildRun | undefined;
}

/** A cancelled run says nothing of the code: the colour of the one before it stays. */
export function buildStanding({ runs }: BuildLine): BuildStanding {
  const ended = runs.filter(({ state }) => state === 'passed' || state === 'failed');
  const [last] = ended;
  const other = ended.findIndex(({ state }) => state !== last?.state);
  const first = ended[other < 0 ? ended.length - 1 : other - 1];
  return {
    verdict: last && (last.state === 'passed' ? 'green' : 'red'),
    since: first?.at,
    running: runs.find(({ state }) => !isOver(state)),
    last,
  };
}

/** Branches that everybody builds on; a pull request that is red is nobody's alarm but its author's. */
export const isMainBranch = (branch: string | undefined): boolean =>
  branch === undefined || /^(main|master|trunk|develop|release([-/_].+)?)$/.test(branch);
