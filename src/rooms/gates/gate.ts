import type { Scope } from './scope.ts';

/** What every gate has, whatever its kind. Times are ms since the epoch, UTC. */
interface Gate {
  readonly id: string;
  readonly scope: Scope;
  /** Who set it up; of a lock, who holds it. */
  readonly by: string;
  readonly created: number;
  /** Place on the log of the fact that set it up. */
  readonly offset: number;
  /** By whom and when it was ended. */
  readonly ended?: { readonly by: string; readonly at: number };
}

/**
 * A lease: who holds it deploys, others do not, until it runs out. That it has run out follows from
 * the time alone; nobody needs to be there to end it. Its `offset` is the fencing token: a later
 * lock of the same scope has a higher one.
 */
export interface Lock extends Gate {
  readonly reason: string;
  readonly until: number;
  /** It is said, and stops nobody. */
  readonly warning: boolean;
}

/** Nothing goes out for a while. */
export interface Freeze extends Gate {
  readonly reason: string;
  readonly from: number;
  /** Without: until somebody ends it. */
  readonly until?: number;
}

/** A post-it: this application may not go out, save in one version. */
export interface Block extends Gate {
  readonly scope: Scope & { readonly app: string };
  readonly reason: string;
  /** The version that may. */
  readonly safe?: string;
  readonly until?: number;
}

/** Times at which deploys are wanted (`allow`) or not (`deny`). */
export interface Window extends Gate {
  readonly kind: 'allow' | 'deny';
  /** As it was written: docs/reference/gates.md. */
  readonly schedule: string;
  /** Of the IANA database. */
  readonly zone: string;
  readonly reason?: string;
  /** A deploy that had begun before may go on. */
  readonly overrun: boolean;
}

/** Whether a gate is there at a moment; of a freeze, that it has begun as well. */
export function stands(gate: Lock | Freeze | Block | Window, now: number): boolean {
  return !isOver(gate, now) && (!('from' in gate) || gate.from <= now);
}

/** Whether it was ended or has run out. A freeze that is yet to come is not over. */
export function isOver(gate: Lock | Freeze | Block | Window, now: number): boolean {
  return gate.ended !== undefined || ('until' in gate && gate.until <= now);
}
