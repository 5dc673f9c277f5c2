import type { GateWord, Kind, Result, Rule, Stage } from './deploy.ts';
import type { Author, Policy, SmokeRecord, StageRecord } from './record.ts';

/** A command that is about one deploy. */
interface Of {
  /** Id of the deploy. */
  readonly deploy: string;
}

/** Asks for a deploy. What the server found out about it is remembered with it. */
export interface Request {
  readonly kind: 'request';
  readonly what: Kind;
  readonly app: string;
  readonly environment: string;
  readonly version: string;
  readonly digest?: string | undefined;
  /** What stands there. */
  readonly previous?: string | undefined;
  readonly reason?: string | undefined;
  /** ms since the epoch. */
  readonly notBefore?: number | undefined;
  readonly wait?: boolean | undefined;
  /** Why, and which rules it goes through (`rulesBroken`). Gatekeepers only. */
  readonly breakGlass?: { readonly reason: string; readonly rules: readonly Rule[] } | undefined;
  readonly gatekeeper?: boolean | undefined;
  readonly level?: string | undefined;
  readonly risks?: readonly string[] | undefined;
  readonly authors?: readonly Author[] | undefined;
}

/** A gate refuses a deploy that waits. */
export interface Refuse extends Of {
  readonly kind: 'refuse';
  /** Those that refuse. */
  readonly words: readonly GateWord[];
}

/** A runner takes a deploy: the offset of the fact is the token of its lease. */
export interface Start extends Of {
  readonly kind: 'start';
  readonly runner: string;
  readonly digest?: string | undefined;
  readonly previous?: string | undefined;
  /** Rules that were broken through besides those that were when it was asked for. */
  readonly broken?: readonly Rule[] | undefined;
}

/** Where it is; only what changed since makes a fact. */
export interface Report extends Of {
  readonly kind: 'stage';
  readonly token: number;
  readonly stages: readonly StageRecord[];
}

export interface SmokeReport extends Of {
  readonly kind: 'smoke';
  readonly token: number;
  readonly smoke: readonly SmokeRecord[];
}

/** How it ended; `lost` is said by the server when the lease was silent for too long. */
export interface End extends Of {
  readonly kind: 'end';
  readonly token: number;
  readonly result: Result;
  readonly stage?: Stage | undefined;
  readonly reason?: string | undefined;
  readonly serves?: string | null | undefined;
  /** Of a rehearsal: seconds that going back took. */
  readonly backSeconds?: number | undefined;
}

/** What people say of a deploy. */
export type Saying =
  | (Of & { readonly kind: 'cancel'; readonly text?: string | undefined })
  | (Of & {
      readonly kind: 'approve';
      readonly text?: string | undefined;
      /** Of the artefact that is approved. */
      readonly digest?: string | undefined;
      readonly gatekeeper: boolean;
    })
  | (Of & {
      readonly kind: 'acknowledge';
      readonly text?: string | undefined;
      readonly gatekeeper: boolean;
    })
  | (Of & { readonly kind: 'object'; readonly text: string });

/** Evidence bears out that a version serves there. */
export interface Verify {
  readonly kind: 'verify';
  readonly app: string;
  readonly environment: string;
  readonly version: string;
  readonly digest?: string | undefined;
  /** The deploy that brought it; without: it was brought by others. */
  readonly deploy?: string | undefined;
}

/** What is set up beside deploys. */
export type Arrange =
  | {
      readonly kind: 'environment';
      readonly environment: string;
      readonly changes: { readonly [K in keyof Policy]?: Policy[K] | undefined };
    }
  | { readonly kind: 'remove-environment'; readonly environment: string }
  | {
      readonly kind: 'reserve';
      readonly app: string;
      readonly environment: string;
      readonly from: number;
      readonly until: number;
      readonly reason?: string | undefined;
    }
  | { readonly kind: 'release'; readonly reservation: string; readonly gatekeeper: boolean };

export type DeploysCommand =
  | Request
  | Refuse
  | Start
  | Report
  | SmokeReport
  | End
  | Saying
  | Verify
  | Arrange;
