import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { runnerErrors } from '../errors.ts';
import { ListenerFinder } from '../evidence/listeners.ts';
import { environmentOf } from '../evidence/process.ts';
import { whyNotReady } from '../execute/health.ts';
import type { InstanceState, InstanceWish } from '../instance/instance.ts';
import { cookieName, hasCookie, statOf } from '../job/processes.ts';
import type { Spot } from './places.ts';
import type { Ground } from './strategy.ts';

/** ms from TERM to KILL. */
export const stopGrace = 10_000;
/** ms that an old instance may take to be ready once more. */
const readyWithin = 30_000;
const lookEvery = 50;

/** What runs for the application here. */
export const statesOf = async (ground: Ground): Promise<readonly InstanceState[]> =>
  ground.instances.list(ground.app, ground.environment);

export const placeOf = ({ app, environment }: Ground, { slot }: Spot) => ({
  app,
  environment,
  slot,
});

/** The wish for a new instance; it remembers how its release is asked whether it is ready. */
export const freshWish = (ground: Ground, { slot, port }: Spot): InstanceWish => ({
  ...ground.wish(slot, port),
  ready: ground.delivery.health.ready,
});

/** Starts new instances, one after the other; they come up side by side. */
export async function startFresh(ground: Ground, spots: readonly Spot[]): Promise<void> {
  for (const spot of spots) {
    ground.signal.throwIfAborted();
    ground.say(`starts ${spot.slot} on port ${spot.port}`);
    await ground.instances.start(freshWish(ground, spot));
  }
}

/** Stops whatever is in these places, and where `forget` forgets it. */
export async function stopAt(
  ground: Ground,
  spots: readonly Spot[],
  forget: boolean,
): Promise<void> {
  const states = await statesOf(ground);
  await Promise.all(
    spots.map(async ({ slot }) => {
      const wish = states.find((s) => s.wish.slot === slot)?.wish;
      if (!wish) return;
      ground.say(`stops ${wish.version} in ${slot}`);
      await ground.instances.stop(wish, stopGrace);
      if (forget) await ground.instances.forget(wish);
    }),
  );
}

/**
 * Has the new instances checked, and makes sure that it was they who answered: each is the same
 * process after as before, and the one that listens on the port is of it. Throws
 * TERR_RUNNER_STRATEGY, or what the check throws.
 */
export async function checkFresh(ground: Ground, spots: readonly Spot[]): Promise<void> {
  const pids = async () => {
    const states = await statesOf(ground);
    return spots.map((spot) => states.find((s) => s.wish.slot === spot.slot)?.process);
  };
  const before = await pids();
  await ground.check(
    spots.map((s) => s.port),
    ground.signal,
  );
  const after = await pids();
  const found = await new ListenerFinder().find(
    new Set(spots.map((s) => s.port)),
    after.flatMap((mark) => (mark ? [mark.pid] : [])),
    ground.signal,
  );
  spots.forEach(({ slot, port }, i) => {
    const mark = after[i];
    if (!mark || mark.startTime !== before[i]?.startTime || mark.pid !== before[i]?.pid)
      throw runnerErrors('STRATEGY', `the new instance ${slot} died while it was checked`);
    const foreign = found.find((l) => l.port === port && !(l.pid && belongsTo(l.pid, mark.pid)));
    if (foreign)
      throw runnerErrors(
        'STRATEGY',
        `on port ${port} of ${slot} another process (${foreign.pid ?? 'of another user'}) listens`,
      );
  });
}

/** Whether a process is of the instance whose first process is given: in its group or by its cookie. */
function belongsTo(pid: number, leader: number): boolean {
  if (pid === leader || statOf(pid)?.group === leader) return true;
  const cookie = environmentOf(leader)?.get(cookieName);
  return cookie !== undefined && hasCookie(pid, cookie);
}

/**
 * Has an old instance running and ready again, whatever became of it: `undefined` when it is, else
 * why it can not.
 */
export async function revive(
  ground: Ground,
  spot: Spot,
  wish: InstanceWish | undefined,
): Promise<string | undefined> {
  if (wish) {
    const gone = await whyGone(wish);
    if (gone !== undefined) return gone;
    try {
      await ground.instances.start(wish);
    } catch (error) {
      return (error as Error).message;
    }
  }
  // What was there before Territory came has no wish: it runs, or it is gone.
  const within = wish ? readyWithin : 0;
  const signal = new AbortController().signal;
  const deadline = performance.now() + within;
  for (;;) {
    const why = await whyNotReady(spot.port, { ready: wish?.ready ?? null }, signal);
    if (why === undefined) return undefined;
    if (performance.now() >= deadline) return `${spot.slot}: ${why}`;
    await pause(lookEvery);
  }
}

/** Why an old instance can never be started again; undefined when it may be tried. */
export async function whyGone({
  slot,
  version,
  folder,
}: InstanceWish): Promise<string | undefined> {
  const there = await stat(folder).then(
    (s) => s.isDirectory(),
    () => false,
  );
  return there ? undefined : `${slot}: the files of ${version} are gone (${folder})`;
}
