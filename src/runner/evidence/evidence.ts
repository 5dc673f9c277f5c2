/**
 * What was found about one application in one environment by looking at it, channel by channel; a
 * channel that could not be looked at is `null` with a reason, never a good answer.
 */
export interface Evidence {
  readonly app: string;
  readonly environment: string;
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly self: Channel<readonly SelfSeen[]>;
  readonly front: Channel<{
    readonly samples: number;
    readonly shares: Readonly<Record<string, number>>;
  }>;
  readonly os: Channel<readonly OsSeen[]>;
  readonly disk: Channel<readonly DiskSeen[]>;
  readonly schema: Channel<readonly SchemaSeen[]>;
  readonly config: Channel<readonly ConfigSeen[]>;
  readonly balancer: Channel<readonly BalancerSeen[]>;
}
export type Channel<T> =
  | { readonly found: T; readonly why?: undefined }
  | { readonly found: null; readonly why: string };

/** S: what an instance says on its own port. `version` null: it gave none. */
export interface SelfSeen {
  readonly slot: string;
  readonly port: number;
  readonly version: string | null;
  readonly error: string | null;
}
/** O: who listens on the port. */
export interface OsSeen {
  readonly port: number;
  readonly slot: string | null;
  readonly pid: number | null;
  /** Of the release whose folder it runs in; null when it is none. */
  readonly version: string | null;
  readonly cwd: string | null;
  /** The folder of its working directory is gone or has another name now. */
  readonly gone: boolean;
  readonly ours: boolean;
}
/** D: files that differ from those of the artefact, 20 at most of each. */
export interface DiskSeen {
  readonly version: string;
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  readonly added: readonly string[];
}
/** M: see migrator.ts. */
export interface SchemaSeen {
  readonly db: string;
  readonly drift: readonly { readonly kind: string; readonly id: string; readonly text: string }[];
}
/** C: digest that an instance was started with against the one that its release would get now. */
export interface ConfigSeen {
  readonly slot: string;
  readonly running: string | null;
  readonly expected: string;
}
/** B: where the balancer sends people. */
export interface BalancerSeen {
  readonly server: string;
  readonly port: number;
  readonly admin: string;
  readonly check: string;
  /** Of the instance on that port; null when none of ours is there. */
  readonly version: string | null;
}
