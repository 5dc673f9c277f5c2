import { setTimeout as pause } from 'node:timers/promises';
import type { Alerts } from '../../server/api/contract-alerts.ts';
import type { Deploy, Deploys } from '../../server/api/contract-deploys.ts';
import type { Lock } from '../../server/api/contract-gates.ts';
import type { Company } from '../company.ts';
import { lasting } from './office.ts';

/** How often somebody looks, ms. */
const lookEvery = 1_000;
/** Which environment has the customers. */
export const live = 'production';
/** So long developers wait for quiet, s at speed 1, and at least ms. */
const patience = { seconds: 240, least: 90_000 };

/** Alerts that are open. */
export async function openAlerts({ territory }: Company): Promise<Alerts['alerts']> {
  return (await territory.ask<Alerts>('GET', '/api/v1/alerts?state=open&limit=100')).alerts;
}

/** Whether customers of an application have trouble; that nobody can say so yet is none. */
export const isTrouble = (
  { service, severity, environment = live }: Alerts['alerts'][number],
  app: string,
): boolean => service === app && environment === live && severity !== 'unknown';

/** Deploys of one application in production, the newest first. */
export async function deploysOf({ territory }: Company, app: string): Promise<readonly Deploy[]> {
  const search = new URLSearchParams({ app, environment: live, limit: '20' });
  const path = `/api/v1/deploys?${search.toString()}`;
  return (await territory.ask<Deploys>('GET', path)).deploys;
}

/**
 * Nobody brings something new to customers while an alert about it is open. Resolves when none is, or
 * when developers have no more patience.
 */
export async function untilQuiet(company: Company, app: string): Promise<void> {
  const { signal } = company;
  const most = Math.max(patience.least, lasting(company, patience.seconds));
  const deadline = performance.now() + most;
  const isLoud = async (): Promise<boolean> =>
    (await openAlerts(company)).some((alert) => isTrouble(alert, app));
  // oxlint-disable-next-line no-await-in-loop -- looked at again and again
  while (performance.now() < deadline && (await isLoud()))
    await pause(lookEvery, undefined, { signal }); // oxlint-disable-line no-await-in-loop -- as above
}

/**
 * Lifts the lock that the server puts on a lane when something was taken back there: by now somebody
 * has looked. Locks that people made for other reasons stay.
 */
export async function freeLane(
  { territory }: Company,
  app: string,
  environment: string,
): Promise<void> {
  const { locks } = await territory.ask<{ locks: readonly Lock[] }>(
    'GET',
    '/api/v1/releases/locks',
  );
  for (const { id, scope, reason, state } of locks) {
    if (scope !== `${app}@${environment}` || state !== 'held') continue;
    if (!/\brolled back\b/.test(reason)) continue;
    // oxlint-disable-next-line no-await-in-loop -- there is one
    await territory.ask('DELETE', `/api/v1/releases/locks/${encodeURIComponent(id)}`);
  }
}
