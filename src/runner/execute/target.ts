import { join } from 'node:path';
import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import { runnerErrors } from '../errors.ts';
import { startLineOf } from './start-line.ts';
import type { Work } from './work.ts';

/** A version that is on this machine, with all that is needed to start it. */
export interface Target {
  readonly version: string;
  readonly digest: string;
  readonly release: Release;
  readonly delivery: Delivery;
  /** Folder of its files. */
  readonly files: string;
  /** For `sh -c`. */
  readonly start: string;
  /** Its configuration as variables. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Brings a version to this machine and looks whether it can be run here, before anything is touched.
 * Throws TERR_RELEASE_…, TERR_RUNNER_DELIVERY, TERR_RUNNER_VALUES.
 */
export async function prepare(
  work: Work,
  { version, digest }: { readonly version: string; readonly digest: string },
  signal: AbortSignal,
): Promise<Target> {
  const { order, parts, say, environment } = work;
  const { release, place } = await parts.fetch({ app: order.app, digest, say, signal });
  const { delivery } = release;
  if (!delivery)
    throw runnerErrors(
      'DELIVERY',
      `${order.app} ${version} was built before release.json said how it runs; build a new version of it`,
    );
  const files = join(place, 'files');
  const start = await startLineOf(delivery, files);
  const { env, missing, wrong, secrets } = await parts.resolve(release);
  work.hide(secrets);
  if (missing.length > 0)
    throw runnerErrors(
      'VALUES',
      `${missing.join(', ')}: required, without a value in ${environment.name} and without a default; give ${missing.length === 1 ? 'it' : 'them'} under environments.${environment.name}.values in runner.yaml`,
    );
  for (const one of wrong) say(`warning: ${one}`);
  return { version, digest, release, delivery, files, start, env };
}
