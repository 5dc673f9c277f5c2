import { type Budget, budgetsOf, fewestSamples } from './budget.ts';
import type { JudgedBudget, Judgement } from './judgement.ts';
import { type Evidence, type VerdictAnswer, type VerdictQuestion, verdictOf } from './verdict.ts';

/** What a release has to do with: what was measured of it, and what keeps it from being done. */
export interface Done {
  readonly budgets: readonly JudgedBudget[];
  /** Sentences; none: it is done. */
  readonly missing: readonly string[];
}

/** A release in an environment, from when until when it stood there. ms since the epoch, UTC. */
export interface ReleaseSpan extends Pick<
  VerdictQuestion,
  'application' | 'environment' | 'version'
> {
  readonly since: number;
  /** Undefined: it still does. */
  readonly until?: number | undefined;
}

/** The budgets of an application by the runs that saw a release, whatever their tags. */
export function releaseBudgets(span: ReleaseSpan, all: readonly Evidence[]): JudgedBudget[] {
  const { application, environment } = span;
  return all
    .filter(({ definition }) => definition.environment === environment)
    .filter(({ definition }) => definition.application === application)
    .flatMap(({ definition, runs }) => {
      const seen = runs.filter((run) => saw(run, span));
      return budgetsOf(definition, seen).map(judged);
    });
}

function saw(
  { started, release, lookbackMs = 0 }: Evidence['runs'][number],
  { version, since, until = Number.POSITIVE_INFINITY }: ReleaseSpan,
): boolean {
  if (started - lookbackMs < since || started >= until) return false;
  return release === undefined || release === version;
}

function judged(budget: Budget): JudgedBudget {
  const { points: _, application: _application, environment: _environment, ...rest } = budget;
  return rest;
}

/**
 * What keeps a release from being done: that the checks have not passed with it, that a budget is
 * passed, or that there are too few values to say.
 */
function missingOf(
  { verdict, reason }: Pick<VerdictAnswer, 'verdict' | 'reason'>,
  budgets: readonly JudgedBudget[],
): string[] {
  return [
    ...(verdict === 'pass' ? [] : [reason]),
    ...budgets.flatMap((one) => {
      const text = missingText(one);
      return text === undefined ? [] : [text];
    }),
  ];
}

function missingText(budget: JudgedBudget): string | undefined {
  const { name, label, unit, critical, median, samples, state } = budget;
  if (state === 'pending')
    return `${label} of ${name} was measured ${samples === 1 ? 'once' : `${samples} times`}; ${fewestSamples} times say something`;
  if (state !== 'critical') return undefined;
  return `${label} of ${name} is ${shown(median, unit)}, and its limit ${shown(critical, unit)}`;
}

const shown = (value: number | null, unit: string): string =>
  value === null ? 'not known' : `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;

/** A verdict with what else a release has to do with: as it is now, or as it was kept. */
export function withDone(
  question: VerdictQuestion,
  all: readonly Evidence[],
  kept: Judgement | undefined,
): VerdictAnswer & Done {
  const answer = verdictOf(question, all, kept);
  const { since } = question;
  const budgets =
    since === undefined ? (kept?.budgets ?? []) : releaseBudgets({ ...question, since }, all);
  return { ...answer, budgets, missing: missingOf(answer, budgets) };
}
