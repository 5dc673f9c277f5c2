import { isOver } from './arrange.ts';
import { laneOf } from './lanes.ts';
import type { DeployRecord, LaneRecord } from './record.ts';
import type { DeploysState } from './state.ts';

/** One that waits, with its place. */
export interface Place {
  readonly deploy: DeployRecord;
  /** 1 is next in its lane. */
  readonly position: number;
  /** When it is expected to begin, ms since the epoch; undefined: not known. */
  readonly eta: number | undefined;
}

/** What runs in a lane and what waits, in the order in which it will run. */
export interface LaneQueue {
  readonly app: string;
  readonly environment: string;
  readonly running: DeployRecord | undefined;
  readonly waiting: readonly Place[];
}

/**
 * Deploys that a gate other than the lane holds, with the time at which that ends by itself. They do
 * not stand in the way of those that may go.
 */
export type Held = ReadonlyMap<string, number | undefined>;

const nothingHeld: Held = new Map();

/** Every lane in which something runs or waits. */
export function queueOf(state: DeploysState, now: number, held: Held = nothingHeld): LaneQueue[] {
  return [...state.lanes.values()]
    .filter(({ running, waiting }) => running !== undefined || waiting.length > 0)
    .map((lane) => laneQueue(state, lane, { now, held }))
    .toSorted((a, b) => byName(a.environment, b.environment) || byName(a.app, b.app));
}

const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

interface Moment {
  readonly now: number;
  readonly held?: Held;
}

/** One lane: what runs, and what waits in its order with its expected begin. */
export function laneQueue(
  state: DeploysState,
  lane: Pick<LaneRecord, 'app' | 'environment'>,
  { now, held = nothingHeld }: Moment,
): LaneQueue {
  const { app, environment } = lane;
  const known = laneOf(state.lanes, lane);
  const running = state.deploys.get(known.running ?? '');
  const waiting = inOrder(state, known, { now, held });
  let free = running ? freeAt(known, running, now) : now;
  const places = waiting.map((deploy, index): Place => {
    const ends = held.has(deploy.id) ? held.get(deploy.id) : now;
    const eta =
      free === undefined || ends === undefined
        ? undefined
        : Math.max(free, ends, deploy.notBefore ?? 0);
    const took = expectedOf(known, deploy);
    // Behind one that begins at an unknown time nobody knows either.
    free = eta === undefined || took === undefined ? undefined : eta + took;
    return { deploy, position: index + 1, eta };
  });
  return { app, environment, running, waiting: places };
}

/** When what runs is expected to be done; at once when it takes longer than it should. */
function freeAt(lane: LaneRecord, running: DeployRecord, now: number): number | undefined {
  const took = expectedOf(lane, running);
  return took === undefined ? undefined : Math.max(now, (running.started ?? now) + took);
}

/**
 * How long a deploy is expected to take, ms: the median of the last 20 of its lane that succeeded;
 * undefined without any.
 */
export function expectedOf(
  lane: LaneRecord,
  { kind }: Pick<DeployRecord, 'kind'>,
): number | undefined {
  const took = lane.took[kind === 'rehearsal' ? 'rehearsal' : 'deploy'].toSorted((a, b) => a - b);
  const middle = took.length / 2;
  const [low, high] = [took[Math.ceil(middle) - 1], took[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
}

/** What may go now first, then rollbacks, then who reserved the time, then who asked first. */
function inOrder(
  state: DeploysState,
  lane: LaneRecord,
  { now, held }: Required<Moment>,
): DeployRecord[] {
  const reserved = reservationNow(state, lane.environment, now);
  const ranks = ({ id, kind, by, notBefore = 0, offset }: DeployRecord): readonly number[] => [
    Number(held.has(id) || notBefore > now),
    Number(kind !== 'rollback'),
    Number(reserved === undefined || reserved.by !== by),
    notBefore > now ? notBefore : 0,
    offset,
  ];
  return lane.waiting
    .flatMap((id) => state.deploys.get(id) ?? [])
    .toSorted((a, b) => compare(ranks(a), ranks(b)));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, place) => rank !== b[place]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Whose time it is in an environment. */
export function reservationNow(state: DeploysState, environment: string, now: number) {
  return [...state.reservations.values()].find(
    (one) => one.environment === environment && one.from <= now && !isOver(one, now),
  );
}
