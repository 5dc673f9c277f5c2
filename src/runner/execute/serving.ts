import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import type { InstanceState } from '../instance/instance.ts';
import { waitReady, whyNotReady } from './health.ts';
import type { Target } from './target.ts';
import type { Work } from './work.ts';

/** Every instance of the application here that is to be up. */
export async function upOf({ parts, order }: Work): Promise<readonly InstanceState[]> {
  const all = await parts.instances.list(order.app, order.environment);
  return all.filter(({ wish }) => wish.wanted === 'up');
}

/**
 * Instances that people are sent to: those that the balancer is set to send them to; without one all
 * that are up. An old one that is kept for the way back is up as well, but nobody is sent there.
 * Throws TERR_RUNNER_BALANCER, TERR_RUNNER_INSTANCE.
 */
export async function servingOf(work: Work): Promise<readonly InstanceState[]> {
  const { parts, order } = work;
  const up = await upOf(work);
  if (!parts.balancer) return up;
  const servers = await parts.balancer.servers(order.app);
  const ports = new Set(servers.flatMap(({ admin, port }) => (admin === 'ready' ? [port] : [])));
  return up.filter(({ wish }) => ports.has(wish.port));
}

/** Instances of one version that are to be up. */
export async function upOfVersion(
  work: Work,
  { version, digest }: Pick<Target, 'version' | 'digest'>,
): Promise<readonly InstanceState[]> {
  const up = await upOf(work);
  return up.filter(({ wish }) => wish.version === version && wish.digest === digest);
}

/** Why an instance in a port will never come up; undefined while it may. */
export async function whyDead(work: Work, port: number): Promise<string | undefined> {
  const instance = (await upOf(work)).find(({ wish }) => wish.port === port);
  if (instance === undefined) return 'there is no instance that is to be up';
  return instance.state === 'crash-loop'
    ? `its process ended ${instance.restarts} times in a row`
    : undefined;
}

/** What stands there, found by asking: where people are sent to, and who answers there. */
export type Standing =
  | { readonly kind: 'one'; readonly version: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear'; readonly why: string };

/**
 * Finds out what serves after something went wrong. It is clear only when all that people are
 * sent to is of one version and ready.
 */
export async function standing(work: Work, health: Delivery['health']): Promise<Standing> {
  try {
    const up = await servingOf(work);
    const versions = [...new Set(up.map(({ wish }) => wish.version))];
    const [version] = versions;
    if (version === undefined) return { kind: 'none' };
    if (versions.length > 1)
      return { kind: 'unclear', why: `${versions.join(' and ')} both serve` };
    const troubles = await Promise.all(
      up.map(async ({ wish }) => {
        const why = await whyNotReady(wish.port, health, work.stop);
        return why === undefined ? [] : [`port ${wish.port}: ${why}`];
      }),
    );
    const [why] = troubles.flat();
    return why === undefined ? { kind: 'one', version } : { kind: 'unclear', why };
  } catch (error) {
    return { kind: 'unclear', why: error instanceof Error ? error.message : String(error) };
  }
}

/** Waits until every instance that people are sent to is ready and of a version. Throws TERR_RUNNER_CHECK. */
export async function waitServing(
  work: Work,
  { version, health }: { readonly version: string; readonly health: Delivery['health'] },
): Promise<void> {
  for (const { wish } of await servingOf(work))
    // oxlint-disable-next-line no-await-in-loop -- the first that is bad is told
    await waitReady({
      port: wish.port,
      health,
      version,
      within: work.environment.readyWithin,
      dead: async () => whyDead(work, wish.port),
      signal: work.stop,
    });
}
