import type { GatesState } from '../../gates/state.ts';
import type { GateWord } from '../deploy.ts';
import type { Knowledge, Question } from '../knowledge.ts';
import type { DeployRecord, Policy } from '../record.ts';
import type { DeploysState } from '../state.ts';

/** Everything that a rule may look at. */
export interface Asking {
  readonly state: DeploysState;
  readonly gates: GatesState;
  readonly question: Question;
  readonly knowledge: Knowledge;
  /** ms since the epoch. */
  readonly now: number;
  /** The moment at which it would begin: now, or when it was asked for to begin. */
  readonly when: number;
  readonly policy: Policy;
  /** The deploy, when it was asked for already. */
  readonly deploy: DeployRecord | undefined;
}

/** What a rule says; none: it lets it pass. */
export type Words = readonly Omit<GateWord, 'rule'>[];
