import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { changesOf } from '../../src/demo/repositories/changes.ts';
import type { PlacedEvent } from '../../src/server/api/contract.ts';
import type { Alert, Alerts } from '../../src/server/api/contract-alerts.ts';
import type { MapAnswer, MapProcessView } from '../../src/server/api/contract-map.ts';
import type { Where } from '../../src/server/api/contract-releases.ts';
import { DemoWorld } from './demo-world.suite.ts';

// The story takes two to three minutes at this speed; a loaded machine may take its time.
vi.setConfig({ testTimeout: 1_200_000 });
const world = new DemoWorld();

beforeAll(() => world.start('--seed', '1', '--speed', '3'), 400_000);
afterAll(() => world.stop(), 60_000);

const site = 'service = "site" and environment = "production"';
const answers = `name = "http.server.request.duration" and ${site}`;

/** Facts about the site in production, by the end of their type. */
const deploys = (what: 'deployed' | 'rolledback') =>
  world.events(`type = "dev.cdevents.service.${what}" and ${site}`);

const versionOf = ({ attributes }: PlacedEvent): string => attributes?.['service.version'] ?? '?';

/** The 95th percentile, as rules have it: the value at rank floor(q · n). */
function p95(events: readonly PlacedEvent[]): number {
  const values = events.flatMap(({ metric }) => metric ?? []).toSorted((a, b) => a - b);
  return values[Math.floor(0.95 * values.length)] ?? NaN;
}

/** How long people waited between two times, by the requests themselves. */
const waited = async (from: number, to: number): Promise<number> =>
  p95(await world.events(answers, { from, to }));

interface Blamed {
  readonly alert: Alert;
  /** The deploy that is suspected first, and the one before it. */
  readonly bad: PlacedEvent;
  readonly before: PlacedEvent;
}

/**
 * The alert about slow answers whose first suspect is a deploy that really brought a change that does
 * harm. On a machine that is busy with other tests a good release may be slow for a while, too.
 */
async function blamed(): Promise<Blamed | undefined> {
  const { alerts } = await world.ask<Alerts>('GET', '/api/v1/alerts?state=all');
  const [suspect] = alerts.find(({ rule }) => rule === 'slow-answers')?.suspects ?? [];
  const told = await deploys('deployed');
  const bad = told.find(({ id, source }) => id === suspect?.id && source === suspect.source);
  const before = bad && told.filter(({ time }) => time < bad.time).at(-1);
  const alert = alerts.find(({ rule }) => rule === 'slow-answers');
  if (!alert || !bad || !before) return undefined;
  return harmIn(before, bad).length > 0 ? { alert, bad, before } : undefined;
}

/** Kinds of the changes with harm in them that came with a release. */
function harmIn(before: PlacedEvent, after: PlacedEvent): readonly string[] {
  const titles = subjectsBetween(before, after);
  return changesOf('site')
    .filter(({ kind, card, title }) => kind !== 'good' && titles.includes(`${card}: ${title}`))
    .map(({ kind }) => kind);
}

/** What of the company is not well because of the site. */
async function endangered(): Promise<MapProcessView | undefined> {
  const { processes } = await world.ask<MapAnswer>('GET', '/api/v1/map');
  return processes.find(
    ({ health }) =>
      ['at-risk', 'degraded', 'down'].includes(health.shown) && health.because.at(-1) === 'site',
  );
}

test('a bad release is told by a rule, its deploy is suspected, the map shows what is at risk, and the way back ends it', async () => {
  const map = await world.open('/map');
  const processes = map.getByRole('region', { name: 'Business processes' });
  await processes.waitFor();

  // A rule fires, and suspects name the deploy.
  const found = await world.until('an alert that blames the bad release', 480_000, blamed);
  const { alert, bad, before } = found;
  // Its instances get customers a moment before it is told as deployed, and `since` is a window's begin.
  expect(alert.since).toBeGreaterThan(bad.time - 15_000);
  expect(alert.openedAt).toBeGreaterThan(bad.time);
  expect(harmIn(before, bad)).toEqual(['latency']);

  // The map shows the process at risk, because of the site: in its facts, and on the page that is open.
  const process = await world.until('a process that is at risk', 120_000, endangered);
  const card = processes.getByRole('listitem').filter({ hasText: process.title });
  await card.getByText('← Web site').waitFor();
  await map.locator(`[data-box="site"]:not([data-state="ok"])`).waitFor();

  // What the alert says is what the requests say.
  const page = await world.open(`/alerts/${alert.id}`);
  const suspects = page.getByRole('region', { name: 'Suspects' });
  await suspects.getByText(versionOf(bad)).first().waitFor();
  const [opened] = await world.events(
    `type = "dev.cdeventsx.territory-alert.opened" and subject = "${alert.subject}"`,
  );
  if (!opened) throw new Error('an alert is opened by a fact');
  const said = (opened.data as { value: number }).value;
  const ends = [0, 5, 10, 15].map((s) => Math.floor(opened.time / 5_000) * 5_000 - s * 1_000);
  const measured = await Promise.all(ends.map(async (end) => waited(end - 20_000, end)));
  const nearest = Math.min(...measured.map((one) => Math.abs(one - said) / said));
  expect(nearest).toBeLessThan(0.02);
  const range = { from: before.time, to: opened.time };
  const waitedAt = async (release: PlacedEvent): Promise<number> =>
    p95(
      await world.events(`${answers} and label.service.version = "${versionOf(release)}"`, range),
    );
  expect(await waitedAt(bad)).toBeGreaterThan(2 * (await waitedAt(before)));

  // Who is on call goes back to the release before.
  const back = await world.until('the way back', 240_000, async () =>
    (await deploys('rolledback')).find(({ time }) => time > opened.time),
  );
  expect(versionOf(back)).toBe(versionOf(before));
  const where = await world.until('evidence of it', 180_000, async () => {
    const { lanes } = await world.ask<Where>('GET', '/api/v1/releases/where');
    return lanes.find(
      ({ app, environment, verdict }) =>
        app === 'site' && environment === 'production' && verdict === 'verified',
    );
  });
  expect(where.version).toBe(versionOf(before));

  // It is recovered: by the rule, by the requests, and on the page that was open all the time.
  const end = await world.until('the end of the alert', 180_000, async () => {
    const one = await world.ask<Alert>('GET', `/api/v1/alerts/${alert.id}`);
    return one.state === 'resolved' ? one.resolvedAt : undefined;
  });
  expect(await waited(end - 20_000, end)).toBeLessThan(0.4);
  await card.getByText('← Web site').waitFor({ state: 'detached' });
  await map.locator('[data-box="site"][data-state="ok"]').waitFor();
  const orders = await world.events(`type = "order.placed" and ${site}`, {
    from: back.time,
    to: Date.now(),
  });
  expect(orders.length).toBeGreaterThan(0);

  expect(await world.interrupt()).toBe(0);
});

/** First lines of the messages of commits that came with a release; versions are tags of git. */
function subjectsBetween(before: PlacedEvent, after: PlacedEvent): readonly string[] {
  const folder = join(world.home, 'repositories/site');
  const range = `${versionOf(before)}..${versionOf(after)}`;
  const text = execFileSync('git', ['-C', folder, 'log', '--format=%s', range], {
    encoding: 'utf8',
  });
  return text.trim().split('\n');
}
