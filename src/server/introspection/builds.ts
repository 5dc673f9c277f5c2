import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What is known about knowing how builds stand. */
export interface BuildsCounts {
  /** Pipelines on branches. */
  readonly lines: number;
  readonly maxLines: number;
  /** Facts about their runs. */
  readonly told: number;
  readonly forgottenLines: number;
}

/** The bounds of the builds. */
export const buildsLimits = ({ lines, maxLines, forgottenLines }: BuildsCounts): Limit[] => [
  limit('pipelines on branches', null, [maxLines, lines, forgottenLines], 'lines'),
];

/** The builds as numbers. */
export const buildsMeasures = ({ lines, told }: BuildsCounts): Measure[] => [
  gauge('territory.builds.lines', 'Pipelines on branches', lines),
  counter('territory.builds.facts', 'Facts about runs of pipelines', told),
];
