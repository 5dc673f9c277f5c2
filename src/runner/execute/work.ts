import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import type { Order } from '../../server/api/contract-deploys.ts';
import type { Balancer } from '../balancer/balancer.ts';
import type { DatabasePlace, EnvironmentConfig } from '../config/config.ts';
import type { Instances } from '../instance/instance.ts';
import type { Migrator } from '../migrations/migrator.ts';
import type { Strategy } from '../strategy/strategy.ts';
import type { Resolved } from '../values/values.ts';
import type { JournalFile } from './journal.ts';
import type { Progress } from './progress.ts';
import type { Smoke } from './smoke.ts';

/** What a deploy acts with. */
export interface Parts {
  readonly instances: Instances;
  readonly balancer: Balancer | undefined;
  readonly strategy: (kind: Delivery['strategy']['kind']) => Strategy;
  readonly migrator: (db: string, place: DatabasePlace) => Migrator;
  /** Brings an artefact to this machine. */
  readonly fetch: (wanted: {
    readonly app: string;
    readonly digest: string;
    readonly say: (text: string) => void;
    readonly signal: AbortSignal;
  }) => Promise<Fetched>;
  /** Hashes every file of it again. Throws TERR_RELEASE_ARTEFACT. */
  readonly verify: (app: string, digest: string) => Promise<void>;
  /** What a release gets in the environment. */
  readonly resolve: (release: Release) => Promise<Resolved>;
  readonly smoke: Smoke;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** An artefact on this machine. */
export interface Fetched {
  readonly release: Release;
  /** Its folder, with `files/`. */
  readonly place: string;
}

/** One deploy under way. */
export interface Work {
  readonly folder: string;
  readonly order: Order;
  readonly environment: EnvironmentConfig;
  readonly parts: Parts;
  readonly journal: JournalFile;
  readonly progress: Progress;
  /** Into the log, for people. */
  readonly say: (text: string) => void;
  /** Texts that are to be masked from now on. */
  readonly hide: (secrets: readonly string[]) => void;
  /** The process is to end, and to touch nothing more. */
  readonly stop: AbortSignal;
  /** What was begun is to be taken back; its reason is a `Cancelled`. */
  readonly cancel: AbortSignal;
  /** What went wrong in the environment, as the server says; undefined: nothing. */
  readonly bad: () => string | undefined;
}

/** Somebody cancelled the deploy. */
export class Cancelled extends Error {}

/** Instances of the application that are wanted here. */
export const countOf = ({ order, environment }: Work): number =>
  environment.apps[order.app]?.instances ?? environment.instances;
