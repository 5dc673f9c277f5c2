import { type Deploy, type Standing, standingOf } from './fold.ts';
import type { Instance } from './instances.ts';
import { compareNames } from './version.ts';

/** How far what is told of a version can be trusted. */
export type Verdict = 'verified' | 'claimed' | 'mixed' | 'contradicted' | 'unknown';

/** Telemetry older than this says nothing of now, ms: three intervals of OpenTelemetry's exporters. */
export const freshMs = 180_000;
/** So long after a deploy an instance of before may still be on its way out, ms. */
export const settleMs = 10_000;
/** Sources that tell of different versions within so long disagree, ms. */
const disagreeMs = 60_000;
/** A deploy that has no end after so long explains nothing any more, ms. */
const patienceMs = 24 * 3_600_000;

/** One version that instances report. */
export interface Run {
  readonly version: string;
  readonly instances: readonly Instance[];
  /** Of all that count, 0 to 1. */
  readonly share: number;
}

/** What can be said of one application in one environment. */
export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence, to be shown as it is. */
  readonly because: string;
  /** Of what the verdict rests on, ms; null where it rests on nothing. */
  readonly age: number | null;
  /** What instances report lately, the most of them first. */
  readonly runs: readonly Run[];
}

/** What is judged: everything that is known of one lane. */
export interface Known {
  readonly deploys: readonly Deploy[];
  readonly instances: readonly Instance[];
  /** ms since the epoch, UTC. */
  readonly now: number;
}

/** Says how far what was told holds, from the facts and from what the instances report themselves. */
export function judge(known: Known): Judgement {
  const standing = standingOf(known.deploys);
  const runs = runsOf(known, standing);
  if (runs.length === 0) return judgeTold(known, standing);
  return judgeRuns(runs, known, standing);
}

/**
 * Those that were heard lately. After a deploy, another version than the told one counts only once
 * it is heard when the old instances had time to leave.
 */
function runsOf({ instances, now }: Known, standing: Standing | undefined): Run[] {
  const counted = instances.filter(
    ({ time, version }) =>
      time >= now - freshMs &&
      (!standing ||
        time >= standing.deploy.at + settleMs ||
        (isTold(standing, version) && standing.deploy.state !== 'removed')),
  );
  const byVersion = new Map<string, Instance[]>();
  for (const one of counted)
    byVersion.set(one.version, [...(byVersion.get(one.version) ?? []), one]);
  return [...byVersion]
    .map(([version, those]) => ({
      version,
      instances: those,
      share: those.length / counted.length,
    }))
    .toSorted((a, b) => b.share - a.share || (a.version < b.version ? -1 : 1));
}

const isTold = ({ deploy }: Standing, version: string): boolean =>
  compareNames(deploy.names, [version]) === 'same';

function judgeTold({ deploys, instances, now }: Known, standing: Standing | undefined): Judgement {
  const of = (verdict: Verdict, because: string, age: number | null): Judgement => ({
    verdict,
    because,
    age,
    runs: [],
  });
  if (!standing) {
    const last = Math.max(...instances.map(({ time }) => time));
    const silent = Number.isFinite(last);
    return of(
      'unknown',
      silent ? 'nobody told what runs, and no instance reports it any more' : untold(deploys),
      silent ? now - last : null,
    );
  }
  const { deploy } = standing;
  const age = Math.max(0, now - deploy.at);
  const against = disagreeing(deploys, standing);
  if (against)
    return of(
      'contradicted',
      `told ${nameOf(deploy)} by ${sourceOf(deploy)}, and ${nameOf(against)} by ${sourceOf(against)}`,
      age,
    );
  if (deploy.state === 'removed') return of('claimed', 'told to be removed, unverified', age);
  if (deploy.version === undefined)
    return of('unknown', 'a deploy was told that names no version', age);
  if (deploy.state === 'discovered')
    return of('unknown', `${nameOf(deploy)} was seen to run, and nobody told of it`, age);
  const silent =
    instances.length > 0 ? 'no instance reports lately' : 'no instance reports its version';
  return of('claimed', `claimed ${nameOf(deploy)}, unverified: ${silent}`, age);
}

function untold(deploys: readonly Deploy[]): string {
  return deploys.length > 0 ? 'no deploy was told to have ended well' : 'nothing is known';
}

function judgeRuns(
  runs: readonly Run[],
  { now }: Known,
  standing: Standing | undefined,
): Judgement {
  const age = Math.max(
    0,
    now - Math.max(...runs.flatMap((run) => run.instances.map((i) => i.time))),
  );
  const of = (verdict: Verdict, because: string): Judgement => ({ verdict, because, age, runs });
  const shares = runs.map(({ version, share }) => `${version} ${percent(share)}`).join(' / ');
  if (!standing)
    return runs.length > 1
      ? of('mixed', `mixed ${shares}; nobody told of a deploy`)
      : of('unknown', `${shares.replace(/ 100 %$/, '')} runs, and nobody told of it`);
  const { deploy } = standing;
  if (deploy.state === 'removed') return of('contradicted', `told removed, runs ${shares}`);
  const fits = runs.map(({ version }) => compareNames(deploy.names, [version]));
  if (fits.every((fit) => fit === 'same')) return of('verified', verified(runs, deploy));
  const told = nameOf(deploy);
  if (fits.every((fit) => fit === 'other'))
    return of('contradicted', `told ${told}, runs ${runs.length > 1 ? shares : runs[0]?.version}`);
  if (runs.length > 1) return of('mixed', `mixed ${shares}; told ${told}`);
  return {
    ...of(
      'claimed',
      `claimed ${told}, unverified: instances report ${runs[0]?.version}, which can not be compared with it`,
    ),
    age: Math.max(0, now - deploy.at),
  };
}

function verified(runs: readonly Run[], { state }: Deploy): string {
  const count = runs.reduce((sum, run) => sum + run.instances.length, 0);
  const report = count === 1 ? '1 instance reports' : `${count} instances report`;
  return state === 'discovered'
    ? `${report} it, and nobody told of the deploy`
    : `${report} the told version`;
}

/** Whole per cent, but never all or none of what is only nearly so. */
const percent = (share: number): string =>
  `${share === 1 ? 100 : Math.min(99, Math.max(1, Math.round(share * 100)))} %`;

const nameOf = ({ version, names, commit }: Deploy): string => {
  const name = version ?? names[0] ?? 'no version';
  return name === commit && name.length > 12 ? name.slice(0, 10) : name;
};

const sourceOf = ({ evidence }: Deploy): string => evidence.at(-1)?.source ?? 'nobody';

/** What another source told just before, if it was something else. A rollback takes back on purpose. */
function disagreeing(deploys: readonly Deploy[], { deploy }: Standing): Deploy | undefined {
  if (deploy.state !== 'succeeded') return undefined;
  const sources = new Set(deploy.evidence.map(({ source }) => source));
  return deploys.find(
    (one) =>
      one !== deploy &&
      one.state === 'succeeded' &&
      deploy.at - one.at <= disagreeMs &&
      one.evidence.every(({ source }) => !sources.has(source)) &&
      compareNames(one.names, deploy.names) === 'other',
  );
}

/**
 * What runs and nobody told of: to be looked at again, and then to be written down. An instance that
 * stayed behind with a version that was told before is mixed, and no deploy of its own; when all run
 * another version than the told one, somebody brought it there.
 */
export function untoldRuns(known: Known): Run[] {
  const { deploys } = known;
  const standing = standingOf(deploys);
  const runs = runsOf(known, standing);
  return runs.filter(({ version }) => {
    if (standing && compareNames(standing.deploy.names, [version]) !== 'other') return false;
    const explained = deploys.filter((one) => explains(one, { standing, known, runs }));
    return explained.every(({ names }) => compareNames(names, [version]) !== 'same');
  });
}

function explains(
  { state, at }: Deploy,
  {
    standing,
    known,
    runs,
  }: {
    readonly standing: Standing | undefined;
    readonly known: Known;
    readonly runs: readonly Run[];
  },
): boolean {
  // What is under way brings its version before it is told to be done.
  if (state === 'running') return at > known.now - patienceMs;
  if (state === 'discovered') return at >= (standing?.deploy.at ?? 0);
  return runs.length > 1 && (state === 'succeeded' || state === 'rolledback');
}
