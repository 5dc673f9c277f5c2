import type { Alert } from '../../server/api/contract-alerts.ts';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import type { RepositoryName } from '../repositories/history.ts';
import type { Landing } from './memory.ts';

/** An alert that came this long after a release is not put down to it any more, ms. */
const memoryMs = 15 * 60_000;

/** Which environment has the customers. */
const live = 'production';

const isOver = ({ state }: Deploy): boolean => !['waiting', 'queued', 'running'].includes(state);

/**
 * The release that an alert calls for taking back: one of the application that the alert is about, that
 * the alert's own suspects name, that stands there now, and that nobody is taking back or replacing
 * already. Undefined: on call looks elsewhere. Pure.
 *
 * @param deploys the newest first
 */
export function releaseBehind(alert: Alert, deploys: readonly Deploy[]): Deploy | undefined {
  if (alert.state !== 'open' || (alert.environment ?? live) !== live) return undefined;
  const lane = deploys.filter(
    ({ app, environment }) => app === alert.service && environment === live,
  );
  if (!lane.every(isOver)) return undefined;
  const stands = lane.find(({ state }) => state === 'succeeded');
  if (stands?.kind !== 'deploy' || !isSoonAfter(alert, stands)) return undefined;
  return alert.suspects?.some((suspect) => isOf(suspect, stands)) === true ? stands : undefined;
}

function isSoonAfter({ openedAt }: Alert, { started, ended }: Deploy): boolean {
  return ended !== null && openedAt >= (started ?? ended) && openedAt - ended <= memoryMs;
}

type Suspect = NonNullable<Alert['suspects']>[number];

/** A suspect is the fact of a deploy: it says in words what was deployed. */
const isOf = ({ type, what }: Suspect, { app, version }: Deploy): boolean =>
  /^dev\.cdevents\.service\.(deployed|upgraded)\./.test(type) &&
  what.split(/\s+/).includes(version) &&
  what.split(/\s+/).includes(app);

/** A version that was taken out of production, and what stood there instead. */
export interface TakenBack {
  readonly from: string;
  readonly to: string;
  /** The deploy that took it back. */
  readonly deploy: Deploy;
}

/**
 * What was taken back in production: by somebody, or by itself when it was found bad while it went out.
 * The newest first. Pure.
 *
 * @param deploys the newest first
 */
export function takenBackIn(deploys: readonly Deploy[], app: string): readonly TakenBack[] {
  return deploys.flatMap((deploy) => {
    if (deploy.app !== app || deploy.environment !== live || deploy.previous === null) return [];
    const { kind, state, version, previous } = deploy;
    if (kind === 'rollback' && state === 'succeeded')
      return [{ from: previous, to: version, deploy }];
    if (kind === 'deploy' && state === 'rolled-back')
      return [{ from: version, to: previous, deploy }];
    return [];
  });
}

/** Number of a release: 12 of `release_12`; NaN where it has none. */
export const numberOf = (version: string): number => Number(/_(\d+)$/.exec(version)?.[1] ?? NaN);

/**
 * Changes that somebody has to take off main: what they brought was taken out of production, by a
 * person or by itself. The newest first. Pure.
 *
 * @param deploys of the application, the newest first
 */
export function toRevert(
  landings: readonly Landing[],
  deploys: readonly Deploy[],
  { app, repository }: { readonly app: string; readonly repository: RepositoryName },
): readonly Landing[] {
  const taken = takenBackIn(deploys, app);
  return landings
    .filter((landing) => landing.repository === repository && !landing.reverted)
    .filter(({ id }) => !id.startsWith(revertId))
    .filter(({ version }) =>
      taken.some(
        ({ from, to }) => numberOf(version) > numberOf(to) && numberOf(version) <= numberOf(from),
      ),
    )
    .toReversed();
}

/** What the id of a change begins with that takes back another. */
export const revertId = 'revert/';
