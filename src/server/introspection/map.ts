import type { FlowCounts } from '../map/flow/flow-desk.ts';
import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What the map knows about itself. */
export interface MapCounts {
  readonly nodes: number;
  /** Checks, heartbeats, metrics and alerts that say how nodes are. */
  readonly signals: number;
  readonly maxSignals: number;
  readonly signalsForgotten: number;
  /** Pages that follow the map. */
  readonly viewers: number;
  readonly maxViewers: number;
  readonly viewersRefused: number;
  /** How often one did not read what it was sent. */
  readonly viewersBehind: number;
  /** Changes of health that the past is made of. */
  readonly changes: number;
  readonly maxChanges: number;
  readonly changesForgotten: number;
  /** Where the map and what happens do not agree; beyond the bound they are only counted. */
  readonly problems: number;
  readonly maxProblems: number;
  readonly problemsLeft: number;
  /** Facts that were written. */
  readonly written: number;
  readonly evaluations: number;
  readonly longestEvaluationMs: number;
  /** Drawings that were laid out, and not found among those of before. */
  readonly drawings: number;
  /** The times of its streams. */
  readonly flow: FlowCounts;
}

/** The bounds of the map. */
export function mapLimits(counts: MapCounts): Limit[] {
  const { signals, maxSignals, signalsForgotten, viewers, maxViewers, viewersRefused } = counts;
  const { changes, maxChanges, changesForgotten, flow } = counts;
  return [
    limit('signals of the map', null, [maxSignals, signals, signalsForgotten], 'signals'),
    limit('pages that follow the map', null, [maxViewers, viewers, viewersRefused], 'pages'),
    limit('facts of stages', null, [flow.maxMoments, flow.moments, flow.forgotten], 'facts'),
    limit('kinds of work', null, [flow.maxKinds, flow.kinds, flow.kindsForgotten], 'things'),
    limit(
      'problems of the map',
      null,
      [counts.maxProblems, counts.problems, counts.problemsLeft],
      'problems',
    ),
    limit('changes of health', null, [maxChanges, changes, changesForgotten], 'changes'),
  ];
}

/** The map as numbers. */
export function mapMeasures(counts: MapCounts): Measure[] {
  const { nodes, written, evaluations, longestEvaluationMs, viewersBehind, drawings } = counts;
  return [
    gauge('territory.map.nodes', 'Nodes on the map', nodes),
    gauge('territory.map.signals', 'What says how they are', counts.signals),
    gauge('territory.map.viewers', 'Pages that follow it', counts.viewers),
    counter('territory.map.viewers.behind', 'Times that one did not read', viewersBehind),
    counter('territory.map.facts', 'Facts that were written about it', written),
    counter('territory.map.evaluations', 'Times that health changed', evaluations),
    gauge('territory.map.evaluation.max.ms', 'Longest time that took', longestEvaluationMs),
    gauge('territory.map.items', 'Items of a stream, when last found', counts.flow.items),
    gauge('territory.map.items.ms', 'How long that took', counts.flow.assembleMs),
    counter('territory.map.drawings', 'Drawings that were laid out', drawings),
  ];
}
