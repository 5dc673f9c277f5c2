import { setTimeout as pause } from 'node:timers/promises';
import type { Alert } from '../../server/api/contract-alerts.ts';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import type { Company } from '../company.ts';
import { onCallOf } from './accounts.ts';
import { releaseBehind } from './judge.ts';
import { type Office, applications, companyAs, deployPage, lasting, tellStory } from './office.ts';
import { rollBack } from './ship.ts';
import { deploysOf, openAlerts } from './watch.ts';

/** How often on call looks, ms. */
const lookEvery = 2_000;
/** From the alert until it is acknowledged, and until a release is taken back unless somebody did; s at speed 1. */
const acknowledgedAfter = 15;
const takenBackAfter = 60;
/** However fast the company lives, whoever watches wants to be able to do it first, ms. */
const least = { acknowledged: 5_000, takenBack: 20_000 };

/** So long after a start it is blamed on no release that stood there before, ms. */
const startGrace = 180_000;

/**
 * Whoever is on call: acknowledges what opens, and takes a release back that an alert's suspects name,
 * by the same way that people do on the console. What people did first is left as it is.
 */
export async function onCall(office: Office): Promise<void> {
  const { company } = office;
  const { signal, say, now } = company;
  const startedAt = now();
  while (!signal.aborted) {
    try {
      await look(office, startedAt); // oxlint-disable-line no-await-in-loop -- one look after the other
    } catch (error) {
      signal.throwIfAborted();
      say(`on call: ${error instanceof Error ? error.message : String(error)}`);
    }
    // oxlint-disable-next-line no-await-in-loop -- until the next look
    await pause(lookEvery, undefined, { signal });
  }
}

/**
 * One look at what is open.
 *
 * @param startedAt when the company was started; ms since the epoch
 */
export async function look(office: Office, startedAt: number): Promise<void> {
  const { company } = office;
  const alerts = await openAlerts(company);
  for (const alert of alerts) {
    const isOld = olderThan(company, alert, acknowledgedAfter, least.acknowledged);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (isOld && alert.acknowledged === undefined) await acknowledge(office, alert);
  }
  const due = alerts.filter((alert) => olderThan(company, alert, takenBackAfter, least.takenBack));
  for (const alert of due) {
    // oxlint-disable-next-line no-await-in-loop -- what the one took back the next does not
    const release = await behind(company, alert);
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (release && !isOfStart(company, release, startedAt)) await takeBack(office, release, alert);
  }
}

function olderThan(
  { now, speed }: Company,
  { openedAt }: Alert,
  seconds: number,
  leastMs: number,
): boolean {
  return now() - openedAt >= Math.max(leastMs, lasting({ speed }, seconds));
}

/**
 * Whether what stood before the start is blamed for the start itself: everything began anew then, which
 * alerts about instances see as well, until their windows are over.
 */
const isOfStart = ({ now }: Company, { ended }: Deploy, startedAt: number): boolean =>
  (ended ?? 0) < startedAt && now() - startedAt < startGrace;

async function behind(company: Company, alert: Alert): Promise<Deploy | undefined> {
  const isOurs = Object.values(applications).some(({ app }) => app === alert.service);
  if (!isOurs || alert.service === undefined) return undefined;
  return releaseBehind(alert, await deploysOf(company, alert.service));
}

async function acknowledge(office: Office, { id }: Alert): Promise<void> {
  const { as, company } = office;
  const note = 'I look at it.';
  const path = `/api/v1/alerts/${encodeURIComponent(id)}/acknowledge`;
  await as(onCallOf(company.seed))('POST', path, { note }).catch((error: unknown) => {
    // It was over before anybody looked.
    if (!String(error).includes('TERR_ROOM_STATE')) throw error;
  });
}

async function takeBack(office: Office, release: Deploy, { title }: Alert): Promise<void> {
  const { company } = office;
  const who = onCallOf(company.seed);
  const { app, environment, version } = release;
  const asked = { app, environment, reason: title.slice(0, 500) };
  const done = await rollBack(companyAs(office, who), asked);
  if (done.state !== 'succeeded') {
    company.say(`${app} could not go back from ${version}: ${done.reason ?? done.state}`);
    return;
  }
  await tellStory(office, {
    kind: 'rolled-back',
    text: `${app} went back from ${version} to ${done.version} in ${environment}: ${title}`,
    who,
    link: deployPage(done.id),
  });
}
