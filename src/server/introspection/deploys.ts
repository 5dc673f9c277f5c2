import { type Limit, limit } from './limit.ts';
import { type Measure, counter, gauge } from './measure.ts';

/** What is known about carrying deploys out. */
export interface DeploysCounts {
  readonly running: number;
  readonly waiting: number;
  /** How many may wait. */
  readonly maxWaiting: number;
  readonly refusedFull: number;
  /** Runners that are remembered, and requests of theirs that wait. */
  readonly runners: number;
  readonly maxRunners: number;
  readonly forgottenRunners: number;
  readonly leasing: number;
  readonly maxLeasing: number;
  readonly refusedLeasing: number;
  readonly viewers: number;
  readonly maxViewers: number;
  readonly refusedViewers: number;
  readonly maxLog: number;
  readonly cutLogs: number;
  readonly removedLogs: number;
  readonly keepLogs: number;
  /** Since the server started. */
  readonly asked: number;
  readonly refused: number;
  readonly leased: number;
  readonly lost: number;
  readonly fenced: number;
  readonly logBytes: number;
  readonly looks: number;
}

/** The bounds of deploys; none while the room still reads its facts. */
export function deploysLimits(counts: DeploysCounts | undefined): Limit[] {
  if (!counts) return [];
  const { maxWaiting, waiting, maxRunners, runners, maxViewers, viewers } = counts;
  return [
    limit('deploys that wait', null, [maxWaiting, waiting, counts.refusedFull], 'deploys'),
    limit('runners', null, [maxRunners, runners, counts.forgottenRunners], 'runners'),
    limit(
      'runners that wait for work',
      null,
      [counts.maxLeasing, counts.leasing, counts.refusedLeasing],
      'requests',
    ),
    limit('pages that follow deploys', null, [maxViewers, viewers, counts.refusedViewers], 'pages'),
    limit('log of one deploy', null, [counts.maxLog, null, counts.cutLogs], 'bytes'),
    limit(
      'logs of deploys',
      'deploys.keepLogs',
      [counts.keepLogs, null, counts.removedLogs],
      'logs',
    ),
  ];
}

/** Deploys as numbers. */
export function deploysMeasures(counts: DeploysCounts | undefined): Measure[] {
  if (!counts) return [];
  return [
    gauge('territory.deploys.running', 'Deploys that run', counts.running),
    gauge('territory.deploys.waiting', 'Deploys that wait', counts.waiting),
    gauge('territory.deploys.runners', 'Requests of runners that wait for work', counts.leasing),
    counter('territory.deploys.asked', 'Deploys that were asked for', counts.asked),
    counter('territory.deploys.refused', 'Those that a gate refused', counts.refused),
    counter('territory.deploys.leased', 'Deploys given to runners', counts.leased),
    counter('territory.deploys.lost', 'Deploys whose runner fell silent', counts.lost),
    counter(
      'territory.deploys.fenced',
      'Words of runners that had lost their lease',
      counts.fenced,
    ),
    counter('territory.deploys.log.bytes', 'Bytes of logs taken', counts.logBytes),
    counter('territory.deploys.looks', 'Looks at what waits', counts.looks),
  ];
}
