import { type Payload, defined } from '../alerts/facts.ts';
import {
  type GateWord,
  type Kind,
  type Rule,
  kinds,
  rules,
  stageStates,
  stages,
} from './deploy.ts';
import type { Author, SmokeRecord, StageRecord } from './record.ts';

/* Reads what stands in facts of this room; what makes no sense is left out. */

const smokeStates = ['running', 'passed', 'failed', 'not-run'] as const;
const words = ['passes', 'waits', 'refuses', 'warns'] as const;

function oneOf<T extends string>(all: readonly T[], value: unknown): T | undefined {
  return all.find((one) => one === value);
}

export const kindIn = (payload: Payload, name: string): Kind | undefined =>
  oneOf(kinds, payload.text(name));

/** Texts of a list. */
export function textsIn(payload: Payload, name: string): string[] {
  const value = payload.json(name);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export const rulesIn = (payload: Payload, name: string): Rule[] =>
  textsIn(payload, name).flatMap((one) => oneOf(rules, one) ?? []);

export function authorsIn(payload: Payload, name: string): Author[] {
  return payload.list(name).flatMap((one) => {
    const author = one.text('author');
    return author === undefined ? [] : [{ author, commits: one.number('commits') ?? 0 }];
  });
}

export function stagesIn(payload: Payload, name: string): StageRecord[] {
  return payload.list(name).flatMap((one) => {
    const stage = oneOf(stages, one.text('stage'));
    const state = oneOf(stageStates, one.text('state'));
    const started = one.number('started');
    if (!stage || !state || started === undefined) return [];
    const [ended, text] = [one.number('ended') ?? null, one.text('text') ?? null];
    return [{ stage, state, started, ended, text }];
  });
}

export function smokeIn(payload: Payload, name: string): SmokeRecord[] {
  return payload.list(name).flatMap((one) => {
    const [scenario, state] = [one.text('scenario'), oneOf(smokeStates, one.text('state'))];
    if (scenario === undefined || !state) return [];
    const [seconds, text] = [one.number('seconds') ?? null, one.text('text') ?? null];
    return [{ scenario, state, seconds, text }];
  });
}

export function wordsIn(payload: Payload, name: string): GateWord[] {
  return payload.list(name).flatMap((one) => {
    const [rule, word] = [oneOf(rules, one.text('rule')), oneOf(words, one.text('word'))];
    const reason = one.text('reason');
    if (!rule || !word || reason === undefined) return [];
    const [until, lifts, by] = [one.number('until'), one.text('lifts'), one.text('by')];
    return [{ rule, word, reason, ...defined({ until, lifts, by }) }];
  });
}
