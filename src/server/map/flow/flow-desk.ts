import type { Log } from '../../../log/log.ts';
import { roomError } from '../../../rooms/errors.ts';
import { type FoundItem, findItems } from '../../../rooms/map/flow/items.ts';
import {
  type Summary,
  type Window,
  isFinished,
  isInProgress,
  summarise,
} from '../../../rooms/map/flow/summary.ts';
import type { MapModel, ValueStream } from '../../../rooms/map/model.ts';
import type { FlowAnswer, FlowItem } from '../../api/contract-map-flow.ts';
import { apiError } from '../../errors.ts';
import type { ThreadFollower } from '../../thread/follower.ts';
import { FlowFollower } from './flow-follower.ts';
import { maxKinds, maxMoments } from './moments-fold.ts';
import { Titles } from './titles.ts';
import { inTurns } from './turns.ts';

/** Items in one answer; the rest is in the figures. */
export const maxItems = 500;
/** Items of one stream that are kept, those heard of last. */
export const maxKept = 50_000;
/** An answer waits so long for the facts to be read, ms. */
const patience = 5000;
/** The time in a stage of what is under way goes on without facts: it is at most so old, ms. */
const maxAge = 30_000;
/** Finding the items again may take this share of the time. */
const share = 0.2;

export interface FlowDeskOptions {
  readonly threads: ThreadFollower;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The items of one stream, as they were found. */
interface Found {
  readonly items: readonly FoundItem[];
  /** There were more than are kept. */
  readonly cut: boolean;
  /** What they were found from. */
  readonly added: number;
  readonly folded: number;
  /** They stand at least until, and at most for a while since, ms of `performance.now()`. */
  readonly until: number;
  readonly since: number;
}

/** Counters for the page about Territory itself. */
export interface FlowCounts {
  /** Facts of stages that are kept, and how many may be. */
  readonly moments: number;
  readonly maxMoments: number;
  /** Facts of stages that had to give way. */
  readonly forgotten: number;
  /** Things of which it is known what they are done for. */
  readonly kinds: number;
  readonly maxKinds: number;
  readonly kindsForgotten: number;
  /** Offset of the last fact that is folded. */
  readonly offset: number;
  /** How often the items of a stream were found, how many the last time, and how long that took, ms. */
  readonly assembled: number;
  readonly items: number;
  readonly assembleMs: number;
  /** Answers that were given from the items as they were. */
  readonly fromCache: number;
}

/**
 * The times of value streams. Folds the facts for the map's streams as soon as it knows them, and puts
 * the items together when somebody asks; never more than some ms at a stretch.
 */
export class FlowDesk {
  readonly #options: FlowDeskOptions;
  readonly #titles = new Titles();
  readonly #counters = { assembled: 0, items: 0, assembleMs: 0, fromCache: 0 };
  #follower: FlowFollower | undefined;
  #streams = '';
  #found = new Map<string, Promise<Found>>();
  #closing: Promise<void>[] = [];

  constructor(options: FlowDeskOptions) {
    this.#options = options;
  }

  /** Begins to fold for the streams of a map; the same streams again change nothing. */
  follow({ streams }: Pick<MapModel, 'streams'>): void {
    const said = JSON.stringify(streams, (key, value: unknown) =>
      key === 'place' ? undefined : value,
    );
    if (said === this.#streams) return;
    this.#streams = said;
    this.#found = new Map();
    if (this.#follower) this.#closing.push(this.#follower.close());
    this.#follower =
      streams.length > 0 ? new FlowFollower(this.#options.log, { streams }) : undefined;
  }

  /**
   * The times of one stream over a window, ms since the epoch.
   * Throws TERR_API_NOT_FOUND for a stream that the map does not have, TERR_ROOM_STARTING while the
   * facts are still being read.
   */
  async answer(
    model: Pick<MapModel, 'streams' | 'nodes'>,
    asked: { readonly stream: string; readonly from: number; readonly to: number },
  ): Promise<FlowAnswer> {
    const stream = streamIn(model, asked.stream);
    this.follow(model);
    const window = { from: asked.from, to: Math.max(asked.from, asked.to) };
    const { items, cut } = await this.#items(stream.id);
    const marks = this.#fold().streams.find(({ id }) => id === stream.id)?.marks;
    if (!marks) throw starting();
    const seen = { from: window.from, to: Math.min(window.to, this.#options.now()) };
    const summary = await inTurns(summarise(stream, marks, items, seen));
    const shown = await inTurns(shownIn(items, seen));
    const { log, threads } = this.#options;
    const first = shown.slice(0, maxItems);
    const titles = await this.#titles.of(
      log,
      threads.graph,
      first.map(({ key }) => key),
    );
    return {
      stream: stream.id,
      title: stream.title,
      ...window,
      ...figuresOf(model, summary),
      items: first.map((one) => itemOf(stream, one, titles.get(one.key))),
      cut: cut || shown.length > maxItems || this.#fold().store.forgotten > 0,
    };
  }

  readonly counts = (): FlowCounts => {
    const fold = this.#follower?.fold;
    return {
      moments: fold?.store.size ?? 0,
      maxMoments,
      forgotten: fold?.store.forgotten ?? 0,
      kinds: fold?.kinds ?? 0,
      maxKinds,
      kindsForgotten: fold?.forgotten ?? 0,
      offset: this.#follower?.offset ?? 0,
      ...this.#counters,
    };
  };

  /** Before the log is closed. */
  async close(): Promise<void> {
    if (this.#follower) this.#closing.push(this.#follower.close());
    this.#follower = undefined;
    await Promise.all(this.#closing);
  }

  #fold() {
    if (!this.#follower) throw starting();
    return this.#follower.fold;
  }

  /** As they were found last, if nothing came since, or that was a moment ago. */
  async #items(stream: string): Promise<Found> {
    await this.#caughtUp();
    const known = this.#found.get(stream);
    if (known) {
      const found = await known;
      if (this.#isFresh(found) && this.#found.get(stream) === known) {
        this.#counters.fromCache++;
        return found;
      }
      const other = this.#found.get(stream);
      if (other && other !== known) return other;
    }
    const finding = this.#find(stream);
    this.#found.set(stream, finding);
    finding.catch(() => {
      if (this.#found.get(stream) === finding) this.#found.delete(stream);
    });
    return finding;
  }

  /** What the log held when it was asked is known to both who follow it. */
  async #caughtUp(): Promise<void> {
    const { threads, log } = this.#options;
    const offset = log.stat('facts').next - 1;
    // Throws while it is not ready.
    void threads.graph;
    await threads.reaches(offset);
    const reached = await this.#follower?.reaches(offset, patience);
    if (reached !== true) throw starting();
  }

  #isFresh({ added, folded, since, until }: Found): boolean {
    const now = performance.now();
    if (now < until) return true;
    if (now - since > maxAge) return false;
    return (
      this.#follower?.fold.store.added === added &&
      this.#options.threads.graph.counters.folded === folded
    );
  }

  async #find(stream: string): Promise<Found> {
    const fold = this.#fold();
    const { graph } = this.#options.threads;
    const own = fold.streams.find(({ id }) => id === stream);
    if (!own) throw starting();
    const since = performance.now();
    const [added, folded] = [fold.store.added, graph.counters.folded];
    const moments = await inTurns(fold.momentsOf(own));
    const all = await inTurns(
      findItems({
        graph,
        moments,
        marks: own.marks,
        kindOfWork: (key) => fold.kindOfWork(key),
        branchOf: (commit) => fold.branchOf(commit),
        now: this.#options.now(),
      }),
    );
    const items = lastHeard(all);
    const took = performance.now() - since;
    this.#counters.assembled++;
    this.#counters.items = items.length;
    this.#counters.assembleMs = Math.round(took);
    // Many facts a second must not mean that all items are put together as often.
    const until = took < 50 ? 0 : performance.now() + took * (1 / share - 1);
    const cut = items.length < all.length;
    return { items, cut, added, folded, since, until };
  }
}

function lastHeard(items: readonly FoundItem[]): readonly FoundItem[] {
  if (items.length <= maxKept) return items;
  const heard = Float64Array.from(items, ({ item }) => item.heard).sort();
  const least = heard.at(-maxKept) ?? 0;
  return items.filter(({ item }) => item.heard >= least);
}

const starting = () =>
  roomError('STARTING', 'the facts are still being read; try again in a moment', { retryAfter: 1 });

function streamIn({ streams }: Pick<MapModel, 'streams'>, id: string): ValueStream {
  const stream = streams.find((one) => one.id === id);
  if (stream) return stream;
  const known = streams.map((one) => one.id).join(', ');
  const names = known === '' ? 'the map has none' : `the map has ${known}`;
  throw apiError('NOT_FOUND', `no stream is called "${id}": ${names}`, { field: 'stream' });
}

/** What was finished in the window and what is under way at its end, the newest first. */
function* shownIn(items: readonly FoundItem[], window: Window): Generator<void, FoundItem[]> {
  const shown = items.filter(({ item }) => isFinished(item, window) || isInProgress(item, window));
  yield;
  const newest = ({ item: { start, end } }: FoundItem): number => end ?? start;
  return shown.sort((a, b) => newest(b) - newest(a) || (a.key < b.key ? -1 : 1));
}

function figuresOf(
  { nodes }: Pick<MapModel, 'nodes'>,
  summary: Summary,
): Omit<FlowAnswer, 'stream' | 'title' | 'from' | 'to' | 'items' | 'cut'> {
  const copy = <T extends object>(of: T): T => ({ ...of });
  const { stages, leadTime, rolledAccurate, activityRatio, flow, bottleneck, unlinked } = summary;
  return {
    stages: stages.map((stage) => ({
      ...stage,
      leadTime: spread(stage.leadTime),
      processTime: spread(stage.processTime),
      wait: spread(stage.wait),
      rework: spread(stage.rework),
      littlesLaw: copy(stage.littlesLaw),
      wipLimit: nodes.get(stage.node)?.wip ?? null,
    })),
    leadTime: spread(leadTime),
    rolledAccurate,
    activityRatio,
    flow: { ...flow, time: spread(flow.time), distribution: { ...flow.distribution } },
    bottleneck,
    unlinked,
  };
}

const spread = (of: Summary['leadTime']): FlowAnswer['leadTime'] => ({
  ...of,
  histogram: [...of.histogram],
});

function itemOf(
  { stages }: ValueStream,
  { key, item, kind }: FoundItem,
  title: string | undefined,
): FlowItem {
  return {
    key,
    ...(title !== undefined && { title }),
    start: item.start,
    end: item.end ?? null,
    kind,
    parts: item.parts.map(({ stage, enter, exit, active, wait, rework, returns }) => ({
      stage: stages[stage]?.id ?? '',
      enter,
      exit: exit ?? null,
      active,
      wait,
      rework,
      returns,
    })),
  };
}
