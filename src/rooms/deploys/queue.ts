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

/** Only whether it is held, of a moment. */
interface Glance {
  readonly now: number;
  readonly held: Pick<Held, 'has'>;
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
function inOrder(state: DeploysState, lane: LaneRecord, moment: Required<Moment>): DeployRecord[] {
  const order = orderOf(state, lane.environment, moment);
  return lane.waiting.flatMap((id) => state.deploys.get(id) ?? []).toSorted(order);
}

/** Those that go before one in its lane and that are in its way; in no order. */
export function aheadOf(
  state: DeploysState,
  deploy: Pick<DeployRecord, 'app' | 'environment' | 'kind' | 'by' | 'offset'>,
  glance: Glance,
): DeployRecord[] {
  const order = orderOf(state, deploy.environment, glance);
  // It is held by nothing but its turn, when that is asked.
  const itself = { ...deploy, id: '', notBefore: 0 };
  const ahead: DeployRecord[] = [];
  for (const id of laneOf(state.lanes, deploy).waiting) {
    const one = state.deploys.get(id);
    if (!one || one.offset === deploy.offset || isHeld(one, glance)) continue;
    if (order(one, itself) < 0) ahead.push(one);
  }
  return ahead;
}

type Ordered = Pick<DeployRecord, 'id' | 'kind' | 'by' | 'offset'> & {
  readonly notBefore?: number;
};

const isHeld = ({ id, notBefore = 0 }: Ordered, { now, held }: Glance): boolean =>
  notBefore > now || held.has(id);

function orderOf(state: DeploysState, environment: string, moment: Glance) {
  const holder = reservationNow(state, environment, moment.now)?.by;
  return (a: Ordered, b: Ordered): number =>
    Number(isHeld(a, moment)) - Number(isHeld(b, moment)) ||
    Number(a.kind !== 'rollback') - Number(b.kind !== 'rollback') ||
    Number(a.by !== holder) - Number(b.by !== holder) ||
    laterOf(a, moment) - laterOf(b, moment) ||
    a.offset - b.offset;
}

const laterOf = ({ notBefore = 0 }: Ordered, { now }: Glance): number =>
  notBefore > now ? notBefore : 0;

/** Whose time it is in an environment. */
export function reservationNow(state: DeploysState, environment: string, now: number) {
  return [...state.reservations.values()].find(
    (one) => one.environment === environment && one.from <= now && !isOver(one, now),
  );
}
