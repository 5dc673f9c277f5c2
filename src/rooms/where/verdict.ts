import { type Letter, agreeing } from './evidence/agreeing.ts';
import { type Finding, findingsOf } from './evidence/findings.ts';
import { type Deploy, type Standing, standingOf } from './fold.ts';
import { type Found, type Known, type Run, findRuns } from './runs.ts';
import { compareNames } from './version.ts';

/** How far what is told of a version can be trusted. */
export type Verdict = 'verified' | 'claimed' | 'mixed' | 'contradicted' | 'unknown';

/** Sources that tell of different versions within so long disagree, ms. */
const disagreeMs = 60_000;

/** What can be said of one application in one environment. */
export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence, to be shown as it is. */
  readonly because: string;
  /** Of what the verdict rests on, ms; null where it rests on nothing. */
  readonly age: number | null;
  /** What was found to run lately, the most of it first. */
  readonly runs: readonly Run[];
  /** What it rests on. */
  readonly basis: Found['kind'];
  /** The channels that bear the told version out, in the order of their table. */
  readonly channels: readonly Letter[];
  /** What is wrong beside the version, the worst first. */
  readonly findings: readonly Finding[];
}

type Words = Omit<Judgement, 'basis' | 'channels' | 'findings'>;

/** Says how far what was told holds, from the facts and from what was found by looking. */
export function judge(known: Known): Judgement {
  const standing = standingOf(known.deploys);
  const found = findRuns(known, standing);
  const channels = agreeing(known, standing, found);
  const words = judgeFound(found, known, standing) ?? judgeTold(known, standing);
  const by =
    channels.length > 0 && words.verdict === 'verified' ? `, by ${channels.join('+')}` : '';
  return {
    ...words,
    because: words.because + by,
    basis: found.kind,
    channels,
    findings: findingsOf(known, standing),
  };
}

/** Undefined where nothing was found: then it is as it was told. */
function judgeFound(found: Found, known: Known, standing: Standing | undefined): Words | undefined {
  if (found.kind === 'none') return undefined;
  if (found.kind === 'runs') return judgeRuns(found, known, standing);
  const of = (verdict: Verdict, because: string): Words => ({
    verdict,
    because,
    age: Math.max(0, known.now - found.time),
    runs: [],
  });
  if (found.kind === 'blind') return of('unknown', found.why);
  if (found.kind === 'nameless') return of('unknown', 'what runs there names no version');
  if (!standing) return of('unknown', 'nobody told what runs, and nothing listens on its ports');
  if (standing.deploy.state === 'removed')
    return of('verified', 'told removed, and nothing listens on its ports');
  return of('contradicted', `told ${nameOf(standing.deploy)}, and nothing listens on its ports`);
}

function judgeTold(
  { deploys, instances, watched = [], now }: Known,
  standing: Standing | undefined,
): Words {
  const of = (verdict: Verdict, because: string, age: number | null): Words => ({
    verdict,
    because,
    age,
    runs: [],
  });
  if (!standing) {
    const last = Math.max(...[...instances, ...watched].map(({ time }) => time));
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
  return of(
    'claimed',
    `claimed ${nameOf(deploy)}, unverified: ${silence(instances, watched)}`,
    age,
  );
}

function silence(instances: Known['instances'], watched: NonNullable<Known['watched']>): string {
  if (watched.length > 0) return 'nobody has looked lately';
  return instances.length > 0 ? 'no instance reports lately' : 'no instance reports its version';
}

function untold(deploys: readonly Deploy[]): string {
  return deploys.length > 0 ? 'no deploy was told to have ended well' : 'nothing is known';
}

function judgeRuns(
  found: Extract<Found, { kind: 'runs' }>,
  { now }: Known,
  standing: Standing | undefined,
): Words {
  const { runs } = found;
  const newest = Math.max(...runs.flatMap((run) => run.instances.map((i) => i.time)));
  const age = Math.max(0, now - newest);
  const of = (verdict: Verdict, because: string): Words => ({ verdict, because, age, runs });
  const shares = runs.map(({ version, share }) => `${version} ${percent(share)}`).join(' / ');
  if (!standing)
    return runs.length > 1
      ? of('mixed', `mixed ${shares}; nobody told of a deploy`)
      : of('unknown', `${shares.replace(/ 100 %$/, '')} runs, and nobody told of it`);
  const { deploy } = standing;
  if (deploy.state === 'removed') return of('contradicted', `told removed, runs ${shares}`);
  const fits = runs.map(({ version }) => compareNames(deploy.names, [version]));
  if (fits.every((fit) => fit === 'same')) return of('verified', verified(found, deploy));
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

function verified({ runs, by }: Extract<Found, { kind: 'runs' }>, { state }: Deploy): string {
  const count = runs.reduce((sum, run) => sum + run.instances.length, 0);
  const many = count === 1 ? '1 instance' : `${count} instances`;
  const verb = by === 'telemetry' ? 'report' : 'run';
  const report = `${many} ${verb}${count === 1 ? 's' : ''}`;
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
