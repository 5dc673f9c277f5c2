import { setTimeout as pause } from 'node:timers/promises';
import { runnerErrors } from '../errors.ts';
import { whyNotReady } from './health.ts';
import { upOfVersion } from './serving.ts';
import type { Target } from './target.ts';
import type { Work } from './work.ts';

/** ms between two looks at the new instances. */
const every = 1_000;
/** Looks in a row that must fail: one lost answer is no reason to go back. */
const failures = 2;
/** ms between two words, so that nobody takes it for silent. */
const wordEvery = 30_000;

/**
 * Watches the new instances for as long as the manifest says (`settle`), and what the server says of
 * the environment. Throws TERR_RUNNER_CHECK when something goes wrong. Old instances are not looked
 * at: their health would hide that of the new ones.
 */
export async function watch(work: Work, target: Target, signal: AbortSignal): Promise<void> {
  const { progress, say, parts } = work;
  const settle = (target.delivery.strategy.settle ?? 0) * 1000;
  progress.begin('watching');
  say(`watching ${target.version} for ${settle / 1000} s`);
  const until = parts.now() + settle;
  const bad = new Map<number, number>();
  let word = parts.now() + wordEvery;
  for (;;) {
    signal.throwIfAborted();
    await look(work, { target, bad }, signal); // oxlint-disable-line no-await-in-loop -- one after the other
    const left = until - parts.now();
    if (left <= 0) return;
    if (parts.now() >= word) {
      say(`all is well; ${Math.round(left / 1000)} s to go`);
      word = parts.now() + wordEvery;
    }
    await pause(Math.min(every, left), undefined, { signal }); // oxlint-disable-line no-await-in-loop -- as above
  }
}

async function look(
  work: Work,
  { target, bad }: { readonly target: Target; readonly bad: Map<number, number> },
  signal: AbortSignal,
): Promise<void> {
  // What is red may be what one goes back from: it must not bring that back.
  const trouble = work.order.kind === 'rollback' ? undefined : work.bad();
  if (trouble !== undefined) throw runnerErrors('CHECK', trouble);
  const instances = await upOfVersion(work, target);
  if (instances.length === 0)
    throw runnerErrors('CHECK', `no instance of ${target.version} is to be up any more`);
  await Promise.all(
    instances.map(async ({ wish, state, restarts }) => {
      if (state === 'crash-loop')
        throw runnerErrors('CHECK', `${wish.slot} ended ${restarts} times in a row`);
      const why = await whyNotReady(wish.port, target.delivery.health, signal);
      signal.throwIfAborted();
      const times = why === undefined ? 0 : (bad.get(wish.port) ?? 0) + 1;
      bad.set(wish.port, times);
      if (why !== undefined && times >= failures)
        throw runnerErrors(
          'CHECK',
          `${wish.slot} on port ${wish.port} went bad after the switch: ${why}, ${times} times in a row`,
        );
    }),
  );
}
