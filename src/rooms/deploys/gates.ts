import type { GatesState } from '../gates/state.ts';
import { consentWords } from './gates/consent.ts';
import { artefactWords, configWords, newestWords, schemaWords } from './gates/release.ts';
import { laneWords, rateWords, reservationWords } from './gates/lane.ts';
import { orderWords } from './gates/order.ts';
import { checkWords } from './gates/checks.ts';
import { timeWords } from './gates/times.ts';
import type { Asking, Words } from './gates/asking.ts';
import { type GateWord, type Rule, rules } from './deploy.ts';
import type { Knowledge, Question } from './knowledge.ts';
import { openPolicy } from './record.ts';
import type { DeploysState } from './state.ts';

const asks: Readonly<Record<Rule, (asking: Asking) => Words>> = {
  artefact: artefactWords,
  config: configWords,
  schema: schemaWords,
  order: orderWords,
  newest: newestWords,
  window: timeWords('window'),
  freeze: timeWords('freeze'),
  lock: timeWords('lock'),
  block: timeWords('block'),
  check: checkWords,
  reservation: reservationWords,
  rate: rateWords,
  acknowledgement: consentWords('acknowledgement'),
  approval: consentWords('approval'),
  lane: laneWords,
};

/** Nobody goes through these: what is not there cannot be deployed, and two not at once. */
export const unbreakable: readonly Rule[] = ['artefact', 'config', 'lane'];

/** What the way back does not wait for. */
export const skippedByRollback: readonly Rule[] = [
  'order',
  'newest',
  'window',
  'freeze',
  'block',
  'check',
  'reservation',
  'rate',
  'acknowledgement',
  'approval',
];

/** Everything that a deploy is judged by. */
export interface Judged {
  readonly state: DeploysState;
  readonly gates: GatesState;
  readonly question: Question;
  readonly knowledge: Knowledge;
}

/**
 * What every gate says, in the order of `rules`; at least one word for each. The same for the same
 * state, question, knowledge and time (`now`: ms since the epoch).
 */
export function gateWords(judged: Judged, now: number): GateWord[] {
  const { state, question } = judged;
  const policy = state.environments.get(question.environment) ?? openPolicy;
  const deploy = state.deploys.get(question.id ?? '');
  const when = Math.max(now, question.notBefore ?? now);
  const asking: Asking = { ...judged, now, when, policy, deploy };
  return rules.flatMap((rule) => {
    const words = asks[rule](asking).map((word) => exempted({ ...word, rule }, question));
    return words.length > 0 ? words : [{ rule, word: 'passes' as const, reason: passes[rule] }];
  });
}

/** The rules that would hold this deploy and that breaking the glass goes through. */
export function rulesBroken(judged: Judged, now: number): Rule[] {
  const question = { ...judged.question, breakGlass: false };
  const held = gateWords({ ...judged, question }, now).filter(holds);
  return [...new Set(held.map(({ rule }) => rule))].filter((rule) => !unbreakable.includes(rule));
}

const holds = ({ word }: GateWord): boolean => word === 'waits' || word === 'refuses';

/** Whether it may go now, later by itself or by what lifts it, or not at all. */
export function mayOf(words: readonly GateWord[]): 'now' | 'later' | 'refused' {
  if (words.some(({ word }) => word === 'refuses')) return 'refused';
  return words.some(({ word }) => word === 'waits') ? 'later' : 'now';
}

/** Whether another gate than its turn holds it, and until when that is; for `queueOf`. */
export function heldUntil(
  words: readonly GateWord[],
): { readonly until: number | undefined } | undefined {
  const held = words.filter((word) => holds(word) && word.rule !== 'lane');
  if (held.length === 0) return undefined;
  const ends = held.map(({ until = Number.POSITIVE_INFINITY }) => until);
  const last = Math.max(...ends);
  return { until: Number.isFinite(last) ? last : undefined };
}

/** How a deploy that waits stands: `queued` when nothing but its turn holds it. */
export function stateOf(words: readonly GateWord[]): 'waiting' | 'queued' {
  return heldUntil(words) ? 'waiting' : 'queued';
}

/** What a rollback does not wait for, and what the broken glass lets through. */
function exempted(word: GateWord, { kind, breakGlass }: Question): GateWord {
  if (!holds(word)) return word;
  const { rule, reason } = word;
  if (kind === 'rollback' && skippedByRollback.includes(rule))
    return { rule, word: 'passes', reason: `the way back does not wait for it: ${reason}` };
  if (kind === 'rollback' && rule === 'lock') return { ...word, word: 'warns' };
  if (breakGlass === true && !unbreakable.includes(rule))
    return { ...word, word: 'warns', reason: `broken through: ${reason}` };
  return word;
}

const passes: Readonly<Record<Rule, string>> = {
  artefact: 'the artefact is in the store',
  config: 'every required key has a value there',
  schema: 'the code fits the schema that is there',
  order: 'it comes in the order of environments',
  newest: 'the environment takes it',
  window: 'no window is against it',
  freeze: 'nothing is frozen',
  lock: 'nobody else holds a lock',
  block: 'no post-it is on it',
  check: 'nothing is red there, and no checks are asked',
  reservation: 'the time is nobody else’s',
  rate: 'there were not too many within the hour',
  acknowledgement: 'nobody has to be asked',
  approval: 'it is approved, or needs no approval',
  lane: 'it is next',
};
