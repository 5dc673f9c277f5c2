import { commitOf, commitsBetween } from '../../rooms/where/behind.ts';
import { type Deploy, previousOf, standingOf } from '../../rooms/where/fold.ts';
import type { ThreadGraph } from '../../rooms/thread/graph.ts';
import { tellChannels } from '../../rooms/where/evidence/words.ts';
import type { Run } from '../../rooms/where/runs.ts';
import { judge } from '../../rooms/where/verdict.ts';
import type { Where, WhereDeploy, WhereLane, WhereRun } from '../api/contract-releases.ts';
import type { LaneKnown } from './runtime.ts';

/** Instances of one version that are named. */
const maxNamed = 50;

/** What is needed beside what is known of the lanes. */
interface Around {
  /** ms since the epoch, UTC. */
  readonly now: number;
  /** Undefined while the threads are still being read. */
  readonly graph: ThreadGraph | undefined;
}

/** What runs where, by application and in the order of a pipeline. */
export function tellWhere(lanes: readonly LaneKnown[], around: Around): Where {
  const environments = inOrder(new Set(lanes.map(({ environment }) => environment)));
  const place = new Map(environments.map((name, at) => [name, at]));
  const at = ({ environment }: LaneKnown): number => place.get(environment) ?? 0;
  const sorted = lanes.toSorted((a, b) => byText(a.app, b.app) || at(a) - at(b));
  return {
    time: around.now,
    environments,
    lanes: sorted.map((lane) => tellLane(lane, lanes, around)),
  };
}

/** The deploys of an application, newest first. */
export function tellHistory(lanes: readonly LaneKnown[]): WhereDeploy[] {
  return lanes
    .flatMap(({ deploys, environment }) => deploys.map((deploy) => tellDeploy(deploy, environment)))
    .toSorted((a, b) => b.at - a.at);
}

function tellLane(lane: LaneKnown, all: readonly LaneKnown[], around: Around): WhereLane {
  const { app, environment, deploys, watched, contradiction } = lane;
  const tell = (deploy: Deploy): WhereDeploy => tellDeploy(deploy, environment);
  const { now } = around;
  const { verdict, because, age, runs, channels, findings } = judge({ ...lane, now });
  const standing = standingOf(deploys);
  const failed = deploys.find(({ state }) => state === 'failed' || state === 'lost');
  return {
    app,
    environment,
    verdict,
    because,
    age,
    version: standing ? versionOf(standing.deploy) : (runs[0]?.version ?? null),
    since: standing?.since ?? null,
    now: standing ? tell(standing.deploy) : null,
    previous: tellPrevious(deploys),
    running: deploys.filter(({ state }) => state === 'running').map(tell),
    lastFailed: failed ? tell(failed) : null,
    runs: runs.map(tellRun),
    behind: around.graph ? behindOf(lane, all, around.graph) : null,
    channels: [...channels],
    findings: findings.map((one) => ({ ...one })),
    evidence: watched.flatMap((one) =>
      tellChannels(one, standing, now).map((words) => ({ ...words, lines: [...words.lines] })),
    ),
    ...(contradiction && {
      contradicted: { since: contradiction.since, offset: contradiction.offset },
    }),
  };
}

const versionOf = ({ state, version }: Deploy): string | null =>
  state === 'removed' ? null : (version ?? null);

function tellPrevious(deploys: readonly Deploy[]): WhereLane['previous'] {
  const previous = previousOf(deploys);
  return previous ? { version: versionOf(previous.deploy), since: previous.since } : null;
}

function tellDeploy(deploy: Deploy, environment: string): WhereDeploy {
  const { ids, state, version, commit, started, at, actor, url, reason, evidence } = deploy;
  return {
    environment,
    state,
    version: version ?? null,
    started: started ?? null,
    at,
    thread: `facts-${evidence.at(-1)?.offset ?? 0}`,
    evidence: evidence.map((one) => ({ ...one })),
    ...(ids[0] !== undefined && { id: ids[0] }),
    ...(commit !== undefined && { commit }),
    ...(actor !== undefined && { actor }),
    ...(url !== undefined && { url }),
    ...(reason !== undefined && { reason }),
  };
}

function tellRun({ version, share, instances }: Run): WhereRun {
  const latest = instances.toSorted((a, b) => b.time - a.time).slice(0, maxNamed);
  return {
    version,
    share,
    count: instances.length,
    instances: latest.map(({ instance, since, time, offset }) => ({
      name: instance,
      since,
      seen: time,
      offset,
    })),
  };
}

/** Of the application's other environments, the one that has the most that this one has not. */
function behindOf(
  { app, environment, deploys }: LaneKnown,
  all: readonly LaneKnown[],
  graph: ThreadGraph,
): WhereLane['behind'] {
  const here = commitIn(graph, deploys);
  if (here === undefined) return null;
  let most: WhereLane['behind'] = null;
  for (const other of all) {
    if (other.app !== app || other.environment === environment) continue;
    const there = commitIn(graph, other.deploys);
    const commits = there === undefined ? undefined : commitsBetween(graph, here, there);
    if (commits !== undefined && (!most || commits > most.commits))
      most = { commits, of: other.environment };
  }
  return most;
}

function commitIn(graph: ThreadGraph, deploys: readonly Deploy[]): number | undefined {
  const { deploy } = standingOf(deploys) ?? {};
  return deploy && deploy.state !== 'removed' ? commitOf(graph, deploy) : undefined;
}

/** Words by which people call environments, in the order in which things go through them. */
const steps = [
  /^(local|sandbox|review|preview)/i,
  /^dev/i,
  /^(ci|int|integration)/i,
  /^(test|qa)/i,
  /^(uat|acceptance)/i,
  /^(stag|stg|pre)/i,
  /^(canary|beta)/i,
  /^(prod|live)/i,
];

/** In the order of a pipeline as far as the names tell it; others stand before production. */
function inOrder(environments: ReadonlySet<string>): string[] {
  const stepOf = (environment: string): number => {
    const step = steps.findIndex((pattern) => pattern.test(environment));
    return step < 0 ? steps.length - 1.5 : step;
  };
  return [...environments].toSorted((a, b) => stepOf(a) - stepOf(b) || byText(a, b));
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
