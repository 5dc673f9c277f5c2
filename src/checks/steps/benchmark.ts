import { Failed, Unknown } from '../run/failed.ts';
import { send } from '../run/http.ts';
import { benchmarkGroup, mustBeBelow } from '../run/measuring.ts';
import type { Part, World } from '../run/world.ts';
import type { Step } from './step.ts';

/** Times of the last "I measure", ms, ascending. */
const samples: Part<{ ms: readonly number[] }> = { make: () => ({ ms: [] }) };

const mostTimes = 1000;
const mostAtOnce = 50;

interface Measuring {
  readonly path: string;
  readonly times: number;
  readonly atOnce: number;
}

/** Throws Failed where a visit is answered with a server's error. */
async function measure(world: World, { path, times, atOnce }: Measuring): Promise<void> {
  if (times < 1 || times > mostTimes)
    throw new Unknown(`it can be measured 1 to ${mostTimes} times`);
  if (atOnce < 1 || atOnce > mostAtOnce) throw new Unknown(`1 to ${mostAtOnce} can be at once`);
  const ms: number[] = [];
  const wrong: number[] = [];
  let left = times;
  const visits = async (): Promise<void> => {
    while (left-- > 0) {
      // oxlint-disable-next-line no-await-in-loop -- so many at once, and no more
      const answer = await send(world, { method: 'GET', path, follow: true });
      ms.push(answer.ms);
      if (answer.status >= 500) wrong.push(answer.status);
      world.answer = answer;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, visits));
  world.part(samples).ms = ms.toSorted((a, b) => a - b);
  if (wrong.length > 0)
    throw new Failed(`${wrong.length} of ${times} visits were answered ${wrong[0]}`);
}

/** Fewer values than these say nothing of a percentile, by its name. */
const fewest: Readonly<Record<string, number>> = {
  p50: 5,
  p75: 5,
  p90: 10,
  p95: 20,
  p99: 100,
  p999: 1000,
};

/** By nearest rank: the smallest value that so many are not above (Hyndman and Fan, 1996, type 1). */
function percentileOf(world: World, name: string): number {
  const { ms } = world.part(samples);
  const needed = fewest[name] ?? mostTimes;
  if (ms.length < needed)
    throw new Unknown(`there are ${ms.length} measured times, at least ${needed} are needed`);
  const share = Number(`0.${name.slice(1)}`);
  return ms[Math.ceil(share * ms.length) - 1] ?? Number.NaN;
}

function elapsed(world: World, limit: number, ideal?: number): void {
  const from = world.benchmarkFrom;
  const ms = from === undefined ? world.seen.ms : performance.now() - from;
  mustBeBelow(world, { label: 'elapsed', ms, limit, ...(ideal === undefined ? {} : { ideal }) });
}

const group = benchmarkGroup;

/** What is said of how long it takes. */
export const benchmarkSteps: readonly Step[] = [
  {
    expression: 'I am benchmarking',
    kind: 'context',
    group,
    about:
      'The elapsed time is measured from here. A scenario that measures runs while no other asks its target; where the runner itself was later than a fifth of the limit, what is too slow is unknown and not failed.',
    example: ['Given I am benchmarking'],
    run: (world) => {
      world.benchmarkFrom = performance.now();
    },
  },
  {
    expression: 'the elapsed time should be less than {duration}',
    kind: 'assertion',
    group,
    about: 'Since "I am benchmarking", or of the last visit. One sample.',
    example: ['Then the elapsed time should be less than 1 second'],
    run: (world, given) => elapsed(world, given.number(0)),
  },
  {
    expression: 'the elapsed time should be less than {duration}, ideally less than {duration}',
    kind: 'assertion',
    group,
    about: 'Between the two it passes with a warning.',
    example: ['Then the elapsed time should be less than 1 second, ideally less than 400 ms'],
    run: (world, given) => elapsed(world, given.number(0), given.number(1)),
  },
  {
    expression: 'I measure {string} {int} time(s)',
    kind: 'action',
    group,
    about:
      'Visits it one time after the other, at most 1000 times; connections are kept. An answer of 5xx fails. All of it is one step: give it a timeout.',
    example: ['When I measure "/" 30 times'],
    run: async (world, given) =>
      measure(world, { path: given.text(0), times: given.number(1), atOnce: 1 }),
  },
  {
    expression: 'I measure {string} {int} time(s) with {int} at once',
    kind: 'action',
    group,
    about: 'So many of the visits are under way at a time, at most 50.',
    example: ['When I measure "/search?q=tea" 100 times with 4 at once'],
    run: async (world, given) =>
      measure(world, { path: given.text(0), times: given.number(1), atOnce: given.number(2) }),
  },
  {
    expression: 'the {percentile} should be less than {duration}',
    kind: 'assertion',
    group,
    about:
      'Of the measured times. It needs 5 of them, for the 90th 10, for the 95th 20, for the 99th 100, for the 99.9th 1000; fewer are unknown.',
    example: ['Then the 95th percentile should be less than 500 ms'],
    run: (world, given) => {
      const label = given.text(0);
      mustBeBelow(world, { label, ms: percentileOf(world, label), limit: given.number(1) });
    },
  },
  {
    expression: 'the {percentile} should be less than {duration}, ideally less than {duration}',
    kind: 'assertion',
    group,
    about: 'Between the two it passes with a warning.',
    example: ['Then the median should be less than 500 ms, ideally less than 200 ms'],
    run: (world, given) => {
      const label = given.text(0);
      const [limit, ideal] = [given.number(1), given.number(2)];
      mustBeBelow(world, { label, ms: percentileOf(world, label), limit, ideal });
    },
  },
];
