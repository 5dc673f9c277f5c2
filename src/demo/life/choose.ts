import type { Work } from '../plan/work.ts';
import { type Change, changesOf } from '../repositories/changes.ts';
import { smallChange } from '../repositories/small-changes.ts';
import type { Landing } from './memory.ts';
import { type Office, applications, folderOf } from './office.ts';

/**
 * What a developer makes of work that was taken up: the first change of that kind that is not on main,
 * else a small good one. A pipeline that has nothing to be changed leaves the turn to the site.
 */
export async function choose(office: Office, work: Work): Promise<Change> {
  const { company, memory } = office;
  const listed = changesOf(work.repository, company.places.example);
  const next = nextOf(listed, work.kind, memory.known.landings);
  if (next !== undefined) return next;
  const nth = memory.known.small;
  memory.keep({ small: nth + 1 });
  const small = async (repository: Work['repository']): Promise<Change> =>
    smallChange(folderOf(company, applications[repository].repository), repository, {
      seed: company.seed,
      nth,
    });
  return small(work.repository).catch(async (error: unknown) => {
    if (work.repository === 'site') throw error;
    return small('site');
  });
}

/** The first listed change of a kind that is not on main now. Pure. */
export function nextOf(
  listed: readonly Change[],
  kind: Change['kind'],
  landings: readonly Pick<Landing, 'id' | 'reverted'>[],
): Change | undefined {
  return listed.find(
    (change) =>
      change.kind === kind && !landings.some(({ id, reverted }) => id === change.id && !reverted),
  );
}
