import type { DeploysCommand } from '../../rooms/deploys/command.ts';
import type { DeploysState } from '../../rooms/deploys/state.ts';
import type { Giving, Keeper } from '../rooms/keeper.ts';

/** What every part of the desk of deploys stands on. */
export interface Ground {
  readonly keeper: Keeper<DeploysState, DeploysCommand>;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Carries a command out. Throws TERR_DEPLOYS_…, TERR_ROOM_…, TERR_LOG_…. */
  readonly give: (command: DeploysCommand, giving: Giving) => Promise<boolean>;
  readonly onProblem: (error: unknown) => void;
}

/** Who does what the server does by itself. */
export const ownActor = 'territory';
