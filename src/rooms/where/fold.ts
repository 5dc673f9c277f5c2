import type { Evidence, Happened, Told } from './told.ts';
import { compareNames } from './version.ts';

/** How a deploy stands or ended. */
export type DeployState =
  | 'running'
  | 'succeeded'
  | 'rolledback'
  | 'removed'
  | 'failed'
  | 'refused'
  | 'cancelled'
  | 'lost'
  | 'discovered';

/** One deploy of one application to one environment, as the facts tell of it. */
export interface Deploy {
  /** Names it among the deploys of its lane. */
  readonly key: string;
  /** As those who told of it call it, one name for each. */
  readonly ids: readonly string[];
  readonly state: DeployState;
  readonly version: string | undefined;
  readonly names: readonly string[];
  readonly commit: string | undefined;
  /** When it began, ms since the epoch; undefined where nobody told. */
  readonly started: number | undefined;
  /** When it was last told of, ms since the epoch: its end where it has one. */
  readonly at: number;
  readonly actor: string | undefined;
  readonly url: string | undefined;
  readonly reason: string | undefined;
  /** The facts that tell of it, the latest last; `maxEvidence` at most. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** What is known of one application in one environment. */
export interface Lane {
  readonly app: string;
  readonly environment: string;
  /** Newest first. */
  readonly deploys: readonly Deploy[];
}

/** How much is kept. */
export interface Bounds {
  readonly lanes: number;
  /** Of one lane. */
  readonly deploys: number;
}

export const defaultBounds: Bounds = { lanes: 5_000, deploys: 100 };

/** Two sources that tell of the same version within so long tell of one deploy, ms. */
const sameWithin = 10 * 60_000;
const maxEvidence = 4;
const maxIds = 4;

/** What was told of deploys: a fold of facts, bounded. */
export class WhereState {
  readonly bounds: Bounds;
  readonly counters = { told: 0, forgottenLanes: 0, forgottenDeploys: 0 };
  readonly #lanes = new Map<string, Lane>();

  constructor(bounds: Bounds = defaultBounds) {
    this.bounds = bounds;
  }

  get size(): number {
    return this.#lanes.size;
  }

  lanes(): IterableIterator<Lane> {
    return this.#lanes.values();
  }

  lane(app: string, environment: string): Lane | undefined {
    return this.#lanes.get(laneKey(app, environment));
  }

  /** Takes one fact in. */
  fold(told: Told): void {
    const { app, environment } = told;
    this.counters.told++;
    const key = laneKey(app, environment);
    const lane = this.#lanes.get(key) ?? { app, environment, deploys: [] };
    const deploys = this.#trimmed(foldDeploy(lane.deploys, told));
    // Last in the map is who was told of last: the first is forgotten first.
    this.#lanes.delete(key);
    this.#lanes.set(key, { app, environment, deploys });
    this.#forget();
  }

  #forget(): void {
    const [oldest] = this.#lanes.keys();
    if (this.#lanes.size <= this.bounds.lanes || oldest === undefined) return;
    this.#lanes.delete(oldest);
    this.counters.forgottenLanes++;
  }

  /** Without the oldest beyond the bound, but never without what runs and what ran before. */
  #trimmed(deploys: readonly Deploy[]): readonly Deploy[] {
    if (deploys.length <= this.bounds.deploys) return deploys;
    const kept = new Set([standingOf(deploys)?.deploy, previousOf(deploys)?.deploy]);
    const at = deploys.findLastIndex((deploy) => !kept.has(deploy));
    this.counters.forgottenDeploys++;
    return deploys.toSpliced(at, 1);
  }
}

const laneKey = (app: string, environment: string): string => `${app}\0${environment}`;

const states: Readonly<Record<Happened, DeployState>> = {
  started: 'running',
  deployed: 'succeeded',
  published: 'succeeded',
  rolledback: 'rolledback',
  removed: 'removed',
  failed: 'failed',
  refused: 'refused',
  cancelled: 'cancelled',
  lost: 'lost',
  discovered: 'discovered',
};

function foldDeploy(deploys: readonly Deploy[], told: Told): readonly Deploy[] {
  // What runs already is only made known to its users.
  const runs = standingOf(deploys)?.deploy;
  if (told.happened === 'published' && runs && compareNames(runs.names, told.names) === 'same')
    return deploys;
  const known =
    deploys.find((deploy) => isNamed(deploy, told)) ??
    deploys.find((deploy) => isToldElsewhere(deploy, told)) ??
    openOf(deploys, told);
  const deploy = known ? joined(known, told) : begun(told);
  const others = deploys.filter((one) => one !== known);
  const place = others.findIndex((one) => one.at <= deploy.at);
  return others.toSpliced(place < 0 ? others.length : place, 0, deploy);
}

/** One id for two versions is two deploys: the contradiction is shown, not smoothed. */
const isNamed = (deploy: Deploy, { deployment, names }: Told): boolean =>
  deployment !== undefined &&
  deploy.ids.includes(deployment) &&
  compareNames(deploy.names, names) !== 'other';

/** The same deploy, told by another source that has another name for it, or none. */
function isToldElsewhere(deploy: Deploy, { happened, names, evidence }: Told): boolean {
  const { state, at, started = at } = deploy;
  if (happened === 'discovered' || happened === 'removed' || state === 'discovered') return false;
  const fits = state === 'running' || happened === 'started' || state === states[happened];
  const apart = Math.min(Math.abs(at - evidence.time), Math.abs(started - evidence.time));
  return (
    fits &&
    apart <= sameWithin &&
    deploy.evidence.every(({ source }) => source !== evidence.source) &&
    compareNames(deploy.names, names) === 'same'
  );
}

/** The one that is under way and that an end without a name must mean. */
function openOf(deploys: readonly Deploy[], told: Told): Deploy | undefined {
  const { happened, names, deployment } = told;
  if (happened === 'started' || happened === 'discovered' || happened === 'removed')
    return undefined;
  return deploys.find(
    (one) =>
      one.state === 'running' &&
      (one.ids.length === 0 || deployment === undefined) &&
      compareNames(one.names, names) === 'same',
  );
}

function begun(told: Told): Deploy {
  const { happened, version, names, commit, deployment, actor, url, reason, evidence } = told;
  return {
    key: deployment ?? `${evidence.source}#${evidence.id}`,
    ids: deployment === undefined ? [] : [deployment],
    state: states[happened],
    version,
    names,
    commit,
    started: happened === 'started' ? evidence.time : undefined,
    at: evidence.time,
    actor,
    url,
    reason,
    evidence: [evidence],
  };
}

function joined(deploy: Deploy, told: Told): Deploy {
  const { happened, evidence } = told;
  const begins = happened === 'started';
  // A beginning that comes after its end tells when it was, and opens nothing again.
  const late = begins && deploy.state !== 'running';
  const confirms = !begins && deploy.state === states[happened];
  return {
    ...deploy,
    ...named(deploy, told),
    state: late ? deploy.state : states[happened],
    started: begins ? Math.min(deploy.started ?? evidence.time, evidence.time) : deploy.started,
    at: late || confirms ? deploy.at : evidence.time,
    evidence: more(deploy.evidence, evidence, late),
  };
}

/** What the first said stands; where to look and why it ended, the last knows best. */
function named(deploy: Deploy, told: Told) {
  return {
    ids: [...new Set([...deploy.ids, told.deployment])]
      .filter((id) => id !== undefined)
      .slice(0, maxIds),
    version: deploy.version ?? told.version,
    names: [...new Set([...deploy.names, ...told.names])],
    commit: deploy.commit ?? told.commit,
    actor: deploy.actor ?? told.actor,
    url: told.url ?? deploy.url,
    reason: told.reason ?? deploy.reason,
  };
}

function more([first, ...rest]: Deploy['evidence'], one: Evidence, late: boolean) {
  const kept: Deploy['evidence'] = late
    ? [one, first, ...rest.slice(-(maxEvidence - 2))]
    : [first, ...rest.slice(-(maxEvidence - 2)), one];
  return kept;
}

/** What is said to run, and since when. */
export interface Standing {
  /** The deploy that told so last. */
  readonly deploy: Deploy;
  /** When this version came, ms since the epoch: before it was deployed again perhaps. */
  readonly since: number;
}

const isDone = ({ state }: Deploy): boolean =>
  state === 'succeeded' || state === 'rolledback' || state === 'removed';

/**
 * What is said to run now. What was discovered is said of by nobody: it stands only where nothing
 * was told, and never silently takes the place of what was.
 */
export function standingOf(deploys: readonly Deploy[]): Standing | undefined {
  const done = deploys.filter(isDone);
  const [deploy] = done.length > 0 ? done : deploys.filter(({ state }) => state === 'discovered');
  if (!deploy) return undefined;
  const other = done.findIndex((one) => isOther(one, deploy));
  const first = done[other < 0 ? done.length - 1 : other - 1] ?? deploy;
  return { deploy, since: first.at };
}

/** What ran before that. */
export function previousOf(deploys: readonly Deploy[]): Standing | undefined {
  const now = standingOf(deploys);
  const done = deploys.filter(isDone);
  const at = now ? done.findIndex((one) => isOther(one, now.deploy)) : -1;
  return at < 0 ? undefined : standingOf(done.slice(at));
}

const isOther = (one: Deploy, now: Deploy): boolean =>
  (one.state === 'removed') !== (now.state === 'removed') ||
  compareNames(one.names, now.names) !== 'same';
