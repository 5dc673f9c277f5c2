import type { HealthState, Signal } from '../health.ts';
import type { Replicas } from '../model.ts';
import { lifeOf, type Piece, pieceOf } from './piece.ts';
import { degraded, isBad, rankOf, stateOf } from './order.ts';

interface Instances {
  readonly replicas: Replicas;
  /** What is said of single instances and of all. */
  readonly pieces: readonly Piece[];
  readonly signals: readonly Signal[];
  /** ms since the epoch. */
  readonly now: number;
  readonly freshFor: number | undefined;
}

/**
 * How many run of those that should, by the rule of Kiali: none is down, fewer is degraded, and
 * where none is wanted it is not ready.
 */
function stateOfReplicas(available: number, desired: number): HealthState {
  if (desired <= 0) return 'at-risk';
  if (available <= 0) return 'down';
  return available < desired ? 'degraded' : 'ok';
}

/** The number of instances as a piece of evidence; none when nothing is known of them. */
export function replicasPiece(of: Instances): Piece | undefined {
  return 'desired' in of.replicas ? byCount(of, of.replicas.desired) : byMetrics(of);
}

/**
 * With replicas, what one instance says is not what the node is: what is bad counts as degraded at
 * most, and a heartbeat that ended not at all, because instances come and go.
 */
export function asOneOfMany(piece: Piece): Piece {
  const { evidence, instance, counts } = piece;
  if (instance === undefined || !counts || !isBad(rankOf(evidence.state))) return piece;
  const state = stateOf(Math.min(rankOf(evidence.state), degraded));
  const text = `${evidence.text} (one instance, ${instance})`;
  return { ...piece, evidence: { ...evidence, state, text }, counts: !hasEnded(piece) };
}

/** A heartbeat that is overdue: nothing changes any more until the next one. */
const hasEnded = ({ evidence, until }: Piece): boolean =>
  evidence.kind === 'heartbeat' && until === undefined;

/** Instances of which all that is fresh is good, against how many there should be. */
function byCount({ pieces }: Instances, desired: number): Piece | undefined {
  const good = new Map<string, boolean>();
  for (const { instance, counts, evidence } of pieces) {
    if (instance === undefined || !counts || evidence.kind === 'alert') continue;
    good.set(instance, (good.get(instance) ?? true) && !isBad(rankOf(evidence.state)));
  }
  const newest = newestOf(
    pieces.filter(({ instance, counts }) => counts && instance !== undefined),
  );
  if (newest === undefined) return undefined;
  return counted([...good.values()].filter(Boolean).length, desired, newest);
}

/** The sums of the two metrics, over all that is fresh. */
function byMetrics({ replicas, signals, now, freshFor }: Instances): Piece | undefined {
  if ('desired' in replicas) return undefined;
  const fresh = (metric: string): Signal[] =>
    signals.filter(
      (one) =>
        one.kind === 'metric' &&
        one.name === metric &&
        one.metric !== undefined &&
        now < one.time + lifeOf(one, freshFor),
    );
  const [desired, available] = [fresh(replicas.desiredMetric), fresh(replicas.availableMetric)];
  const [first] = available.toSorted((a, b) => b.time - a.time);
  if (first === undefined || desired.length === 0) return undefined;
  const sum = (of: readonly Signal[]): number =>
    of.reduce((total, { metric = 0 }) => total + metric, 0);
  const ends = [...desired, ...available].map((one) => one.time + lifeOf(one, freshFor));
  const until = Math.min(...ends);
  const { evidence } = pieceOf(first, { state: 'ok', text: '' });
  return { ...counted(sum(available), sum(desired), evidence), until };
}

function newestOf(pieces: readonly Piece[]): Piece['evidence'] | undefined {
  const [newest] = pieces.map(({ evidence }) => evidence).toSorted((a, b) => b.time - a.time);
  return newest;
}

function counted(available: number, desired: number, newest: Piece['evidence']): Piece {
  const { time, stream, offset } = newest;
  const state = stateOfReplicas(available, desired);
  const text =
    desired <= 0 ? 'no instance is wanted' : `${available} of ${desired} instances are available`;
  const evidence = { kind: 'replicas', state, name: 'replicas', text, time, stale: false } as const;
  return { evidence: { ...evidence, stream, offset }, counts: true };
}
