import { type Entry, entriesOf, instancesOf, isDown } from './evidence/serving.ts';
import { type Watched, freshOf, isFresh } from './evidence/looks.ts';
import type { Deploy, Standing } from './fold.ts';
import type { Instance } from './instances.ts';
import { compareNames } from './version.ts';

/** Telemetry older than this says nothing of now, ms: three intervals of OpenTelemetry's exporters. */
export const freshMs = 180_000;
/** So long after a deploy an instance of before may still be on its way out, ms. */
export const settleMs = 10_000;

/** What is judged: everything that is known of one lane. */
export interface Known {
  readonly deploys: readonly Deploy[];
  /** By telemetry. */
  readonly instances: readonly Instance[];
  /** By the looks of runners. */
  readonly watched?: readonly Watched[];
  /** ms since the epoch, UTC. */
  readonly now: number;
}

/** One version that instances report. */
export interface Run {
  readonly version: string;
  readonly instances: readonly Instance[];
  /** Of the answers that customers get where the front was sampled, else of the instances; 0 to 1. */
  readonly share: number;
}

/** What was found of what runs. */
export type Found =
  | { readonly kind: 'runs'; readonly by: 'looks' | 'telemetry'; readonly runs: readonly Run[] }
  /** Somebody looked, and nobody listens where somebody should. */
  | { readonly kind: 'nothing'; readonly time: number }
  /** Somebody looked, and what is there names no version. */
  | { readonly kind: 'nameless'; readonly time: number }
  /** Somebody tried to look and could not. */
  | { readonly kind: 'blind'; readonly time: number; readonly why: string }
  | { readonly kind: 'none' };

/**
 * What is found to run: by who looked lately, else by telemetry. After a deploy, another version than
 * the told one counts only once it is seen when the old instances had time to leave.
 */
export function findRuns(known: Known, standing: Standing | undefined): Found {
  const { now } = known;
  const watched = (known.watched ?? []).filter((one) => isFresh(one, now));
  const views = watched.map((one) => ({ one, entries: entriesOf(one, now) }));
  const looked = views.flatMap(({ one, entries }) =>
    instancesOf(one, entries?.filter(({ serves }) => serves) ?? []),
  );
  const runs = byVersion(looked.filter((one) => counts(one, standing)));
  if (runs.length > 0) return { kind: 'runs', by: 'looks', runs: withShares(runs, watched, known) };
  const reported = byVersion(known.instances.filter((one) => isRecent(one, now, standing)));
  if (reported.length > 0) return { kind: 'runs', by: 'telemetry', runs: reported };
  return withoutRuns(views, standing);
}

/** What nobody's version is known of: whether that is because nobody is there. */
function withoutRuns(
  views: readonly { readonly one: Watched; readonly entries: readonly Entry[] | null }[],
  standing: Standing | undefined,
): Found {
  const [first] = views;
  if (!first) return { kind: 'none' };
  const time = Math.max(...views.map(({ one }) => one.time));
  if (views.every(({ entries }) => entries === null))
    return { kind: 'blind', time, why: whyBlind(first.one) };
  const serving = views.flatMap(({ entries }) => entries?.filter(({ serves }) => serves) ?? []);
  // A look of before says nothing of what was deployed since, nor do old ones on their way out.
  const isEarly = standing !== undefined && time < standing.deploy.at;
  if (serving.length === 0 || isEarly || serving.some(({ version }) => version !== null))
    return { kind: 'none' };
  return { kind: serving.every(isDown) ? 'nothing' : 'nameless', time };
}

const whyBlind = ({ channels, runner }: Watched): string =>
  `${runner} could not look: ${channels.os.why ?? channels.self.why ?? 'it did not say why'}`;

const isRecent = (one: Instance, now: number, standing: Standing | undefined): boolean =>
  one.time >= now - freshMs && counts(one, standing);

const counts = ({ time, version }: Instance, standing: Standing | undefined): boolean =>
  !standing ||
  time >= standing.deploy.at + settleMs ||
  (isTold(standing, version) && standing.deploy.state !== 'removed');

/** Whether a version is the told one. */
export const isTold = ({ deploy }: Standing, version: string): boolean =>
  compareNames(deploy.names, [version]) === 'same';

function byVersion(instances: readonly Instance[]): Run[] {
  const found = new Map<string, Instance[]>();
  for (const one of instances) found.set(one.version, [...(found.get(one.version) ?? []), one]);
  return inOrder(
    [...found].map(([version, those]) => ({
      version,
      instances: those,
      share: those.length / instances.length,
    })),
  );
}

const inOrder = (runs: readonly Run[]): Run[] =>
  runs.toSorted((a, b) => b.share - a.share || (a.version < b.version ? -1 : 1));

/**
 * With the shares that customers get. Few samples may miss a version that few get: then the instances
 * are counted. What answers at the front and stands nowhere else is a run without instances.
 */
function withShares(runs: readonly Run[], watched: readonly Watched[], { now }: Known): Run[] {
  const fronts = watched.flatMap(
    ({ channels, every }) => freshOf(channels.front, every, now) ?? [],
  );
  const [front, ...others] = fronts;
  const shares = new Map(Object.entries(front?.shares ?? {}));
  if (others.length > 0 || !runs.every(({ version }) => shares.has(version))) return [...runs];
  return inOrder(
    [...shares].map(([version, share]) => ({
      version,
      share,
      instances: runs.find((run) => run.version === version)?.instances ?? [],
    })),
  );
}
