import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { PlannedScenario } from '../language/plan.ts';
import { Failed, Unknown } from './failed.ts';
import type { Performance } from './result.ts';
import type { Part, World } from './world.ts';

/** Steps of this group measure time: their scenario runs while nothing else asks its target. */
export const benchmarkGroup = 'Benchmark';

export const isMeasuring = ({ steps }: PlannedScenario<World>): boolean =>
  steps.some(({ definition }) => definition.group === benchmarkGroup);

/** ms between two looks at the clock. */
const resolution = 5;
/** What is measured is not trusted when the runner itself was later than this part of the limit. */
const mostLag = 0.2;

/** How late this thread was at most since its scenario began, ms: so much may be the runner's own. */
const loopLag: Part<{ readonly ms: () => number; readonly end: () => void }> = {
  make: () => {
    const delay = monitorEventLoopDelay({ resolution });
    delay.enable();
    return {
      ms: () => Math.max(0, delay.max / 1e6 - resolution),
      end: () => void delay.disable(),
    };
  },
  end: ({ end }) => end(),
};

/** Begins to look how late the runner is. */
export function watchLag(world: World): void {
  world.part(loopLag);
}

/** A measured time and its limits, ms. */
export interface Limited {
  readonly label: string;
  readonly ms: number;
  readonly limit: number;
  /** From here on it is a warning. */
  readonly ideal?: number;
}

/**
 * Writes down what was measured, with how late the runner was meanwhile. Throws Failed where it is
 * not below the limit, and Unknown where that may be the runner's own lateness; where only the
 * ideal is passed by it, it says nothing.
 */
export function mustBeBelow(world: World, { label, ms, limit, ideal }: Limited): void {
  const lag = world.part(loopLag).ms();
  const name = freeLabel(world, label);
  measured(world, {
    label: name,
    value: ms / 1000,
    critical: limit / 1000,
    ...(ideal === undefined ? {} : { warning: ideal / 1000 }),
    max: world.timeout / 1000,
  });
  measured(world, { label: freeLabel(world, `${name}-lag`), value: lag / 1000 });
  const took = `it took ${seconds(ms)}`;
  if (ms >= limit) {
    if (lag > mostLag * limit) throw new Unknown(`${took}, ${blamed(lag, limit)}`);
    throw new Failed(`expected less than ${seconds(limit)}; ${took}`);
  }
  // That it may be worse than ideal is no reason to warn, and what it has to be it is.
  if (ideal !== undefined && ms >= ideal && lag <= mostLag * ideal)
    world.warnings.push(`ideally less than ${seconds(ideal)}; ${took}`);
}

const blamed = (lag: number, limit: number): string =>
  `but the runner itself was ${seconds(lag)} late, more than a fifth of ${seconds(limit)}`;

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))} s`;

const measured = ({ performance }: World, value: Omit<Performance, 'unit' | 'min'>): void =>
  void performance.push({ unit: 's', min: 0, ...value });

/** The second of a label is told apart. */
function freeLabel({ performance }: World, label: string): string {
  const isTaken = (name: string): boolean => performance.some((one) => one.label === name);
  if (!isTaken(label)) return label;
  for (let n = 2; ; n++) if (!isTaken(`${label}-${n}`)) return `${label}-${n}`;
}
