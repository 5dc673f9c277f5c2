import type { CheckDefinition } from './definition.ts';
import type { CheckVerdict, Judgement } from './judgement.ts';
import type { LifeSettings } from './life.ts';
import type { CheckRun } from './run.ts';

/** What is asked: whether the checks let a release pass that was deployed in an environment. */
export interface VerdictQuestion {
  readonly application: string;
  readonly environment: string;
  readonly version: string;
  /** Selects the checks, with its `@`. */
  readonly tag: string;
  /** When the version was deployed there; undefined: another stands there, or none. ms, UTC. */
  readonly since: number | undefined;
  readonly now: number;
}

/** A check with its runs. */
export interface Evidence {
  readonly definition: CheckDefinition;
  /** The last ones, the oldest first. */
  readonly runs: readonly CheckRun[];
  readonly settings: LifeSettings;
  readonly quarantined: boolean;
}

/** What one check says of the release. */
export interface CheckJudged {
  readonly id: string;
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'not-enough-evidence';
  /** That count. */
  readonly runs: number;
  readonly summary: string | null;
}

export interface VerdictAnswer {
  readonly verdict: CheckVerdict;
  /** A sentence. */
  readonly reason: string;
  readonly since: number | null;
  /** The last word on a release that does not run there now. */
  readonly isRecorded: boolean;
  readonly checks: readonly CheckJudged[];
}

/**
 * What the checks say of a release in an environment. Only runs that saw it count: that began after
 * it was deployed there, and look back no further. How the checks look now says nothing of a release
 * that is not there: for it the verdict counts that was kept, so that what a new release breaks does
 * not keep anybody from going back to the old one.
 */
export function verdictOf(
  question: VerdictQuestion,
  all: readonly Evidence[],
  kept: Judgement | undefined,
): VerdictAnswer {
  const { since } = question;
  if (since === undefined && kept) return keptAnswer(question, kept);
  const selected = all.filter(({ definition }) => selects(question, definition));
  const asked = selected.filter(({ quarantined }) => !quarantined);
  if (asked.length === 0)
    return {
      verdict: 'nothing-to-check',
      reason: nothingText(question, all, selected.length),
      since: since ?? null,
      isRecorded: false,
      checks: [],
    };
  if (since === undefined) return absentAnswer(question);
  const checks = asked.map((evidence) => judgedBy(evidence, { ...question, since }));
  return { ...summed(question, checks), since, isRecorded: false, checks };
}

/** Whether a check is asked about releases of an application; one of no application is, of all. */
export function selects(
  { application, environment, tag }: Pick<VerdictQuestion, 'application' | 'environment' | 'tag'>,
  check: CheckDefinition,
): boolean {
  if (check.environment !== environment) return false;
  if (check.application !== undefined && check.application !== application) return false;
  return tag === '@gate' ? check.isGate : check.tags.includes(tag);
}

function keptAnswer({ environment }: VerdictQuestion, kept: Judgement): VerdictAnswer {
  const { verdict, since, at } = kept;
  const reason = `${kept.reason} (as it was ${new Date(at).toISOString()}, when it ran in ${environment})`;
  return { verdict, reason, since, isRecorded: true, checks: [] };
}

function absentAnswer({ version, environment }: VerdictQuestion): VerdictAnswer {
  const reason = `${version} does not run in ${environment}, and nothing was kept of a time when it did: deploy it there`;
  return { verdict: 'not-enough-evidence', reason, since: null, isRecorded: false, checks: [] };
}

/** A tag that fits nothing must not look like one that lets everything pass. */
function nothingText(
  { application, environment, tag }: VerdictQuestion,
  all: readonly Evidence[],
  quarantined: number,
): string {
  const of = `of ${application} in ${environment}`;
  if (quarantined > 0)
    return quarantined === 1
      ? `the only check with ${tag} ${of} is in quarantine`
      : `all ${quarantined} checks with ${tag} ${of} are in quarantine`;
  const others = all
    .filter(({ definition }) => definition.environment === environment)
    .filter(({ definition }) =>
      tag === '@gate' ? definition.isGate : definition.tags.includes(tag),
    )
    .flatMap(({ definition }) => definition.application ?? []);
  const names = [...new Set(others)].toSorted().slice(0, 5);
  const hint = names.length === 0 ? '' : `; there are checks of ${names.join(', ')}`;
  return `no check has ${tag} ${of}${hint}`;
}

function summed(
  { version, environment }: VerdictQuestion,
  checks: readonly CheckJudged[],
): Pick<VerdictAnswer, 'verdict' | 'reason'> {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  const open = checks.filter(({ verdict }) => verdict === 'not-enough-evidence');
  const of = `of ${checks.length} ${checks.length === 1 ? 'check' : 'checks'}`;
  const there = `${version} in ${environment}`;
  const [first] = failed;
  if (first) {
    const why = first.summary === null ? '' : `: ${first.summary}`;
    const more = failed.length === 1 ? '' : `, and ${failed.length - 1} more`;
    const reason = `${failed.length} ${of} failed with ${there}: ${first.name}${more}${why}`;
    return { verdict: 'fail', reason };
  }
  const [waiting] = open;
  if (!waiting) {
    const which = checks.length === 1 ? checks[0]?.name : `all ${checks.length} checks`;
    return { verdict: 'pass', reason: `${which} passed with ${there}` };
  }
  const why = waiting.summary === null ? 'no run yet' : waiting.summary;
  const reason = `${open.length} ${of} cannot say yet how ${there} is: ${waiting.name} (${why})`;
  return { verdict: 'not-enough-evidence', reason };
}

type Since = VerdictQuestion & { readonly since: number };

function judgedBy({ definition, runs, settings }: Evidence, question: Since): CheckJudged {
  const { id, name } = definition;
  const seen = runs.filter((run) => counts(run, question));
  const last = seen.at(-1);
  const common = { id, name, runs: seen.length };
  if (!last) return { ...common, verdict: 'not-enough-evidence', summary: null };
  const { policy, interval } = settings;
  if (question.now >= last.ended + policy.staleAfter * interval) {
    const summary = 'its last run is too long ago';
    return { ...common, verdict: 'not-enough-evidence', summary };
  }
  const verdict = countedOut(withoutGrace(seen, question.since + policy.bootGrace), settings);
  return { ...common, verdict, summary: last.summary === '' ? null : last.summary };
}

/** Whether a run says something of the release. One that knows no version began after the deploy. */
function counts(
  { started, release, lookbackMs = 0 }: CheckRun,
  { since, version }: Since,
): boolean {
  return started - lookbackMs >= since && (release === undefined || release === version);
}

/** What fails while it starts does not count, until something has been seen to work. */
function withoutGrace(runs: readonly CheckRun[], until: number): readonly CheckRun[] {
  const first = runs.findIndex(({ started, state }) => started >= until || passes(state));
  return first === -1 ? [] : runs.slice(first);
}

const passes = (state: CheckRun['state']): boolean => state === 'ok' || state === 'warning';

/**
 * As many failures in a row as make it hard, or as many of the last, fail it. One pass is enough
 * where nothing failed, and else as many in a row as end trouble. Unknown says neither.
 */
function countedOut(runs: readonly CheckRun[], { policy }: LifeSettings): CheckJudged['verdict'] {
  const { maxAttempts, successes, of } = policy;
  const failed = runs.map(({ state }) => state === 'critical');
  const often = of ? failed.slice(-of.of).filter(Boolean).length >= of.failures : false;
  if (often || (failed.length > 0 && inRow(failed) >= maxAttempts)) return 'fail';
  const good = inRow(runs.map(({ state }) => passes(state)));
  const needed = failed.includes(true) ? successes : 1;
  return good >= needed ? 'pass' : 'not-enough-evidence';
}

/** How many at the end are true. */
function inRow(all: readonly boolean[]): number {
  const last = all.lastIndexOf(false);
  return all.length - 1 - last;
}
