import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What the room of gates knows about itself. */
export interface GatesCounts {
  /** Those that stand, by their kind. */
  readonly standing: Readonly<Record<'locks' | 'freezes' | 'blocks' | 'windows', number>>;
  /** Of each kind. */
  readonly maxStanding: number;
  readonly maxWindows: number;
  /** Commands refused because as many stood as may. */
  readonly refusedFull: number;
  /** Questions whether a deploy may go out, and those that were answered with no. */
  readonly asked: number;
  readonly refused: number;
}

/** The bounds of gates; none while the room still reads its facts. */
export function gatesLimits(counts: GatesCounts | undefined): Limit[] {
  if (!counts) return [];
  const { standing, maxStanding, maxWindows, refusedFull } = counts;
  const { windows, ...others } = standing;
  const most = Math.max(...Object.values(others));
  return [
    limit('locks, freezes, post-its', null, [maxStanding, most, refusedFull], 'gates'),
    limit('windows of releases', null, [maxWindows, windows, refusedFull], 'windows'),
  ];
}

/** Gates as numbers. */
export function gatesMeasures(counts: GatesCounts | undefined): Measure[] {
  if (!counts) return [];
  return [
    ...Object.entries(counts.standing).map(([kind, value]) =>
      gauge('territory.gates.standing', 'Gates that stand', value, { kind }),
    ),
    counter('territory.gates.asked', 'Questions whether a deploy may go out', counts.asked),
    counter('territory.gates.refused', 'Those that were answered with no', counts.refused),
  ];
}
