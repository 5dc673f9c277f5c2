import type { Log } from '../../log/log.ts';
import { isOver } from '../../rooms/gates/gate.ts';
import { maxStanding, maxWindows } from '../../rooms/gates/state.ts';
import { GatesDesk } from '../gates/desk.ts';
import type { GatesCounts } from '../introspection/gates.ts';
import type { LaneKnown } from '../where/runtime.ts';

interface GatesPartOptions {
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly where: { readonly lanes: () => Promise<readonly LaneKnown[]> };
  readonly onProblem: (error: unknown) => void;
}

/** Locks, freezes, post-its and windows: whether a deploy may go out. */
export class GatesPart {
  readonly desk: GatesDesk;
  readonly #now: () => number;

  constructor({ log, now, where, onProblem }: GatesPartOptions) {
    this.#now = now;
    this.desk = new GatesDesk({ log, now, lanes: where.lanes, onProblem });
  }

  /** Begins to read the facts; the room answers once it has them. */
  start(): void {
    this.desk.keeper.start();
  }

  /** For the page about Territory itself; undefined until the facts are read. */
  readonly counts = (): GatesCounts | undefined => {
    const { keeper, counters } = this.desk;
    if (!keeper.ready) return undefined;
    const { locks, freezes, blocks, windows } = keeper.state;
    const now = this.#now();
    const standing = (gates: ReadonlyMap<string, Parameters<typeof isOver>[0]>): number =>
      [...gates.values()].filter((gate) => !isOver(gate, now)).length;
    return {
      standing: {
        locks: standing(locks),
        freezes: standing(freezes),
        blocks: standing(blocks),
        windows: standing(windows),
      },
      maxStanding,
      maxWindows,
      refusedFull: counters.full,
      asked: counters.asked,
      refused: counters.refused,
    };
  };

  /** Before the log is closed. */
  async close(): Promise<void> {
    await this.desk.keeper.close();
  }
}
