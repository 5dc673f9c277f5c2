import { setImmediate } from 'node:timers/promises';

/** So long something is done at a stretch, ms; a step and the collector may come on top. */
export const turnMs = 5;

/** Goes through the steps of a generator, and lets others have their turn in between. */
export async function inTurns<T>(steps: Generator<void, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < turnMs) continue;
    // oxlint-disable-next-line no-await-in-loop -- that is what it is for
    await setImmediate();
    since = performance.now();
  }
}
