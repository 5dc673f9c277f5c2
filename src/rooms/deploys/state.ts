import type { PlacedEvent } from '../../event/codec.ts';
import { type Payload, defined } from '../alerts/facts.ts';
import type { DeployRecord, LaneRecord, Policy, ProofRecord, ReservationRecord } from './record.ts';

/** Deploys that are remembered, open and ended. */
export const maxKept = 2_000;
/** Deploys that may wait at once. */
export const maxWaiting = 1_000;
export const maxEnvironments = 100;
/** Reservations that are remembered. */
export const maxReservations = 500;
export const maxProofs = 500;
/** Stages of one deploy; a rehearsal goes through them three times. */
export const maxStages = 100;
/** Scenarios of one deploy. */
export const maxSmoke = 1_000;

/** What the room knows: a fold of its facts. */
export interface DeploysState {
  /** By id, in the order in which they were asked for. */
  readonly deploys: Map<string, DeployRecord>;
  /** By `laneKey`. */
  readonly lanes: Map<string, LaneRecord>;
  /** What was declared, by the name of the environment. */
  readonly environments: Map<string, Policy>;
  readonly reservations: Map<string, ReservationRecord>;
  /** The last rehearsal of each version, by `app\0version`. */
  readonly proofs: Map<string, ProofRecord>;
  /** Since the first fact. */
  readonly counters: {
    requested: number;
    refused: number;
    started: number;
    succeeded: number;
    failed: number;
    cancelled: number;
    rolledBack: number;
    lost: number;
    /** Deploys that are not remembered any more. */
    forgotten: number;
  };
}

export function startDeploys(): DeploysState {
  return {
    deploys: new Map(),
    lanes: new Map(),
    environments: new Map(),
    reservations: new Map(),
    proofs: new Map(),
    counters: {
      requested: 0,
      refused: 0,
      started: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      rolledBack: 0,
      lost: 0,
      forgotten: 0,
    },
  };
}

/** Deploys that wait, in the order in which they were asked for. */
export function waitingOf(state: DeploysState): DeployRecord[] {
  return [...state.lanes.values()]
    .flatMap(({ waiting }) => waiting)
    .flatMap((id) => state.deploys.get(id) ?? [])
    .toSorted((a, b) => a.offset - b.offset);
}

/** Deploys that run. */
export function runningOf(state: DeploysState): DeployRecord[] {
  return [...state.lanes.values()].flatMap(({ running }) =>
    running === undefined ? [] : (state.deploys.get(running) ?? []),
  );
}

/** A fact with its payload laid out. */
export interface Fact {
  readonly event: PlacedEvent;
  readonly payload: Payload;
}

/** Where and when a fact is. */
export const markOf = ({ event }: Fact) => ({ at: event.time, offset: event.offset });

/** Who said it. */
export const byOf = ({ payload }: Fact): string => payload.text('by') ?? '';

/** A consent of a fact. */
export const consentOf = (fact: Fact) =>
  defined({ by: byOf(fact), at: fact.event.time, text: fact.payload.text('text') });

/** Forgets the oldest deploys that are over when there are too many. */
export function forget({ deploys, counters }: DeploysState): void {
  if (deploys.size <= maxKept) return;
  for (const [id, { ended }] of deploys) {
    if (ended === undefined) continue;
    deploys.delete(id);
    counters.forgotten++;
    if (deploys.size <= maxKept) return;
  }
}
