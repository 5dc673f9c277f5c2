import type { Draft } from '../../event/event.ts';
import type { Order } from '../../server/api/contract-deploys.ts';
import type { JobState } from '../job/job.ts';

/**
 * What goes between a runner and a machine that it reaches by ssh, in lines of JSON. There, `territory
 * runner far` is the other end: it works with the files of that machine, by the same code.
 */

/** What `start NAME` reads. */
export interface FarStart {
  readonly order: Order;
  /** `run-1`, and one more for each recovery. */
  readonly run: string;
  readonly recover: boolean;
}

/** The first line that `watch NAME RUN` reads: how many bytes of each file are known already. */
export interface FarKnown {
  readonly progress: number;
  readonly log: number;
}

/** Each line that it reads then: a file of the deploy's folder, as a runner beside it would put it. */
export interface FarPut {
  readonly put: 'cancel' | 'bad';
  readonly text: string;
}

/** What is said there. Members `job` as in `territory runner job`, so that one reader reads both. */
export type FarSaid =
  | { readonly job: 'started' }
  | { readonly job: 'cancelled'; readonly left: readonly number[] }
  | {
      /** Bytes of a file from an offset on: of progress.ndjson only whole lines. */
      readonly job: 'bytes';
      readonly file: 'progress' | 'log';
      readonly offset: number;
      readonly base64: string;
    }
  | {
      /** Said whenever it changed, and as a sign of life. What was written before is said before. */
      readonly job: 'stands';
      readonly state: JobState;
      /** The text of end.json, once it is there. */
      readonly end: string | null;
    }
  | {
      /** The first thing that `tend` says: which environments are there, and which keys have a value. */
      readonly job: 'keys';
      readonly keys: Readonly<Record<string, readonly string[]>>;
    }
  | { readonly job: 'evidence'; readonly drafts: readonly object[] }
  | { readonly job: 'facts'; readonly drafts: readonly Draft[] }
  | { readonly job: 'text'; readonly text: string }
  | { readonly job: 'alive' }
  | { readonly job: 'error'; readonly code: string; readonly message: string };
