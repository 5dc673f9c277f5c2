import type { Log } from '../../log/log.ts';
import {
  type ArchitectureSeen,
  architectureReading,
  architectureTitles,
  architecturesIn,
} from '../../rooms/demo/architectures.ts';
import { chaosWords } from '../../rooms/demo/chaos.ts';
import { newsroomError } from '../../rooms/demo/errors.ts';
import { type DemoCommand, demoRoom } from '../../rooms/demo/room.ts';
import { type DemoState, chaosStanding, startDemo } from '../../rooms/demo/state.ts';
import { tour } from '../../rooms/demo/tour.ts';
import type { Latest, PlacedEvent } from '../api/contract.ts';
import type { Architecture, AskChaos, Chaos, Demo, TourStep } from '../api/contract-demo.ts';
import { type Giving, Keeper } from '../rooms/keeper.ts';

/** A demo that was not heard for so long does not live, ms. It tells of its architectures every 2 s. */
export const silentAfterMs = 60_000;

interface DemoDeskOptions {
  readonly log: Log;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Whether this server is one of a demo: `demo.enabled`. */
  readonly enabled: boolean;
  /** Whether it is shown again from a recording: `demo.replay`. */
  readonly replay?: boolean;
  /** The latest readings that match. */
  readonly latest: (where: string, limit: number) => Promise<Latest>;
  /** Whose facts are folded beside the room's own. */
  readonly trusts: (sender: string) => boolean;
  readonly onProblem: (error: unknown) => void;
}

/** The demo as the routes ask it. */
export class DemoDesk {
  readonly keeper: Keeper<DemoState, DemoCommand>;
  readonly counters = { asked: 0, refused: 0 };
  readonly #options: DemoDeskOptions;

  constructor(options: DemoDeskOptions) {
    this.#options = options;
    const { log, now, onProblem, replay } = options;
    // Of a recording the demo's own facts are stamped with the demo's name, which no token can be.
    const trusts = (sender: string): boolean =>
      options.trusts(sender) || (replay === true && !sender.startsWith('/tokens/'));
    this.keeper = new Keeper({ room: demoRoom, log, now, trusts, onProblem });
  }

  /** Whether there may be a demo. */
  get enabled(): boolean {
    return this.#options.enabled;
  }

  /** Begins to read the facts; without a demo there is nothing to read. */
  start(): void {
    if (this.enabled) this.keeper.start();
  }

  /** Throws TERR_ROOM_STARTING. */
  async show(): Promise<Demo> {
    const { state, readings, running } = await this.#seen();
    const { company, story } = state;
    return {
      running,
      seed: company?.seed ?? null,
      speed: company?.speed ?? null,
      startedAt: company?.startedAt ?? null,
      site: company?.site ?? null,
      tools: company?.tools.map((one) => ({ ...one })) ?? [],
      chaos: chaosOf(state),
      architectures: architecturesIn(readings).map(architectureView),
      story: story.toReversed().map((one) => ({ ...one })),
      tour: tourOf(state),
    };
  }

  /**
   * Writes down that a person wants chaos, or its end; the demo's process reads it and does it.
   * Throws TERR_NEWSROOM_NONE, TERR_NEWSROOM_STATE, TERR_ROOM_….
   */
  async ask({ kind, on = true }: AskChaos, giving: Giving): Promise<Chaos> {
    try {
      const { running } = await this.#seen();
      if (this.#options.replay === true)
        throw newsroomError('STATE', 'this is a recording: what happened in it is over');
      if (!running)
        throw newsroomError('NONE', 'no demo was heard lately; start one by `territory demo`');
      await this.keeper.handle({ kind: 'chaos', chaos: kind, on }, giving);
      this.counters.asked++;
    } catch (error) {
      this.counters.refused++;
      throw error;
    }
    const found = chaosOf(this.keeper.state).find((one) => one.kind === kind);
    if (found) return found;
    throw new Error(`${kind} is no kind of chaos`);
  }

  /** Ends the folding. */
  async close(): Promise<void> {
    if (this.enabled) await this.keeper.close();
  }

  async #seen(): Promise<{ state: DemoState; readings: readonly PlacedEvent[]; running: boolean }> {
    if (!this.enabled) return { state: startDemo(), readings: [], running: false };
    const { state } = this.keeper;
    const readings = await this.#readings();
    const heard = Math.max(state.heardAt, ...readings.map(({ received }) => received));
    const silent = this.#options.now() - heard > silentAfterMs;
    const running = state.company !== undefined && !state.company.stopped && !silent;
    return { state, readings, running };
  }

  /** None while the follower of the log starts. */
  async #readings(): Promise<readonly PlacedEvent[]> {
    try {
      const { entries } = await this.#options.latest(`name = "${architectureReading}"`, 100);
      return entries.map(({ event }) => event);
    } catch {
      return [];
    }
  }
}

function chaosOf(state: DemoState): Chaos[] {
  return chaosStanding(state).map(([kind, known]) => ({
    kind,
    ...chaosWords[kind],
    state: known?.state ?? 'idle',
    ending: known?.ending ?? false,
    since: known?.since ?? null,
    by: known?.by ?? null,
    said: known?.said ?? null,
    eventId: known ? { ...known.eventId } : null,
  }));
}

function architectureView({ name, at, counts, sees }: ArchitectureSeen): Architecture {
  return {
    name,
    title: architectureTitles[name],
    at: at ?? null,
    imported: counts.imported ?? null,
    waiting: counts.waiting ?? null,
    inProgress: counts.inProgress ?? null,
    done: counts.done ?? null,
    dead: counts.dead ?? null,
    lost: counts.lost ?? null,
    twice: counts.twice ?? null,
    restarts: counts.restarts ?? null,
    sees: [...sees],
  };
}

function tourOf({ happened }: DemoState): TourStep[] {
  return tour.map((stop) => {
    const last = happened.get(stop.id);
    return { ...stop, happened: last ? { ...last } : null };
  });
}
