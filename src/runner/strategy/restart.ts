import { runnerErrors } from '../errors.ts';
import type { InstanceWish } from '../instance/instance.ts';
import { checkFresh, placeOf, revive, startFresh, stopAt, whyGone } from './instances-at.ts';
import { planHere } from './plan-here.ts';
import { readPlan, type Spot } from './places.ts';
import { Steps } from './steps.ts';
import type { Ground, Strategy } from './strategy.ts';
import { Traffic } from './traffic.ts';

/** All old instances end, then the new ones start: nobody serves in between. */
export const restart: Strategy = {
  kind: 'restart',

  forward: async (ground) => {
    const steps = new Steps(ground.journal);
    steps.forward();
    const { fresh, old } = await planHere(ground, steps);
    const next = async (step: string, act: () => Promise<void>): Promise<void> => {
      ground.signal.throwIfAborted();
      await steps.once(step, act);
    };
    await ground.stage('starting-new');
    await next('stop', async () => stopAt(ground, [...fresh, ...old], false));
    await next('start', async () => startFresh(ground, fresh));
    await ground.stage('checking-new');
    await next('check', async () => checkFresh(ground, fresh));
    const traffic = trafficAt(ground);
    if (traffic) {
      await ground.stage('switching');
      await next('in', async () => {
        await traffic.letIn(fresh, ground.signal);
        await traffic.out(old);
      });
    }
    await steps.switched();
  },

  back: async (ground) => {
    const steps = new Steps(ground.journal);
    const data = steps.data('plan');
    if (!data) return;
    const { fresh, old } = readPlan(data);
    await steps.back('doing');
    if (steps.began('stop')) await oldAgain(ground, fresh, old);
    await steps.back('done');
  },

  settled: async (ground) => {
    const data = new Steps(ground.journal).data('plan');
    if (data) await stopAt(ground, readPlan(data).old, true);
  },
};

/** Throws TERR_RUNNER_NOWAY, and has left the new ones alone if nothing of the old can be started. */
async function oldAgain(
  ground: Ground,
  fresh: readonly Spot[],
  old: readonly Spot[],
): Promise<void> {
  const had = await Promise.all(
    [...fresh, ...old]
      .filter((spot) => spot.had)
      .map(async (spot) => ({ spot, wish: await ground.instances.kept(placeOf(ground, spot)) })),
  );
  const gone = (await Promise.all(had.map(async ({ wish }) => whyNever(wish)))).filter(
    (why) => why !== undefined,
  );
  if (gone.length > 0)
    throw runnerErrors('NOWAY', `the old version can not be started: ${gone.join('; ')}`);
  const none = fresh.filter((spot) => !spot.had);
  await stopAt(ground, none, true);
  const why = await Promise.all(had.map(async ({ spot, wish }) => revive(ground, spot, wish)));
  const reasons = why.filter((w) => w !== undefined);
  if (reasons.length > 0)
    throw runnerErrors(
      'NOWAY',
      `the old version was started and does not serve: ${reasons.join('; ')}`,
    );
  const traffic = trafficAt(ground);
  await traffic?.letIn(had.map((h) => h.spot));
  await traffic?.out(none);
  ground.say(
    had.length === 0
      ? 'nothing ran before: there is nothing to put back'
      : 'the old version runs again',
  );
}

/** What Territory did not start it can not start again. */
const whyNever = async (wish: InstanceWish | undefined): Promise<string | undefined> =>
  wish ? whyGone(wish) : 'what ran there was not started by Territory';

const trafficAt = ({ balancer, app, say }: Ground): Traffic | undefined =>
  balancer && new Traffic(balancer, app, say);
