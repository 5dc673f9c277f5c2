import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What is known about knowing what runs where. */
export interface WhereCounts {
  /** Applications in environments that were told of. */
  readonly lanes: number;
  readonly maxLanes: number;
  /** Deploys that are kept of each. */
  readonly maxDeploys: number;
  /** Facts about deploys. */
  readonly told: number;
  readonly forgottenLanes: number;
  readonly forgottenDeploys: number;
  readonly instances: number;
  readonly maxInstances: number;
  readonly forgottenInstances: number;
  readonly looks: number;
  /** Readings that were passed over because too many came. */
  readonly passedOver: number;
  /** Readings with a version that do not say of what or where. */
  readonly placeless: number;
  /** Versions that nobody told of and that were written down. */
  readonly discovered: number;
  /** Applications in environments that runners see. */
  readonly watched: number;
  readonly maxWatched: number;
  readonly forgottenWatched: number;
  /** Looks of runners that were taken in, and those of senders who are not trusted. */
  readonly evidence: number;
  readonly evidenceRefused: number;
  /** Readings that were not searched for looks because too many came. */
  readonly evidencePassed: number;
  /** Contradictions that were written down, and their ends. */
  readonly contradicted: number;
}

/** The bounds of what runs where. */
export function whereLimits(counts: WhereCounts): Limit[] {
  const { lanes, maxLanes, forgottenLanes, instances, maxInstances, forgottenInstances } = counts;
  return [
    limit('applications in environments', null, [maxLanes, lanes, forgottenLanes], 'lanes'),
    limit(
      'deploys kept of each',
      null,
      [counts.maxDeploys, null, counts.forgottenDeploys],
      'deploys',
    ),
    limit(
      'instances that report a version',
      null,
      [maxInstances, instances, forgottenInstances],
      'instances',
    ),
    limit(
      'applications in environments that runners see',
      null,
      [counts.maxWatched, counts.watched, counts.forgottenWatched],
      'watched',
    ),
  ];
}

/** What runs where as numbers. */
export function whereMeasures(counts: WhereCounts): Measure[] {
  const { lanes, told, instances, looks, passedOver, placeless, discovered } = counts;
  const { watched, evidence, evidenceRefused, evidencePassed, contradicted } = counts;
  return [
    gauge('territory.where.lanes', 'Applications in environments', lanes),
    gauge('territory.where.instances', 'Instances that report a version', instances),
    counter('territory.where.facts', 'Facts about deploys', told),
    counter('territory.where.looks', 'Looks at the readings for versions', looks),
    counter('territory.where.passed', 'Readings passed over because too many came', passedOver),
    counter('territory.where.placeless', 'Versions reported without service or place', placeless),
    counter('territory.where.discovered', 'Versions found that nobody told of', discovered),
    gauge('territory.where.watched', 'Applications in environments that runners see', watched),
    counter('territory.where.evidence', 'Looks of runners taken in', evidence),
    counter('territory.where.refused', 'Looks of senders who are not trusted', evidenceRefused),
    counter('territory.where.unsearched', 'Readings not searched for looks', evidencePassed),
    counter('territory.where.contradicted', 'Contradictions written down, and ends', contradicted),
  ];
}
