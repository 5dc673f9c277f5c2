import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type Draft, streamOf as streamOfType } from '../../../event/event.ts';
import { encodeDrafts } from '../../../event/codec.ts';
import type { Log } from '../../../log/log.ts';
import { memoryLog } from '../../../log/memory/memory-log.ts';
import { FactsFrom, imageOf, shaOf } from '../../../rooms/map/flow/facts.suite.ts';
import { maxMoments } from '../../../rooms/map/flow/items.ts';
import { recovery, streamOf } from '../../../rooms/map/flow/flow.suite.ts';
import { emptyMap, type MapModel, type ValueStream } from '../../../rooms/map/model.ts';
import type { FlowAnswer } from '../../api/contract-map-flow.ts';
import { dataDir } from '../../compose/running.suite.ts';
import { ThreadFollower } from '../../thread/follower.ts';
import { FlowDesk } from './flow-desk.ts';

const begin = Date.UTC(2026, 10, 2);
const hour = 3_600_000;
const facts = new FactsFrom(begin);
const [head, merge] = [(n: number) => shaOf('a', n), (n: number) => shaOf('b', n)];

const delivery = streamOf('change', [
  { id: 'code', enter: 'commit.authored', exit: 'change.created' },
  { id: 'review', exit: 'change.merged' },
  {
    id: 'build',
    exit: 'artifact.packaged',
    active: [['pipelinerun.started', 'pipelinerun.finished']],
  },
  { id: 'staging', exit: 'testsuiterun.finished[env=staging,outcome=pass]' },
  { id: 'release', exit: 'service.deployed[env=production]' },
]);

const open: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function append(log: Log, drafts: readonly Draft[]): Promise<void> {
  for (const draft of drafts) expect(streamOfType(draft.type)).toBe('facts');
  const { facts: lines } = encodeDrafts(drafts, '/test');
  if (lines) await log.append('facts', lines);
}

interface World {
  readonly log: Log;
  readonly desk: FlowDesk;
  readonly ask: (hours?: readonly [from: number, to: number]) => Promise<FlowAnswer>;
}

async function world(drafts: readonly Draft[], stream: ValueStream = delivery): Promise<World> {
  const now = () => begin + 1000 * hour;
  const log = memoryLog({ now });
  open.push(log);
  await append(log, drafts);
  const onProblem = (error: unknown): void => {
    throw error;
  };
  const threads = new ThreadFollower({
    log,
    path: `${dataDir()}.threads`,
    onProblem,
    bounds: { things: 20_000, edges: 60_000, events: 20_000 },
  });
  open.push(threads);
  await threads.start().reached;
  const desk = new FlowDesk({ threads, log, now });
  open.push(desk);
  const model: MapModel = { ...emptyMap, streams: [stream] };
  return {
    log,
    desk,
    ask: ([from, to] = [0, 500]) =>
      desk.answer(model, { stream: stream.id, from: begin + from * hour, to: begin + to * hour }),
  };
}

/** `code 1–10` in hours since the beginning. */
function told({ items }: FlowAnswer): Record<string, string[]> {
  const at = (time: number | null): string =>
    time === null ? '' : String(Math.round(((time - begin) / hour) * 100) / 100);
  return Object.fromEntries(
    items.map(({ key, parts }) => [
      key,
      parts.map(({ stage, enter, exit, returns }) =>
        [stage, `${at(enter)}–${at(exit)}`, ...(returns > 0 ? [`x${returns}`] : [])].join(' '),
      ),
    ]),
  );
}

/** A change from commit to staging, an hour for each step; its build runs half an hour. */
function change(n: number, at: number, parent: string): Draft[] {
  return [
    facts.commit(at, head(n), [parent], { title: 'fix: sums' }),
    facts.change(at + 1, 'created', n, { head: head(n), title: `fix: sums of ${n}` }),
    facts.change(at + 2, 'merged', n, { head: head(n), merged: merge(n) }),
    facts.commit(at + 2, merge(n), [parent, head(n)]),
    facts.run(at + 2.25, 'started', `90000000${n}`, merge(n)),
    facts.run(at + 2.75, 'success', `90000000${n}`, merge(n)),
    facts.packaged(at + 3, imageOf(n), `90000000${n}`),
    facts.tested(at + 4, `t-${n}`, imageOf(n), 'pass'),
  ];
}
const root = shaOf('e', 0);
const key = (n: number): string => `change/github.com/acme/shop#${n}`;

describe('a change', () => {
  test('is followed from the commit over its build to production', async () => {
    const { ask } = await world([
      ...change(1, 10, root),
      facts.service(15, 'deployed', imageOf(1)),
    ]);
    const answer = await ask();
    expect(told(answer)).toEqual({
      [key(1)]: ['code 10–11', 'review 11–12', 'build 12–13', 'staging 13–14', 'release 14–15'],
    });
    expect(answer.items[0]).toMatchObject({ title: 'fix: sums of 1', kind: 'defect' });
    expect(answer.items[0]?.parts[2]).toMatchObject({ active: hour / 2, wait: hour / 2 });
    expect(answer).toMatchObject({ unlinked: 0, cut: false, flow: { velocity: 1, load: 0 } });
  });

  test('that is not built itself is delivered with the commit behind it', async () => {
    const { ask } = await world([
      facts.commit(1, head(1), [root]),
      facts.change(2, 'created', 1, { head: head(1) }),
      facts.change(3, 'merged', 1, { head: head(1), merged: merge(1) }),
      facts.commit(3, merge(1), [root, head(1)]),
      ...change(2, 10, merge(1)),
      facts.service(15, 'deployed', imageOf(2)),
    ]);
    const answer = told(await ask());
    expect(answer[key(1)]).toEqual([
      'code 1–2',
      'review 2–3',
      'build 3–13',
      'staging 13–14',
      'release 14–15',
    ]);
    expect(answer[key(2)]?.at(-1)).toBe('release 14–15');
  });

  test('begins with the first of its commits, as its author wrote it', async () => {
    const { ask } = await world([
      facts.commit(1, merge(7), [root]),
      facts.commit(9, head(1), [merge(7)], { written: 4 }),
      facts.commit(11, head(2), [head(1)]),
      facts.commit(12, head(3), [head(2)]),
      facts.change(13, 'created', 3, { head: head(3) }),
      facts.change(14, 'merged', 3, { head: head(3), merged: merge(3) }),
      facts.commit(14, merge(3), [merge(7), head(3)]),
    ]);
    const answer = told(await ask());
    expect(answer[key(3)]).toEqual(['code 4–13', 'review 13–14', 'build 14–']);
    // Nobody asked for the commit before: it is a change by itself, and the three others are none.
    expect(Object.keys(answer)).toEqual([key(3), `commit/${merge(7)}`]);
  });

  test('has the commits that were pushed to its branch, where no parents are told', async () => {
    const { ask } = await world([
      facts.pushed(1, head(1), 'sums'),
      facts.pushed(2, head(2), 'sums'),
      facts.change(3, 'created', 1, { head: head(2), branch: 'sums' }),
      facts.change(4, 'merged', 1, { head: head(2), merged: merge(1), branch: 'sums' }),
      facts.pushed(4, merge(1), 'main'),
      // The branch is used again; and somebody asks to merge the main branch of a fork.
      facts.pushed(10, head(3), 'sums'),
      facts.change(11, 'created', 2, { head: head(4), branch: 'sums' }),
      facts.change(12, 'created', 3, { head: head(5), branch: 'main' }),
    ]);
    const answer = told(await ask());
    expect(answer).toEqual({
      [key(1)]: ['code 1–3', 'review 3–4', 'build 4–'],
      [key(2)]: ['code 10–11', 'review 11–'],
      [key(3)]: ['code 12–12', 'review 12–'],
    });
  });

  test('that is rolled back is not delivered until it is deployed again', async () => {
    const all = [
      ...change(1, 10, root),
      facts.service(15, 'deployed', imageOf(1)),
      ...change(2, 20, merge(1)),
      facts.service(25, 'deployed', imageOf(2)),
      facts.service(30, 'rolledback', imageOf(1)),
    ];
    const { ask, log } = await world(all);
    const back = await ask();
    expect(told(back)[key(2)]?.at(-1)).toBe('release 24– x1');
    expect(told(back)[key(1)]?.at(-1)).toBe('release 14–15');
    expect(back.flow).toMatchObject({ velocity: 1, load: 1 });
    await append(log, [...change(3, 40, merge(2)), facts.service(45, 'deployed', imageOf(3))]);
    const again = await ask();
    expect(told(again)[key(2)]?.at(-1)).toBe('release 24–45 x1');
    expect(told(again)[key(3)]?.at(-1)).toBe('release 44–45');
    expect(again.stages.at(-1)).toMatchObject({ reworked: 1, departures: 3 });
    expect(again.stages.at(-1)?.accurate).toBeCloseTo(2 / 3, 12);
  });

  test('that was sent back, failed to build and failed its tests came back three times', async () => {
    const { ask } = await world([
      facts.commit(0, head(1), [root]),
      facts.change(1, 'created', 1, { head: head(1) }),
      facts.change(2, 'reviewed', 1, { head: head(1), state: 'changes_requested' }),
      facts.change(4, 'updated', 1, { head: head(1) }),
      facts.change(5, 'reviewed', 1, { head: head(1), state: 'approved' }),
      facts.change(6, 'merged', 1, { head: head(1), merged: merge(1) }),
      facts.commit(6, merge(1), [root, head(1)]),
      facts.run(7, 'started', '900000001', merge(1)),
      facts.run(8, 'failure', '900000001', merge(1)),
      facts.run(9, 'started', '900000002', merge(1)),
      facts.run(10, 'success', '900000002', merge(1)),
      facts.packaged(10, imageOf(1), '900000002'),
      facts.tested(11, 't1', imageOf(1), 'fail'),
      facts.tested(14, 't2', imageOf(1), 'pass'),
      facts.service(15, 'deployed', imageOf(1)),
    ]);
    const { items, stages } = await ask();
    expect(
      items[0]?.parts.map(({ stage, active, rework, wait, returns }) => [
        stage,
        ...[active, rework, wait].map((ms) => ms / hour),
        returns,
      ]),
    ).toEqual([
      ['code', 0, 0, 1, 1],
      ['review', 0, 2, 3, 1],
      ['build', 2, 1, 1, 1],
      ['staging', 0, 3, 1, 0],
      ['release', 0, 0, 1, 0],
    ]);
    expect(stages.map(({ accurate }) => accurate)).toEqual([0, 0, 0, 1, 1]);
  });

  test('that was abandoned is neither delivered nor under way', async () => {
    const { ask } = await world([
      facts.commit(0, head(1), [root]),
      facts.change(1, 'created', 1, { head: head(1) }),
      facts.change(2, 'abandoned', 1, { head: head(1) }),
    ]);
    expect(await ask()).toMatchObject({ items: [], flow: { velocity: 0, load: 0 }, unlinked: 0 });
  });
});

test('incidents go from detected to resolved, and one that comes back later is another', async () => {
  const { ask } = await world(
    [
      facts.incident(1, 'detected', 'Q1'),
      facts.incident(2, 'acknowledged', 'Q1'),
      facts.incident(4, 'mitigated', 'Q1'),
      facts.incident(8, 'resolved', 'Q1'),
      facts.incident(50, 'detected', 'Q1'),
      facts.incident(51, 'acknowledged', 'Q1'),
    ],
    recovery,
  );
  const { items, flow } = await ask([0, 60]);
  expect(items.map(({ key: of, start, end }) => [of, start, end])).toEqual([
    ['incident/Q1', begin + 50 * hour, null],
    ['incident/Q1', begin + hour, begin + 8 * hour],
  ]);
  expect(flow).toMatchObject({ velocity: 1, load: 1, distribution: { defect: 1 } });
});

test('alerts of our own rules are incidents that come and go', async () => {
  const alert = (at: number, what: string): Draft => ({
    id: `${what}@${at}`,
    time: begin + at * hour,
    type: `dev.cdeventsx.territory-alert.${what}.0.1.0`,
    source: 'territory/alerts',
    data: { alert: 'ffaa' },
  });
  const { ask } = await world(
    [alert(1, 'opened'), alert(2, 'acknowledged'), alert(5, 'resolved'), alert(9, 'opened')],
    streamOf('incident', [
      { id: 'notice', enter: 'alert.opened', exit: 'alert.acknowledged' },
      { id: 'mend', exit: 'alert.resolved' },
    ]),
  );
  expect((await ask()).items.map(({ key: of, parts }) => [of, parts.length])).toEqual([
    ['condition/ffaa', 1],
    ['condition/ffaa', 2],
  ]);
});

test('of what flaps without end the newest counts', async () => {
  const flaps = Array.from({ length: 3000 }, (_, at) => [
    facts.incident(at / 4, 'detected', 'Q1'),
    facts.incident(at / 4 + 0.1, 'resolved', 'Q1'),
  ]).flat();
  const stages = [{ id: 'all', enter: 'incident.detected', exit: 'incident.resolved' }];
  const { ask } = await world(flaps, streamOf('incident', stages));
  const { flow, items, cut } = await ask([0, 900]);
  expect([flow.velocity, items.length, cut]).toEqual([maxMoments / 2, 500, true]);
});

test('cases are taken from tickets, and what is reopened is the same', async () => {
  const ticket = (at: number, what: string, state?: string): Draft =>
    facts.cdevent(at, `ticket.${what}`, 'ticket/4711', {
      content: { summary: 'Sum is wrong', ticketType: 'bug' },
      attributes: { 'ticket.id': '47110001' },
      ...(state !== undefined && { state }),
    });
  const { ask } = await world(
    [
      ticket(1, 'created'),
      ticket(2, 'updated', 'open'),
      ticket(5, 'closed'),
      ticket(8, 'updated', 'reopened'),
      ticket(9, 'closed'),
    ],
    streamOf('case', [
      { id: 'first-line', enter: 'ticket.created', exit: 'ticket.updated[state=open]' },
      { id: 'solve', exit: 'ticket.closed' },
    ]),
  );
  const answer = await ask();
  expect(Object.values(told(answer))).toEqual([['first-line 1–2', 'solve 2–9 x1']]);
  expect(answer.flow.distribution).toMatchObject({ defect: 1 });
});

/** Facts of some changes, some of which are missing, in some order. */
const someFacts = fc
  .array(fc.record({ skip: fc.nat(20), deploy: fc.nat(3), back: fc.boolean(), at: fc.nat(30) }), {
    maxLength: 4,
  })
  .chain((plan) => {
    const drafts = plan.flatMap(({ skip, deploy, back, at }, n) => [
      ...change(n + 1, at, n === 0 ? root : merge(n)).filter((_, place) => place !== skip),
      ...(deploy > 0 ? [facts.service(at + 5 + deploy, 'deployed', imageOf(n + 1))] : []),
      ...(back ? [facts.service(at + 9, 'rolledback', imageOf(Math.max(1, n)))] : []),
    ]);
    const length = { minLength: drafts.length, maxLength: drafts.length };
    return fc.tuple(fc.constant(drafts), fc.shuffledSubarray(drafts, length));
  });

test('whatever comes, and in whatever order, the times are the same and add up', async () => {
  await fc.assert(
    fc.asyncProperty(someFacts, async ([drafts, shuffled]) => {
      const one = await (await world(drafts)).ask();
      const other = await (await world(shuffled)).ask();
      expect(other).toEqual(one);
      for (const { start, end, parts } of one.items) {
        const lengths = parts.map(({ active, wait, rework }) => active + wait + rework);
        const sum = lengths.reduce((a, b) => a + b, 0);
        expect(end === null || sum === end - start).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});

describe('the desk', () => {
  test('names the streams that there are when asked for another', async () => {
    const { desk } = await world([]);
    const asked = { stream: 'x', from: 0, to: 1 };
    const model = { ...emptyMap, streams: [delivery, recovery] };
    await expect(desk.answer(model, asked)).rejects.toThrow(/no stream is called "x".*flow/);
    await expect(desk.answer(emptyMap, asked)).rejects.toThrow(/the map has none/);
  });

  test('without facts there are no figures', async () => {
    const { ask } = await world([]);
    expect(await ask()).toMatchObject({ leadTime: { count: 0, p50: null }, bottleneck: null });
  });

  test('answers from what it has, until facts come or the streams change', async () => {
    const { ask, log, desk } = await world(change(1, 10, root));
    await ask();
    await ask([0, 400]);
    expect(desk.counts()).toMatchObject({ assembled: 1, fromCache: 1, items: 1, forgotten: 0 });
    await append(log, [facts.service(15, 'deployed', imageOf(1))]);
    expect((await ask()).flow.velocity).toBe(1);
    expect(desk.counts()).toMatchObject({ assembled: 2, fromCache: 1 });
    desk.follow({ streams: [{ ...delivery, stages: delivery.stages.slice(0, 2) }] });
    const shorter = {
      ...emptyMap,
      streams: [{ ...delivery, stages: delivery.stages.slice(0, 2) }],
    };
    const answer = await desk.answer(shorter, {
      stream: 'flow',
      from: begin,
      to: begin + 99 * hour,
    });
    expect(told(answer)[key(1)]).toEqual(['code 10–11', 'review 11–12']);
  });

  test('says that the facts are still being read', async () => {
    const log = memoryLog({ now: () => begin });
    open.push(log);
    const threads = new ThreadFollower({ log, path: '/nowhere', onProblem: () => undefined });
    const desk = new FlowDesk({ threads, log, now: () => begin });
    open.push(desk);
    const asked = desk.answer(
      { ...emptyMap, streams: [delivery] },
      { stream: 'flow', from: 0, to: 1 },
    );
    await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'TERR_ROOM_STARTING' }));
  });
});
