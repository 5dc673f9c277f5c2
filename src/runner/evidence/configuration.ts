import type { Release } from '../../rooms/releases/artefact/release.ts';
import type { ConfigSeen } from '../../rooms/where/evidence/evidence.ts';
import type { InstanceState } from '../instance/instance.ts';
import { lives } from '../job/processes.ts';
import type { Ground } from './evidence.ts';
import { environmentOf } from './process.ts';

/** Set by who starts an instance, whatever its configuration says. */
const ofSupervisor: ReadonlySet<string> = new Set([
  'PORT',
  'SERVICE_VERSION',
  'OTEL_RESOURCE_ATTRIBUTES',
  'TERRITORY_TASK',
]);
/** Names of keys that are told. */
const maxNamed = 20;

/**
 * C: the environment that each running instance was started with, as the kernel has it, against what
 * its release would get now. Those whose process is gone, or may not be read, are left out.
 */
export async function seeConfigs(
  instances: readonly { readonly state: InstanceState; readonly release: Release }[],
  resolve: Ground['config'],
): Promise<ConfigSeen[]> {
  const seen = instances.map(async ({ state, release }): Promise<ConfigSeen | undefined> => {
    const { wish, process } = state;
    const real = process && lives(process) ? environmentOf(process.pid) : undefined;
    if (!real) return undefined;
    const { env, digest } = await resolve(release);
    const differ = differing(env, real);
    return {
      slot: wish.slot,
      expected: digest,
      running: differ.length === 0 ? digest : null,
      differ: differ.slice(0, maxNamed),
    };
  });
  return (await Promise.all(seen)).filter((one) => one !== undefined);
}

function differing(
  expected: Readonly<Record<string, string>>,
  real: ReadonlyMap<string, string>,
): string[] {
  return Object.entries(expected).flatMap(([name, value]) =>
    ofSupervisor.has(name) || real.get(name) === value ? [] : [name],
  );
}
