import type { Evidence } from '../../rooms/where/evidence/evidence.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import type { Balancer } from '../balancer/balancer.ts';
import type { InstanceState } from '../instance/instance.ts';
import type { Migrator } from '../migrations/migrator.ts';
import type { Resolved } from '../values/values.ts';

/** Everything that one look at an application in an environment needs. */
export interface Ground {
  readonly app: string;
  readonly environment: string;
  /** ms until the next look: by it the server knows when this one says nothing of now any more. */
  readonly every: number;
  /** Every instance that has a wish here, also those that are down. */
  readonly instances: readonly InstanceState[];
  /** Of a digest; throws when it is nowhere any more. Asked once for each while it is remembered. */
  readonly release: (digest: string) => Promise<Release>;
  /** Address where customers come in, for this application; undefined: there is none. */
  readonly front: string | undefined;
  readonly balancer: Balancer | undefined;
  /** By name, those that the environment has. Closed by whoever made them. */
  readonly databases: Readonly<Record<string, Pick<Migrator, 'applied'>>>;
  /** What a release would get now. */
  readonly config: (release: Release) => Promise<Pick<Resolved, 'env' | 'digest'>>;
}

/** Looks at what really runs. One is kept for all looks: it remembers hashes, releases and pids. */
export interface Collector {
  /**
   * Looks through all channels at once. Each has its own time-out and fails alone: what could not be
   * looked at is null with a reason. Never throws. Send what it gives as `evidenceDraft` makes it.
   */
  readonly collect: (ground: Ground) => Promise<Evidence>;
}

/** The look of a runner that could not look at all: what runs there is unknown, whatever was told. */
export function blindEvidence(
  { app, environment, every }: Pick<Ground, 'app' | 'environment' | 'every'>,
  why: string,
  at: number,
): Evidence {
  const blind = { found: null, why: why.slice(0, 500) };
  return {
    app,
    environment,
    at,
    every,
    self: blind,
    front: blind,
    os: blind,
    disk: blind,
    schema: blind,
    config: blind,
    balancer: blind,
  };
}
