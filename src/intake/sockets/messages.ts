import type { EventLimits } from '../../event/limits.ts';
import type { Refused } from '../decoded.ts';
import type { Draft } from '../../event/event.ts';

/** One listener as it is to be opened. */
export interface ListenerSetup {
  /** Name of its protocol. */
  readonly name: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Path of a unix socket beside the port. */
  readonly socket?: string;
  readonly multicast?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What the listeners' thread is started with. */
export interface ListenersStart {
  readonly listeners: readonly ListenerSetup[];
  readonly limits: EventLimits;
  /** Name of this machine. */
  readonly host: string;
  /** Networks that may send; empty: all. */
  readonly allow: readonly string[];
  readonly maxConnections: number;
  readonly maxPerAddress: number;
  /** ms */
  readonly idle: number;
  /** Bytes of events that may wait for the log. */
  readonly maxPending: number;
  readonly maxSenders: number;
  /** Paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
}

/** A listener once it was opened, or why it is not. */
export interface Opened {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly socket?: string;
  /** A sentence for people. */
  readonly problem?: string;
}

/** Whose events are in a batch. */
export interface Share {
  readonly intake: string;
  /** Empty: readings gathered over an interval, whose samples were counted before. */
  readonly sender: string;
  readonly count: number;
}

/** What was counted of one sender since the last time; of samples and refusals. */
export interface Tally {
  readonly intake: string;
  readonly sender: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly sampled: number;
  readonly refused: readonly { readonly count: number; readonly last: Refused }[];
}

/** How full the listeners' thread is. */
export interface ListenersState {
  readonly pendingBytes: number;
  readonly connections: Readonly<Record<string, number>>;
}

export type FromListeners =
  | { readonly kind: 'opened'; readonly listeners: readonly Opened[] }
  | {
      readonly kind: 'batch';
      readonly seq: number;
      readonly bytes: Uint8Array;
      readonly count: number;
      readonly source: string;
      readonly identities: Uint32Array;
      readonly shares: readonly Share[];
    }
  | {
      readonly kind: 'tally';
      readonly tallies: readonly Tally[];
      /** Datagrams that the kernel dropped since the last time, by intake. */
      readonly dropped: Readonly<Record<string, number>>;
      readonly state: ListenersState;
    }
  | {
      readonly kind: 'latest';
      readonly id: number;
      readonly where: string;
      readonly limit: number;
    }
  | { readonly kind: 'closed' };

export type ToListeners =
  /** All batches up to `seq` are settled; `failure` is that of this one. */
  | { readonly kind: 'settled'; readonly seq: number; readonly failure?: Failure }
  | {
      readonly kind: 'latest';
      readonly id: number;
      readonly events?: readonly Draft[];
      readonly failure?: Failure;
    }
  | { readonly kind: 'close' };

/** A coded error as it crosses threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}
