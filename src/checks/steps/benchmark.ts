import type { World } from '../run/world.ts';
import { type Step, expectThat } from './step.ts';

function elapsed(world: World, limit: number): void {
  const from = world.benchmarkFrom;
  const ms = from === undefined ? world.seen.ms : performance.now() - from;
  world.performance.push({
    label: 'elapsed',
    value: ms / 1000,
    unit: 's',
    critical: limit / 1000,
    min: 0,
    max: world.timeout / 1000,
  });
  expectThat(ms < limit, `less than ${limit / 1000} s`, `it took ${(ms / 1000).toFixed(3)} s`);
}

/** Scenarios with one of these steps are run while nothing else asks their target. */
export const benchmarkGroup = 'Benchmark';
const group = benchmarkGroup;

/** What is said of how long it takes. */
export const benchmarkSteps: readonly Step[] = [
  {
    expression: 'I am benchmarking',
    kind: 'context',
    group,
    about: 'The elapsed time is measured from here.',
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
];
