import type { Balancer } from '../balancer/balancer.ts';
import { runnerErrors } from '../errors.ts';
import { checkFresh, revive, startFresh, statesOf, stopAt } from './instances-at.ts';
import { type Plan, planColours, readPlan, type Spot, writePlan } from './places.ts';
import { Steps } from './steps.ts';
import type { Ground, Strategy } from './strategy.ts';
import { Traffic, usualDrain } from './traffic.ts';

/**
 * New instances at the servers of the colour that does not serve, the old ones beside them until the
 * new ones serve.
 */
export const blueGreen: Strategy = {
  kind: 'blue-green',

  forward: async (ground) => {
    const steps = new Steps(ground.journal);
    steps.forward();
    const traffic = trafficOf(ground);
    const { fresh, old } = await planned(ground, steps, traffic);
    const next = async (step: string, act: () => Promise<void>): Promise<void> => {
      ground.signal.throwIfAborted();
      await steps.once(step, act);
    };
    await ground.stage('starting-new');
    // Whoever configured them as ready would have customers at instances that nobody has checked.
    await next('out', async () => traffic.out(fresh));
    await next('start', async () => startFresh(ground, fresh));
    await ground.stage('checking-new');
    await next('check', async () => checkFresh(ground, fresh));
    await ground.stage('switching');
    await next('in', async () => traffic.letIn(fresh, ground.signal));
    ground.say(`customers are sent to ${names(fresh)}`);
    await steps.switched();
    await ground.stage('draining-old');
    await next('drain', async () => traffic.drain(old));
    await next('empty', async () => traffic.emptied(old, drainOf(ground), ground.signal));
    await next('maint', async () => traffic.out(old));
    if (keepOf(ground) > 0) ground.say(`${names(old)} run on, and nobody is sent there`);
    else await next('stop', async () => stopAt(ground, old, false));
  },

  back: async (ground) => {
    const steps = new Steps(ground.journal);
    const data = steps.data('plan');
    if (!data) return;
    const { fresh, old } = readPlan(data);
    await steps.back('doing');
    const traffic = trafficOf(ground);
    await oldIn(ground, traffic, old);
    await traffic.drain(fresh);
    await traffic.emptied(fresh, drainOf(ground));
    await traffic.out(fresh);
    // Before that, what is in their places is what an earlier deploy left there.
    if (steps.began('start')) await stopAt(ground, fresh, true);
    await steps.back('done');
  },

  settled: async (ground) => {
    const data = new Steps(ground.journal).data('plan');
    if (!data) return;
    const { old } = readPlan(data);
    const slots = new Set(old.map((s) => s.slot));
    const keep = keepOf(ground);
    if (keep === 0) return stopAt(ground, old, true);
    for (const { wish } of await statesOf(ground))
      if (slots.has(wish.slot)) await ground.instances.expire(wish, keep);
    return undefined;
  },
};

async function planned(ground: Ground, steps: Steps, traffic: Traffic): Promise<Plan> {
  const before = steps.data('plan');
  if (before) return readPlan(before);
  const { app, count } = ground;
  const plan = planColours(app, count, await traffic.servers(), await statesOf(ground));
  await steps.note('plan', writePlan(plan));
  return plan;
}

/** The old ones serve, before anything is taken from the new ones. Throws TERR_RUNNER_NOWAY. */
async function oldIn(ground: Ground, traffic: Traffic, old: readonly Spot[]): Promise<void> {
  const had = old.filter((s) => s.had);
  if (had.length === 0) {
    ground.say('nothing served before: there is nothing to put back');
    return;
  }
  const servers = await traffic.of(had);
  const states = await statesOf(ground);
  const why = await Promise.all(
    had.map(async (spot) => {
      const server = servers.find((s) => s.name === spot.slot && s.port === spot.port);
      if (!server)
        return `${spot.slot}: the balancer has no such server on port ${spot.port} any more`;
      const ours = states.find((s) => s.wish.slot === spot.slot && s.wish.port === spot.port);
      // As it was, however well that is.
      if (server.admin === 'ready' && (ours?.process || server.check === 'up')) return undefined;
      return revive(ground, spot, ours?.wish);
    }),
  );
  const well = had.filter((_, i) => why[i] === undefined);
  const reasons = why.filter((w) => w !== undefined).join('; ');
  if (well.length === 0)
    throw runnerErrors(
      'NOWAY',
      `the old version can not serve: ${reasons}. ${await servingNow(traffic)}`,
    );
  if (reasons !== '') ground.say(`not all old instances are there: ${reasons}`);
  await again(traffic, well);
  ground.say(`customers are sent to ${names(well)}`);
}

/** Throws TERR_RUNNER_NOWAY. */
async function again(traffic: Traffic, well: readonly Spot[]): Promise<void> {
  const ready = new Set(
    (await traffic.of(well)).flatMap((s) => (s.admin === 'ready' ? s.name : [])),
  );
  const out = well.filter((s) => !ready.has(s.slot));
  await traffic.ready(out);
  try {
    await traffic.up(out);
  } catch (cause) {
    throw runnerErrors('NOWAY', `${(cause as Error).message}. ${await servingNow(traffic)}`, {
      cause,
    });
  }
}

/** What customers get now, in a sentence. */
async function servingNow(traffic: Traffic): Promise<string> {
  const serving = (await traffic.servers()).filter(
    (s) => s.admin === 'ready' && s.check !== 'down',
  );
  return serving.length === 0
    ? 'Nothing serves now.'
    : `${serving.map((s) => s.name).join(', ')} serve now, and were left so.`;
}

export function trafficOf(ground: Ground): Traffic {
  const balancer: Balancer | undefined = ground.balancer;
  if (balancer) return new Traffic(balancer, ground.app, ground.say);
  throw runnerErrors(
    'STRATEGY',
    `blue-green needs a balancer, and the environment ${ground.environment} has none: give it one, ` +
      'or say `strategy: {kind: restart}` in territory.yaml',
  );
}

export const names = (spots: readonly Spot[]): string => spots.map((s) => s.slot).join(', ');

/** ms */
export const drainOf = ({ delivery }: Ground): number =>
  delivery.strategy.drain === null ? usualDrain : delivery.strategy.drain * 1_000;

/** ms */
const keepOf = ({ delivery }: Ground): number => (delivery.strategy.keepOld ?? 0) * 1_000;
