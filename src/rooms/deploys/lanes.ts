import { defined } from '../alerts/facts.ts';
import { stages } from './deploy.ts';
import type { DeployRecord, LaneRecord, Mark, VersionRecord } from './record.ts';

/** Lanes that are remembered; those without an open deploy are forgotten first. */
export const maxLanes = 5_000;
/** Versions of one lane. */
export const maxVersions = 200;
/** Durations of one lane from which the next is guessed. */
export const maxTook = 20;
/** The rate of deploys is counted over this long, ms. */
export const rateSpan = 3_600_000;
const maxStarts = 1_000;

type Lanes = Map<string, LaneRecord>;
type LaneName = Pick<LaneRecord, 'app' | 'environment'>;

export const laneKey = ({ app, environment }: LaneName): string => `${app}\0${environment}`;

/** The lane; an empty one where nothing ever happened. */
export function laneOf(lanes: ReadonlyMap<string, LaneRecord>, lane: LaneName): LaneRecord {
  const { app, environment } = lane;
  const took = { deploy: [], rehearsal: [] };
  return (
    lanes.get(laneKey(lane)) ?? {
      app,
      environment,
      took,
      waiting: [],
      versions: new Map<string, VersionRecord>(),
      starts: [],
    }
  );
}

/** Replaces a lane; the one that changed last is the last to be forgotten. */
export function putLane(lanes: Lanes, lane: LaneRecord): void {
  const key = laneKey(lane);
  lanes.delete(key);
  lanes.set(key, lane);
  if (lanes.size <= maxLanes) return;
  for (const [old, one] of lanes) {
    if (one.running !== undefined || one.waiting.length > 0) continue;
    lanes.delete(old);
    return;
  }
}

/** A deploy stands in the queue. */
export function queued(lane: LaneRecord, { id }: DeployRecord): LaneRecord {
  return { ...lane, waiting: [...lane.waiting, id] };
}

/** A deploy left the queue without running. */
export function unqueued(lane: LaneRecord, { id }: DeployRecord): LaneRecord {
  return { ...lane, waiting: lane.waiting.filter((one) => one !== id) };
}

/** A deploy has the lane. */
export function begun(lane: LaneRecord, deploy: DeployRecord, at: number): LaneRecord {
  const starts = [...lane.starts.filter((one) => one > at - rateSpan), at].slice(-maxStarts);
  return { ...unqueued(lane, deploy), running: deploy.id, starts };
}

/** The lane without what ran in it. */
export function freed(lane: LaneRecord): LaneRecord {
  const { app, environment, waiting, versions, stands, took, starts } = lane;
  return defined({ app, environment, waiting, versions, stands, took, starts });
}

/** A deploy succeeded: what stands, how long it took, and what a rollback says of what it left. */
export function succeeded(lane: LaneRecord, deploy: DeployRecord, mark: Mark): LaneRecord {
  const { version, digest, kind, id, started = mark.at } = deploy;
  const left = deploy.previous ?? lane.stands?.version;
  const known = lane.versions.get(version);
  // What was verified under this name before was another artefact.
  const kept = known && known.digest === (digest ?? known.digest) ? known : undefined;
  const named = digest === undefined ? {} : { digest };
  let next = withVersion(freed(lane), { ...kept, version, ...named, stood: mark });
  if (kind === 'rollback' && left !== undefined && left !== version)
    next = blamed(next, left, { ...mark, reason: `rolled back to ${version}` });
  const which = kind === 'rehearsal' ? 'rehearsal' : 'deploy';
  const took = [...lane.took[which], Math.max(0, mark.at - started)].slice(-maxTook);
  return { ...next, stands: { version, deploy: id }, took: { ...lane.took, [which]: took } };
}

/** A deploy ended otherwise. */
export function ended(lane: LaneRecord, deploy: DeployRecord, mark: Mark): LaneRecord {
  const { version, state, serves, because } = deploy;
  let next = freed(lane);
  if (state === 'rolled-back' || (state === 'failed' && ranItsCode(deploy)))
    next = blamed(next, version, { ...mark, reason: because ?? state });
  return serves === undefined || serves === next.stands?.version
    ? next
    : { ...next, stands: { version: serves } };
}

/** Evidence bore a version out. */
export function verified(
  lane: LaneRecord,
  said: { readonly version: string; readonly digest?: string; readonly deploy?: string },
  mark: Mark,
): LaneRecord {
  const { version, digest, deploy } = said;
  const known = lane.versions.get(version);
  const stands = lane.stands?.version === version;
  const stood = (stands ? known?.stood : undefined) ?? mark;
  const named = digest === undefined ? {} : { digest };
  const next = withVersion(lane, { ...known, version, ...named, stood, verified: mark });
  return stands ? next : { ...next, stands: { version, ...(deploy !== undefined && { deploy }) } };
}

/** Whether evidence bore it out, and nothing spoke against it since. */
export function isGood({ verified: good, bad }: VersionRecord): boolean {
  return good !== undefined && good.offset > (bad?.offset ?? 0);
}

/** Whether two digests may be those of one artefact; what is not known is not another. */
export function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** What failed before its code ran says nothing of the code. */
function ranItsCode({ stages: seen }: DeployRecord): boolean {
  const first = stages.indexOf('starting-new');
  return seen.some(({ stage, state }) => state !== 'skipped' && stages.indexOf(stage) >= first);
}

function blamed(lane: LaneRecord, version: string, bad: VersionRecord['bad'] & object): LaneRecord {
  return withVersion(lane, { ...lane.versions.get(version), version, bad });
}

function withVersion(lane: LaneRecord, one: VersionRecord): LaneRecord {
  const versions = new Map(lane.versions);
  versions.delete(one.version);
  versions.set(one.version, one);
  for (const old of versions.keys()) {
    if (versions.size <= maxVersions) break;
    if (old !== lane.stands?.version) versions.delete(old);
  }
  return { ...lane, versions };
}
