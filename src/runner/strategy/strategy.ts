import type { Stage } from '../../rooms/deploys/deploy.ts';
import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import type { Balancer } from '../balancer/balancer.ts';
import type { InstanceWish, Instances } from '../instance/instance.ts';

/** What was done already, so that a deploy whose process was killed can be brought to an end. */
export interface Journal {
  /** Notes of before, the first first. */
  readonly notes: readonly JournalNote[];
  /** Durable when it resolves. */
  readonly write: (note: JournalNote) => Promise<void>;
}
/** `doing` is written before, `done` after a step that changes something outside. */
export interface JournalNote {
  readonly step: string;
  readonly mark: 'doing' | 'done';
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Everything that a strategy acts on. */
export interface Ground {
  readonly app: string;
  readonly environment: string;
  readonly delivery: Delivery;
  /** How many instances are wanted. */
  readonly count: number;
  readonly instances: Instances;
  readonly balancer: Balancer | undefined;
  readonly journal: Journal;
  /** Ports that may be used where no balancer names any, first and last. */
  readonly ports: readonly [number, number] | undefined;
  /** The wish for a new instance in a place. */
  readonly wish: (slot: string, port: number) => InstanceWish;
  /** Says what it does, for people who watch. */
  readonly say: (text: string) => void;
  /** Tells that a stage begins; the one before is done then. */
  readonly stage: (stage: Stage) => Promise<void>;
  /** Whether the new instances are good, before anybody is sent to them. Throws when not. */
  readonly check: (ports: readonly number[], signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Brings new instances in the place of old ones. `forward` throws when it could not; `back` then puts
 * things as they were, from whatever step it had come to, also in another process; `settled` ends it
 * (old instances are kept as long as the manifest says, then forgotten).
 */
export interface Strategy {
  readonly kind: Delivery['strategy']['kind'];
  readonly forward: (ground: Ground) => Promise<void>;
  readonly back: (ground: Ground) => Promise<void>;
  readonly settled: (ground: Ground) => Promise<void>;
}
