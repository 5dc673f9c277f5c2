import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What the room of the demo knows about itself. */
export interface DemoCounts {
  /** What is kept of the story. */
  readonly story: number;
  readonly maxStory: number;
  /** What was told and is not kept any more. */
  readonly forgotten: number;
  /** Facts that were folded, of the demo and of others. */
  readonly folded: number;
  /** Kinds of chaos that are asked for or go on. */
  readonly chaos: number;
  readonly asked: number;
  readonly refused: number;
}

/** The bounds of the demo; none where there is no demo. */
export function demoLimits(counts: DemoCounts | undefined): Limit[] {
  if (!counts) return [];
  const { story, maxStory, forgotten } = counts;
  return [limit('story of the demo', null, [maxStory, story, forgotten], 'things told')];
}

/** The demo as numbers; none where there is no demo. */
export function demoMeasures(counts: DemoCounts | undefined): Measure[] {
  if (!counts) return [];
  const { chaos, asked, refused, folded } = counts;
  return [
    gauge('territory.demo.chaos', 'Kinds of chaos that are asked for or go on', chaos),
    counter('territory.demo.asked', 'Chaos that was asked for', asked),
    counter('territory.demo.refused', 'Chaos that was refused', refused),
    counter('territory.demo.folded', 'Facts that the room of the demo folded', folded),
  ];
}
