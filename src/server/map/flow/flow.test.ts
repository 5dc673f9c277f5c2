import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import type { Draft } from '../../../event/event.ts';
import { FactsFrom, imageOf, shaOf } from '../../../rooms/map/flow/facts.suite.ts';
import { FlowAnswer } from '../../api/contract-map-flow.ts';
import { type Server, dataDir, startServer } from '../../compose/running.suite.ts';

const map = `schema: territory.map/1
nodes:
  code:     {quadrant: development, kind: step}
  review:   {quadrant: development, kind: step, wip: 3}
  builder:  {quadrant: pipeline, kind: build-server}
  staging:  {quadrant: pipeline, kind: environment}
  shop:     {quadrant: production, kind: app, service: shop}
  helpdesk: {quadrant: support, kind: role}
streams:
  delivery:
    title: Delivery
    item: change
    stages:
      - {id: code, node: code, enter: commit.authored, exit: change.created}
      - {id: review, title: Review, node: review, exit: change.merged}
      - {id: build, node: builder, exit: artifact.packaged, active: [pipelinerun.started..pipelinerun.finished]}
      - {id: staging, node: staging, exit: "testsuiterun.finished[env=staging,outcome=pass]"}
      - {id: release, node: shop, exit: "service.deployed[env=production]"}
  recovery:
    item: incident
    stages:
      - {id: detect, node: helpdesk, enter: incident.detected, exit: incident.acknowledged}
      - {id: mitigate, node: helpdesk, exit: incident.mitigated}
      - {id: resolve, node: helpdesk, exit: incident.resolved}
`;
const hour = 3_600_000;
const begin = Math.floor(Date.now() / hour) * hour - 300 * hour;
const facts = new FactsFrom(begin);

/** Change n begins at hour 10 n: code 1 h, review n h, build 1 h of which ½ of work, staging 1 h, release 2 h. */
function change(n: number): Draft[] {
  const [head, merge] = [shaOf('a', n), shaOf('b', n)];
  const before = shaOf('b', n - 1);
  const [at, merged] = [10 * n, 11 * n + 1];
  const run = `90000000${n}`;
  const title = `${n % 2 === 0 ? 'fix' : 'feat'}: change ${n}`;
  return [
    facts.commit(at, head, [before], { title }),
    facts.change(at + 1, 'created', n, { head, title }),
    ...(n % 4 === 0
      ? [
          facts.change(at + 1.5, 'reviewed', n, { head, state: 'changes_requested' }),
          facts.change(at + 2, 'updated', n, { head }),
        ]
      : []),
    facts.change(merged, 'merged', n, { head, merged: merge }),
    facts.commit(merged, merge, [before, head], { title }),
    facts.run(merged + 0.25, 'started', run, merge),
    facts.run(merged + 0.75, 'success', run, merge),
    facts.packaged(merged + 1, imageOf(n), run),
    facts.tested(merged + 2, `t${n}`, imageOf(n), 'pass'),
    facts.service(merged + 4, 'deployed', imageOf(n)),
  ];
}

const incidents = [
  ...[20, 20.5, 22, 24].map((at, step) => [at, step, 'Q1'] as const),
  ...[60, 61, 62, 63].map((at, step) => [at, step, 'Q2'] as const),
].map(([at, step, id]) =>
  facts.incident(at, ['detected', 'acknowledged', 'mitigated', 'resolved'][step] ?? '', id),
);

async function flowOf(server: Server, query: string): Promise<FlowAnswer> {
  const response = await server.ask(`/api/v1/map/flow?${query}`);
  const answer: unknown = await response.json();
  if (!Value.Check(FlowAnswer, answer)) throw new Error(JSON.stringify(answer));
  return answer;
}

/** Waits until the map is read and the facts are folded. */
async function ready(server: Server): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- polling is all that there is
    const { status } = await server.ask('/api/v1/map/flow?stream=delivery');
    if (status === 200) return;
    // oxlint-disable-next-line no-await-in-loop -- the server needs its turn
    await new Promise((go) => setTimeout(go, 20));
  }
}

const inHours = ({ count, p50, p85, p95, mean }: FlowAnswer['leadTime']): unknown[] => [
  count,
  ...[p50, p85, p95, mean].map((ms) => (ms === null ? null : ms / hour)),
];

async function started(): Promise<Server> {
  const data = dataDir();
  mkdirSync(join(data, 'map'), { recursive: true });
  writeFileSync(join(data, 'map', 'map.yaml'), map);
  const server = await startServer({ data });
  await ready(server);
  const changes = Array.from({ length: 10 }, (_, at) => change(at + 1)).flat();
  expect((await server.send([...changes, ...incidents])).status).toBe(200);
  return server;
}
const window = `from=${begin}&to=${begin + 200 * hour}`;

/** Lead times 6, 7, … 15 h; 10 × ½ h of work in 105 h, one of which is rework. */
function expectTotals(delivery: FlowAnswer): void {
  expect(inHours(delivery.leadTime)).toEqual([10, 10, 14, 15, 10.5]);
  expect(delivery.flow).toMatchObject({ velocity: 10, load: 0 });
  expect(delivery.flow.distribution).toEqual({
    feature: 5,
    defect: 5,
    risk: 0,
    debt: 0,
    unknown: 0,
  });
  expect(delivery.activityRatio).toBeCloseTo(5 / 105, 12);
  expect(delivery.flow.efficiency).toBeCloseTo(5 / 104, 12);
  expect(delivery.bottleneck?.sentence).toBe(
    'Review makes changes wait longest: 5 h of a median lead time of 10 h (10 items).',
  );
}

/** Two of ten came back from review, half an hour each; 55 h in review within 200 h. */
function expectStages({ stages, leadTime, rolledAccurate }: FlowAnswer): void {
  const [code, review, build, staging, release] = stages;
  expect([code, build, staging, release].map((stage) => stage?.leadTime.p50)).toEqual(
    [1, 1, 1, 2].map((hours) => hours * hour),
  );
  expect(inHours(review?.leadTime ?? leadTime)).toEqual([10, 5, 9, 10, 5.5]);
  expect(review?.wipLimit).toBe(3);
  expect(inHours(build?.processTime ?? leadTime)).toEqual([10, 0.5, 0.5, 0.5, 0.5]);
  expect(stages.map(({ accurate }) => accurate)).toEqual([0.8, 1, 1, 1, 1]);
  expect(rolledAccurate).toBe(0.8);
  expect(code?.reworked).toBe(2);
  expect(inHours(review?.rework ?? leadTime)).toEqual([2, 0.5, 0.5, 0.5, 0.5]);
  expect(review?.littlesLaw.actual).toBeCloseTo(0.275, 12);
  expect(review?.littlesLaw.expected).toBeCloseTo(0.275, 12);
  expect(review?.littlesLaw.holds).toBe(true);
}

test('ten changes from commit to production have the times that are counted by hand', async () => {
  const server = await started();
  const delivery = await flowOf(server, `stream=delivery&${window}`);
  expectTotals(delivery);
  expectStages(delivery);
  expect(delivery.items).toHaveLength(10);
  expect(delivery.items[0]).toMatchObject({
    key: 'change/github.com/acme/shop#10',
    title: 'fix: change 10',
    start: begin + 100 * hour,
    end: begin + 115 * hour,
  });
  for (const { start, end, parts } of delivery.items) {
    const sum = parts.reduce((all, { active, wait, rework }) => all + active + wait + rework, 0);
    expect(sum).toBe((end ?? 0) - start);
  }
  // In the middle: change 5 (50–60) has one hour to its release, change 6 has not begun.
  const middle = await flowOf(server, `stream=delivery&from=${begin}&to=${begin + 59 * hour}`);
  expect(middle.flow).toMatchObject({ velocity: 4, load: 1 });
  expect(middle.stages.map(({ wip }) => wip)).toEqual([0, 0, 0, 0, 1]);
});

test('two incidents have theirs, and what can not be answered is said', async () => {
  const server = await started();
  const recovery = await flowOf(server, `stream=recovery&${window}`);
  expect(inHours(recovery.leadTime)).toEqual([2, 3, 4, 4, 3.5]);
  expect(recovery.stages.map(({ leadTime }) => (leadTime.mean ?? 0) / hour)).toEqual([
    0.75, 1.25, 1.5,
  ]);
  expect(recovery).toMatchObject({ bottleneck: null, activityRatio: null });

  const refused = async (query: string): Promise<string> => {
    const { status, detail } = await server.askJson(`/api/v1/map/flow?${query}`);
    return `${String(status)} ${String(detail)}`;
  };
  expect(await refused('stream=x')).toBe(
    '404 no stream is called "x": the map has delivery, recovery',
  );
  expect(await refused(`stream=delivery&from=${begin + 1}&to=${begin}`)).toMatch(
    /^400 from .* before/,
  );
  expect(await refused('stream=delivery&from=yesterday')).toMatch(/^400 from "yesterday"/);
  expect(await refused('')).toMatch(/^400/);
});
