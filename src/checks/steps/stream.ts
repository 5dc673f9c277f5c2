import { isSlower } from '../compare.ts';
import { Unknown } from '../run/failed.ts';
import type { StreamAggregate, StreamQuestions, StreamWindow } from '../run/ports.ts';
import type { World } from '../run/world.ts';
import { type Step, expectThat } from './step.ts';

/** Fewer than these say nothing of a percentile. */
const fewest: Readonly<Partial<Record<StreamAggregate, number>>> = { p99: 100, p999: 1000 };
const fewestOfAll = 20;

/** ms by the units that readings are in (UCUM). */
const milliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
};

function streamOf({ surroundings }: World): StreamQuestions {
  if (surroundings.stream) return surroundings.stream;
  throw new Unknown('what came in is not known here: only a server that keeps history can run it');
}

/** The last `ms` up to now; the run says nothing of what is younger than its start. */
function last(world: World, where: string, ms: number): StreamWindow {
  const to = streamOf(world).now();
  world.lookbackMs = Math.max(world.lookbackMs, ms);
  return { where, from: to - ms, to };
}

const all = 'true';
const service = (name: string): string => `service = ${JSON.stringify(name)}`;
const both = (where: string, other: string): string => `(${where}) and ${other}`;

/** Throws Unknown where `voice` was not listened to all the time: then what is missing may be deafness. */
async function mustBeCovered(world: World, window: StreamWindow, voice: string): Promise<void> {
  const { isComplete, why } = await streamOf(world).coverage(
    { ...window, where: voice },
    world.signal,
  );
  if (!isComplete)
    throw new Unknown(
      `${voice === all ? 'what came in' : voice} has a gap: ${why ?? 'it is not known why'}`,
    );
}

/** Throws Unknown with fewer events than such a number needs. */
async function numberOf(
  world: World,
  window: StreamWindow,
  aggregate: StreamAggregate,
): Promise<number> {
  const { value, samples } = await streamOf(world).value(window, aggregate, world.signal);
  const needed = fewest[aggregate] ?? fewestOfAll;
  if (samples < needed || value === undefined)
    throw new Unknown(`there are ${samples} of ${window.where}, at least ${needed} are needed`);
  return value;
}

async function countOf(world: World, window: StreamWindow): Promise<number> {
  return (await streamOf(world).value(window, 'count', world.signal)).samples;
}

const round = (value: number): string => String(Number(value.toPrecision(4)));

interface Limited {
  readonly label: string;
  readonly limit: number;
  readonly unit?: 's' | '%';
}

/** Writes down what was measured, and throws Failed above the limit. */
function below(world: World, value: number, { label, limit, unit }: Limited): void {
  world.performance.push({ label, value, unit: unit ?? '', critical: limit });
  const of = unit ?? '';
  expectThat(value < limit, `${label} below ${limit}${of}`, `it is ${round(value)}${of}`);
}

async function percentile(
  world: World,
  aggregate: StreamAggregate,
  window: StreamWindow,
): Promise<number> {
  const value = await numberOf(world, window, aggregate);
  await mustBeCovered(world, window, window.where);
  return value;
}

async function percentileInTime(
  world: World,
  aggregate: StreamAggregate,
  { window, limit }: { readonly window: StreamWindow; readonly limit: number },
): Promise<void> {
  const unit = await streamOf(world).unit(window, world.signal);
  const factor = milliseconds[unit ?? ''];
  if (factor === undefined)
    throw new Unknown(
      `the unit of ${window.where} is ${unit ?? 'not known'}, which is no time: give the limit as a plain number`,
    );
  const value = ((await percentile(world, aggregate, window)) * factor) / 1000;
  below(world, value, { label: aggregate, limit: limit / 1000, unit: 's' });
}

async function atLeast(world: World, wanted: number, window: StreamWindow): Promise<void> {
  const count = await countOf(world, window);
  // What is there is there; that something is not there needs an ear.
  if (count < wanted) await mustBeCovered(world, window, all);
  expectThat(count >= wanted, `at least ${wanted} of ${window.where}`, `there are ${count}`);
}

async function atMost(
  world: World,
  most: number,
  { window, voice }: { readonly window: StreamWindow; readonly voice: string },
): Promise<void> {
  const count = await countOf(world, window);
  if (count <= most) await mustBeCovered(world, window, voice);
  expectThat(count <= most, `at most ${most} of ${window.where}`, `there are ${count}`);
}

async function noneSinceDeploy(world: World, where: string, application: string): Promise<void> {
  const [deploy] = await streamOf(world).deploys(application, world.signal);
  if (!deploy) throw new Unknown(`no deploy of "${application}" is known here`);
  const to = streamOf(world).now();
  const window = { where: both(where, service(application)), from: deploy.at, to };
  await atMost(world, 0, { window, voice: service(application) });
}

async function ratio(
  world: World,
  part: StreamWindow,
  { of, limit }: { readonly of: string; readonly limit: number },
): Promise<void> {
  const whole = await countOf(world, { ...part, where: of });
  if (whole < fewestOfAll)
    throw new Unknown(`there are ${whole} of ${of}, at least ${fewestOfAll} are needed`);
  await mustBeCovered(world, part, of);
  const count = await countOf(world, part);
  below(world, (100 * count) / whole, { label: 'ratio', limit, unit: '%' });
}

async function latest(world: World, window: StreamWindow): Promise<number> {
  const [value] = await streamOf(world).values(window, 1, world.signal);
  if (value === undefined) throw new Unknown(`there is nothing of ${window.where}`);
  return value;
}

const mostCompared = 5000;

/** This release against the one before it, each since its own deploy. */
async function notSlower(
  world: World,
  where: string,
  { application, percent }: { readonly application: string; readonly percent: number },
): Promise<void> {
  const stream = streamOf(world);
  const [now, before] = await stream.deploys(application, world.signal);
  if (!now || !before) throw new Unknown(`no two releases of "${application}" are known here`);
  const of = both(where, service(application));
  const [after, earlier] = await Promise.all([
    stream.values({ where: of, from: now.at, to: stream.now() }, mostCompared, world.signal),
    stream.values({ where: of, from: before.at, to: now.at }, mostCompared, world.signal),
  ]);
  const found = isSlower({ now: after, before: earlier, byMoreThan: percent / 100 });
  if (found.verdict === 'unknown') throw new Unknown(found.why);
  expectThat(
    found.verdict === 'not-slower',
    `${now.version} to be at most ${percent} % slower than ${before.version}`,
    found.why,
  );
}

const group = 'What came in';

/** What is said of the events that the server took. Too few of them, or a gap in listening, is unknown. */
export const streamSteps: readonly Step[] = [
  {
    expression: 'the {percentile} of {events} over {duration} should be under {float}',
    kind: 'assertion',
    group,
    about:
      'Of the readings of this name, or that a query selects, in their own unit. 20 are needed, 100 for the 99th percentile, 1000 for the 99.9th.',
    example: ['Then the 95th percentile of "queue.depth" over 10 minutes should be under 200'],
    run: async (world, given) => {
      const window = last(world, given.text(1), given.number(2));
      const aggregate = given.text(0) as StreamAggregate;
      const value = await percentile(world, aggregate, window);
      below(world, value, { label: aggregate, limit: given.number(3) });
    },
  },
  {
    expression: 'the {percentile} of {events} over {duration} should be under {duration}',
    kind: 'assertion',
    group,
    about: 'The same of times, in whatever unit they are sent.',
    example: [
      'Then the 95th percentile of "checkout.duration" over 10 minutes should be under 500 ms',
    ],
    run: async (world, given) => {
      const window = last(world, given.text(1), given.number(2));
      const limit = given.number(3);
      await percentileInTime(world, given.text(0) as StreamAggregate, { window, limit });
    },
  },
  ...(['under', 'over'] as const).map((side): Step => ({
    expression: `the rate of {events} over {duration} should be ${side} {float} per minute`,
    kind: 'assertion',
    group,
    about: 'How many of these events there were, per minute of the time.',
    example: [`Then the rate of "order.placed" over 10 minutes should be ${side} 5 per minute`],
    run: async (world, given) => {
      const window = last(world, given.text(0), given.number(1));
      await mustBeCovered(world, window, all);
      const rate = (await countOf(world, window)) / (given.number(1) / 60_000);
      const limit = given.number(2);
      world.performance.push({ label: 'rate', value: rate, unit: '' });
      expectThat(
        side === 'under' ? rate < limit : rate > limit,
        `${side} ${limit} per minute`,
        `it is ${round(rate)}`,
      );
    },
  })),
  ...(['under', 'over'] as const).map((side): Step => ({
    expression: `the sum of {events} over {duration} should be ${side} {float}`,
    kind: 'assertion',
    group,
    about: 'Of what the readings say, added up.',
    example: [`Then the sum of "order.value" over 1 hour should be ${side} 1000`],
    run: async (world, given) => {
      const window = last(world, given.text(0), given.number(1));
      await mustBeCovered(world, window, all);
      const { value } = await streamOf(world).value(window, 'sum', world.signal);
      if (value === undefined) throw new Unknown(`there is nothing of ${window.where}`);
      const limit = given.number(2);
      expectThat(
        side === 'under' ? value < limit : value > limit,
        `${side} ${limit}`,
        `it is ${round(value)}`,
      );
    },
  })),
  {
    expression: 'the latest value of {events} within {duration} should be under {float}',
    kind: 'assertion',
    group,
    about: 'The newest reading, where it is not older than this: the depth or age of a queue.',
    example: ['Then the latest value of "queue.age" within 2 minutes should be under 300'],
    run: async (world, given) => {
      const window = last(world, given.text(0), given.number(1));
      below(world, await latest(world, window), { label: 'latest', limit: given.number(2) });
    },
  },
  {
    expression: 'there should be at least {int} {events} event(s) in the last {duration}',
    kind: 'assertion',
    group,
    about: "A dead man's switch: it fails when they stay away while others are heard.",
    example: ['Then there should be at least 1 "order.placed" event in the last 15 minutes'],
    run: async (world, given) =>
      atLeast(world, given.number(0), last(world, given.text(1), given.number(2))),
  },
  {
    expression: 'there should be at most {int} {events} event(s) in the last {duration}',
    kind: 'assertion',
    group,
    about: 'Unknown when nothing at all was heard for a part of the time.',
    example: ['Then there should be at most 3 "payment.refused" events in the last 10 minutes'],
    run: async (world, given) => {
      const window = last(world, given.text(1), given.number(2));
      await atMost(world, given.number(0), { window, voice: all });
    },
  },
  {
    expression: 'there should be no {events} event(s) from {string} since the last deploy',
    kind: 'assertion',
    group,
    about: 'Of this application; unknown when it was not heard all the time since.',
    example: [`Then there should be no "level = 'error'" events from "shop" since the last deploy`],
    run: async (world, given) => noneSinceDeploy(world, given.text(0), given.text(1)),
  },
  {
    expression: 'the ratio of {events} to {events} over {duration} should be below {float} percent',
    kind: 'assertion',
    group,
    about: 'So many of the second are also the first. 20 of the second are needed.',
    example: [
      'Then the ratio of "order.failed" to "order.placed" over 10 minutes should be below 2 percent',
    ],
    run: async (world, given) =>
      ratio(world, last(world, given.text(0), given.number(2)), {
        of: given.text(1),
        limit: given.number(3),
      }),
  },
  {
    expression: 'the error ratio of {string} over {duration} should be below {float} percent',
    kind: 'assertion',
    group,
    about: 'Requests that this service answered and that failed, of all of them.',
    example: ['Then the error ratio of "shop" over 10 minutes should be below 1 percent'],
    run: async (world, given) => {
      // As intakes write requests down: one span of who asked, one of who answered.
      const answered = 'type = "request" and span.kind != "client" and span.kind != "producer"';
      const of = both(answered, service(given.text(0)));
      const errors = last(world, both(of, 'state = "critical"'), given.number(1));
      await ratio(world, errors, { of, limit: given.number(2) });
    },
  },
  {
    expression: '{events} of {string} should be at most {int} percent slower than the last release',
    kind: 'assertion',
    group,
    about:
      'Of the application that runs now against the release before it; 30 readings of each are needed, and a difference that is not by chance.',
    example: [
      'Then "checkout.duration" of "shop" should be at most 10 percent slower than the last release',
    ],
    run: async (world, given) =>
      notSlower(world, given.text(0), { application: given.text(1), percent: given.number(2) }),
  },
];
