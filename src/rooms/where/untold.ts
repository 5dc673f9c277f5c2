import { type Deploy, type Standing, standingOf } from './fold.ts';
import { type Known, type Run, findRuns } from './runs.ts';
import { compareNames } from './version.ts';

/** A deploy that has no end after so long explains nothing any more, ms. */
const patienceMs = 24 * 3_600_000;

/** Whether a deploy has begun and may still end: versions change, and mix, on purpose. */
export const isUnderWay = ({ state, at }: Deploy, now: number): boolean =>
  state === 'running' && at > now - patienceMs;

/**
 * What runs and nobody told of: to be looked at again, and then to be written down. An instance that
 * stayed behind with a version that was told before is mixed, and no deploy of its own; when all run
 * another version than the told one, somebody brought it there.
 */
export function untoldRuns(known: Known): readonly Run[] {
  const { deploys } = known;
  const standing = standingOf(deploys);
  const found = findRuns(known, standing);
  const runs = found.kind === 'runs' ? found.runs : [];
  return runs.filter(({ version }) => {
    if (standing && compareNames(standing.deploy.names, [version]) !== 'other') return false;
    const explained = deploys.filter((one) => explains(one, { standing, known, runs }));
    return explained.every(({ names }) => compareNames(names, [version]) !== 'same');
  });
}

function explains(
  deploy: Deploy,
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
  const { state, at } = deploy;
  // What is under way brings its version before it is told to be done.
  if (isUnderWay(deploy, known.now)) return true;
  if (state === 'discovered') return at >= (standing?.deploy.at ?? 0);
  return runs.length > 1 && (state === 'succeeded' || state === 'rolledback');
}
