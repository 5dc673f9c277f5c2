import type { GateWord, Kind, Rule, Stage, StageState, State } from './deploy.ts';

/* What the room remembers. Times are ms since the epoch, UTC; nothing here is changed in place. */

/** One stage of a deploy that runs or ran. */
export interface StageRecord {
  readonly stage: Stage;
  readonly state: StageState;
  readonly started: number;
  readonly ended: number | null;
  readonly text: string | null;
}

/** One scenario of the smoke test. */
export interface SmokeRecord {
  readonly scenario: string;
  readonly state: 'running' | 'passed' | 'failed' | 'not-run';
  readonly seconds: number | null;
  readonly text: string | null;
}

/** An approval, an acknowledgement or an objection. */
export interface Consent {
  readonly by: string;
  readonly at: number;
  readonly text?: string;
}

/** Counts only for the artefact that was approved. */
export interface Approval extends Consent {
  readonly digest?: string;
}

/** What was said last by one who was asked for an acknowledgement, or who spoke up. */
export interface Opinion extends Consent {
  readonly says: 'acknowledged' | 'objected';
  /** Of a gatekeeper: it speaks for the authors that are silent. */
  readonly gatekeeper: boolean;
}

/** Somebody whose commits go out too. */
export interface Author {
  readonly author: string;
  readonly commits: number;
}

/** How a deploy stands on the log; whether a gate holds one that waits is asked, not remembered. */
export type RecordState = Exclude<State, 'queued'>;

export interface DeployRecord {
  readonly id: string;
  readonly kind: Kind;
  readonly app: string;
  readonly environment: string;
  readonly version: string;
  readonly digest?: string;
  /** What stood there when it was asked for or, later, when it began. */
  readonly previous?: string;
  readonly state: RecordState;
  readonly by: string;
  readonly at: number;
  /** Place on the log of the fact that asked for it. */
  readonly offset: number;
  readonly reason?: string;
  readonly notBefore?: number;
  /** Wait for windows, freezes, locks and post-its to end instead of being refused. */
  readonly wait: boolean;
  readonly level?: string;
  readonly risks: readonly string[];
  readonly authors: readonly Author[];
  readonly broken?: {
    readonly by: string;
    readonly reason: string;
    readonly rules: readonly Rule[];
  };
  readonly approvals: readonly Approval[];
  readonly opinions: readonly Opinion[];
  readonly cancel?: Consent;
  readonly runner?: string;
  /** Place on the log of its `started` fact: who says another is not heard. */
  readonly token?: number;
  readonly started?: number;
  /** The last fact of its runner. */
  readonly heard?: number;
  readonly stages: readonly StageRecord[];
  readonly smoke: readonly SmokeRecord[];
  readonly ended?: number;
  /** Why it ended as it did. */
  readonly because?: string;
  /** Of one that was refused. */
  readonly refusals: readonly GateWord[];
  /** The version that serves after it, as the runner left it. */
  readonly serves?: string;
  /** When evidence first bore it out. */
  readonly verified?: number;
}

/** A fact about a version in a lane: when it was, and where on the log. */
export interface Mark {
  readonly at: number;
  readonly offset: number;
}

/** What is known of a version in one lane. */
export interface VersionRecord {
  readonly version: string;
  readonly digest?: string;
  /** When it last came to stand there. */
  readonly stood?: Mark;
  /** When evidence last bore out that it serves. */
  readonly verified?: Mark;
  /** When it was last rolled back from, or failed with its code running. */
  readonly bad?: Mark & { readonly reason: string };
}

/** One application in one environment. */
export interface LaneRecord {
  readonly app: string;
  readonly environment: string;
  readonly running?: string;
  /** In the order in which they were asked for. */
  readonly waiting: readonly string[];
  readonly versions: ReadonlyMap<string, VersionRecord>;
  /** What stands there, as far as this room knows. */
  readonly stands?: { readonly version: string; readonly deploy?: string };
  /** How long the last ones took that succeeded, ms; the newest last. */
  readonly took: { readonly deploy: readonly number[]; readonly rehearsal: readonly number[] };
  /** When deploys began, within an hour before the last. */
  readonly starts: readonly number[];
}

/** What a deploy into an environment has to go through. */
export interface Policy {
  readonly after: string | null;
  readonly approvals: number;
  readonly acknowledgements: 'off' | 'ask' | 'require';
  readonly newest: boolean;
  readonly perHour: number | null;
  readonly rehearse: boolean;
  /** Checks with this tag (with its `@`) must have passed in the environment before; null: none. */
  readonly checks: string | null;
}

/** What holds where nobody declared anything. */
export const openPolicy: Policy = {
  after: null,
  approvals: 0,
  acknowledgements: 'off',
  newest: false,
  perHour: null,
  rehearse: false,
  checks: null,
};

/** A time that is kept for somebody in an environment. */
export interface ReservationRecord {
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly by: string;
  readonly from: number;
  readonly until: number;
  readonly reason?: string;
  readonly offset: number;
  readonly ended?: { readonly by: string; readonly at: number };
}

/** The outcome of a rehearsal: forward, back and forward again. */
export interface ProofRecord {
  readonly app: string;
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  readonly at: number;
  /** What going back took. */
  readonly seconds: number;
  readonly good: boolean;
  readonly text?: string;
}
