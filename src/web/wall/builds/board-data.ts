import type { Build } from '../../../server/api/contract-builds.ts';
import type { Where, WhereDeploy, WhereLane } from '../../../server/api/contract-releases.ts';

/** A deploy that runs, or went wrong and was not made good since. */
export interface BoardDeploy {
  readonly app: string;
  readonly environment: string;
  readonly state: 'running' | 'failed';
  readonly version: string;
  readonly since: number;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** How many of each have a place at which they can be read from five metres. */
export const places = { red: 6, deploys: 4 } as const;

/** px of the board: what is left for tiles below the headline, and what rows of them take with their gap. */
const [room, redRow, wideRedRow, deployRow, row] = [845, 262, 310, 165, 125];
const columns = 6;

/** How many tiles that are not red find a place: a tile that is cut says nothing. */
export function placesForOthers(red: number, deploys: number): number {
  const redRows = Math.ceil(Math.min(red, places.red) / (red > 4 || red === 3 ? 3 : 2));
  const left = room - redRows * (red === 1 ? wideRedRow : redRow) - (deploys > 0 ? deployRow : 0);
  const rows = Math.max(0, Math.floor(left / row));
  return rows * columns;
}

/** Deploys that run, then those that failed last in their lane. */
export function deploysOf({ lanes }: Where): readonly BoardDeploy[] {
  return lanes
    .flatMap((lane): BoardDeploy[] => [
      ...lane.running.map((one) => deployOf(lane, one, 'running')),
      ...failedOf(lane),
    ])
    .toSorted(
      (a, b) => Number(a.state === 'failed') - Number(b.state === 'failed') || b.since - a.since,
    );
}

/** A failure counts until a deploy went well after it. */
function failedOf(lane: WhereLane): BoardDeploy[] {
  const { lastFailed, now } = lane;
  if (!lastFailed || (now && now.at > lastFailed.at)) return [];
  return [deployOf(lane, lastFailed, 'failed')];
}

function deployOf(
  { app, environment }: WhereLane,
  { version, started, at, actor, reason }: WhereDeploy,
  state: BoardDeploy['state'],
): BoardDeploy {
  return {
    app,
    environment,
    state,
    version: version ?? 'a version that nobody named',
    since: state === 'running' ? (started ?? at) : at,
    by: actor,
    reason,
  };
}

/** A name of a line that fits: the repository's own name, and the pipeline where there are several. */
export function titleOf(build: Build, all: readonly Build[]): string {
  const short = build.repository.split('/').at(-1) ?? build.repository;
  const isOne = all.filter(({ repository }) => repository === build.repository).length === 1;
  return isOne ? short : `${short} ${build.pipeline}`;
}

const keyOf = ({ repository, pipeline, branch }: Build): string =>
  [repository, pipeline, branch ?? ''].join(' ');

/** Those that are red now: what was not red in the answer before makes a noise. */
export const redKeys = (builds: readonly Build[]): ReadonlySet<string> =>
  new Set(builds.filter(({ verdict }) => verdict === 'red').map(keyOf));

/** What turned red from one answer to the next; nothing at the first answer. */
export const turnedRed = (
  before: ReadonlySet<string> | undefined,
  now: ReadonlySet<string>,
): readonly string[] => (before ? [...now].filter((key) => !before.has(key)) : []);
