import { listens } from '../instance/listens.ts';
import { placeOf, statesOf } from './instances-at.ts';
import { type Plan, planPorts, planServers, readPlan, writePlan } from './places.ts';
import type { Steps } from './steps.ts';
import type { Ground } from './strategy.ts';

/**
 * The plan of a strategy whose new instances take the places of the old ones: what stands there is
 * kept for the way back first. The same in every process of one execution.
 */
export async function planHere(ground: Ground, steps: Steps): Promise<Plan> {
  const before = steps.data('plan');
  if (before) return readPlan(before);
  const states = await statesOf(ground);
  const { balancer, app, count } = ground;
  const plan = balancer
    ? planServers(app, count, await balancer.servers(app), states)
    : await withoutBalancer(ground);
  for (const spot of [...plan.fresh, ...plan.old])
    await ground.instances.keep(placeOf(ground, spot));
  await steps.note('plan', writePlan(plan));
  return plan;
}

async function withoutBalancer(ground: Ground): Promise<Plan> {
  const { app, environment, count, ports, delivery } = ground;
  const all = await ground.instances.list();
  const states = all.filter((s) => s.wish.app === app && s.wish.environment === environment);
  const mine = new Set(states.map((s) => s.wish.port));
  const taken = new Set(all.map((s) => s.wish.port).filter((port) => !mine.has(port)));
  const wanted = { count, states, range: ports, port: delivery.port };
  for (;;) {
    const plan = planPorts({ ...wanted, taken });
    const busy = await Promise.all(
      plan.fresh.map(async ({ port }) => !mine.has(port) && (await listens(port))),
    );
    if (!busy.includes(true)) return plan;
    plan.fresh.forEach(({ port }, i) => busy[i] && taken.add(port));
  }
}
