import { setTimeout as pause } from 'node:timers/promises';
import { runnerErrors } from '../errors.ts';
import type { InstanceWish } from '../instance/instance.ts';
import { sameWish } from '../instance/slot.ts';
import { drainOf } from './blue-green.ts';
import {
  checkFresh,
  placeOf,
  revive,
  startFresh,
  statesOf,
  stopAt,
  whyGone,
} from './instances-at.ts';
import { planHere } from './plan-here.ts';
import { type Plan, readPlan, type Spot } from './places.ts';
import { Steps } from './steps.ts';
import type { Ground, Strategy } from './strategy.ts';
import { Traffic } from './traffic.ts';

/** ms that the others may take to be up, before one more is taken out. */
const othersWithin = 30_000;
const lookEvery = 50;

/** New instances in the places of the old ones, one after the other; at most one is out. */
export const rolling: Strategy = {
  kind: 'rolling',

  forward: async (ground) => {
    const steps = new Steps(ground.journal);
    steps.forward();
    const plan = await planHere(ground, steps);
    for (const [i, spot] of plan.fresh.entries()) await replace(ground, steps, { plan, spot, i });
    await steps.switched();
    for (const spot of plan.old) {
      ground.signal.throwIfAborted();
      await steps.once(`end ${spot.slot}`, async () => {
        await takeOut(ground, spot);
        await stopAt(ground, [spot], false);
      });
    }
  },

  back: async (ground) => {
    const steps = new Steps(ground.journal);
    const data = steps.data('plan');
    if (!data) return;
    const plan = readPlan(data);
    await steps.back('doing');
    const ended = plan.old.filter((s) => steps.began(`end ${s.slot}`));
    const begun = plan.fresh.filter((s) => steps.began(`out ${s.slot}`));
    const noWay: string[] = [];
    // The last first: it is the one that may be out now.
    for (const spot of [...ended, ...begun.toReversed()]) {
      const why = await putBack(ground, spot);
      if (why !== undefined) noWay.push(why);
    }
    if (noWay.length > 0)
      throw runnerErrors(
        'NOWAY',
        `the old version can not be put back everywhere: ${noWay.join('; ')}. What could, was.`,
      );
    await steps.back('done');
  },

  settled: async (ground) => {
    const data = new Steps(ground.journal).data('plan');
    if (data) await stopAt(ground, readPlan(data).old, true);
  },
};

async function replace(
  ground: Ground,
  steps: Steps,
  { plan, spot, i }: { readonly plan: Plan; readonly spot: Spot; readonly i: number },
): Promise<void> {
  const { slot } = spot;
  const next = async (step: string, act: () => Promise<void>): Promise<void> => {
    ground.signal.throwIfAborted();
    await steps.once(`${step} ${slot}`, act);
  };
  // For people it is one switch, which begins with the first and ends with the last.
  if (i === 0) await ground.stage('starting-new');
  if (!steps.done(`out ${slot}`)) await othersServe(ground, plan, spot);
  await next('out', async () => takeOut(ground, spot));
  await next('stop', async () => stopAt(ground, [spot], false));
  await next('start', async () => startFresh(ground, [spot]));
  if (i === 0) await ground.stage('checking-new');
  await next('check', async () => checkFresh(ground, [spot]));
  if (i === 0) await ground.stage('switching');
  await next('in', async () => trafficAt(ground)?.letIn([spot], ground.signal));
  ground.say(`${slot} is new`);
}

/** Nobody is sent to a place any more, and those who were there have finished. */
async function takeOut(ground: Ground, spot: Spot): Promise<void> {
  const traffic = trafficAt(ground);
  if (!traffic) return;
  await traffic.drain([spot]);
  await traffic.emptied([spot], drainOf(ground), ground.signal);
  await traffic.out([spot]);
}

/** Throws TERR_RUNNER_STRATEGY when one of those that are to serve does not: one more is not taken. */
async function othersServe(ground: Ground, { fresh, old }: Plan, spot: Spot): Promise<void> {
  const traffic = trafficAt(ground);
  if (!traffic) return;
  const itself = (await traffic.of([spot]))[0];
  // It serves nobody: to replace it takes nothing from anybody, and may be what helps.
  if (itself?.admin !== 'ready' || itself.check === 'down') return;
  if (fresh.length + old.length === 1)
    ground.say('there is one instance only: nobody serves while it is replaced');
  const steps = new Steps(ground.journal);
  const others = [
    ...old,
    ...fresh.filter((s) => s !== spot && (s.had || steps.done(`in ${s.slot}`))),
  ];
  const deadline = performance.now() + othersWithin;
  for (;;) {
    const out = (await traffic.of(others)).filter((s) => s.admin !== 'ready' || s.check === 'down');
    if (out.length === 0) return;
    if (performance.now() > deadline)
      throw runnerErrors(
        'STRATEGY',
        `${out.map((s) => s.name).join(', ')} does not serve, so ${spot.slot} is not taken out too`,
      );
    await pause(lookEvery, undefined, { signal: ground.signal });
  }
}

/** One place as it was before; why it could not be, if so, and then it is left as it is. */
async function putBack(ground: Ground, spot: Spot): Promise<string | undefined> {
  const traffic = trafficAt(ground);
  const kept = await ground.instances.kept(placeOf(ground, spot));
  if (!spot.had) {
    await takeOutForBack(ground, spot);
    await stopAt(ground, [spot], true);
    return undefined;
  }
  const gone = kept && (await whyGone(kept));
  if (gone !== undefined) return gone;
  if (!(await runs(ground, spot, kept))) await takeOutForBack(ground, spot);
  const why = await revive(ground, spot, kept);
  if (why !== undefined) return why;
  try {
    await traffic?.letIn([spot]);
  } catch (error) {
    return (error as Error).message;
  }
  ground.say(`${spot.slot} is ${kept?.version ?? 'as before'} again`);
  return undefined;
}

/** Whether the old one still runs there: then it only was out. */
async function runs(ground: Ground, spot: Spot, kept: InstanceWish | undefined): Promise<boolean> {
  const now = (await statesOf(ground)).find((s) => s.wish.slot === spot.slot);
  if (!kept || !now) return kept === now?.wish;
  return now.process !== undefined && sameWish(now.wish, kept);
}

/** Whatever has come between: the way back is not given up because of a signal. */
const takeOutForBack = async (ground: Ground, spot: Spot): Promise<void> =>
  takeOut({ ...ground, signal: new AbortController().signal }, spot);

const trafficAt = ({ balancer, app, say }: Ground): Traffic | undefined =>
  balancer && new Traffic(balancer, app, say);
