import type { Finding } from '../../checks/language/feature.ts';
import { phaseOf, slotFrom } from '../../checks/schedule/slots.ts';
import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import type { Life, LifeSettings } from '../../rooms/checks/life.ts';
import type { CheckRun } from '../../rooms/checks/run.ts';
import { standingOf, suppressor } from '../../rooms/checks/standing.ts';
import { stripOf } from '../../rooms/checks/strip.ts';
import type * as contract from '../api/contract-checks.ts';
import type { Lived } from './recording/lives.ts';

/** What is known of a check beside its definition. */
type Shown = Pick<contract.Check, 'standing' | 'quarantine' | 'strip' | 'next'>;

/** A check as the API shows it. */
export function checkView(definition: CheckDefinition, lived: Shown): contract.Check {
  const { application, dependsOn, tags, sha: _, ...rest } = definition;
  return {
    ...rest,
    application: application ?? null,
    tags: [...tags],
    dependsOn: [...dependsOn],
    ...lived,
  };
}

interface Lives {
  readonly settings: LifeSettings;
  /** ms since the epoch, UTC. */
  readonly now: number;
  readonly lifeOf: (check: string) => Life | undefined;
}

/** How a check stands, and its last slots. */
export function livedView(
  definition: CheckDefinition,
  lived: Lived | undefined,
  { settings, now, lifeOf }: Lives,
): Omit<Shown, 'quarantine'> {
  const { id, interval } = definition;
  const next = slotFrom(now, interval, phaseOf(id, interval));
  if (!lived) return { standing: pending(settings), strip: [], next };
  const suppressedBy = suppressor(definition, lifeOf) ?? null;
  const standing = { ...standingOf(lived.life, settings, now), suppressedBy };
  return { standing, strip: stripOf(lived.outcomes).map((one) => ({ ...one })), next };
}

const pending = ({ policy }: LifeSettings): contract.CheckStanding => ({
  shown: 'pending',
  kind: 'soft',
  since: null,
  attempt: 0,
  maxAttempts: policy.maxAttempts,
  flapping: false,
  flapPercent: 0,
  stale: false,
  suppressedBy: null,
  inGrace: false,
  summary: null,
  lastGood: null,
});

/** A run as the API shows it. `hasDetail`: its steps are still kept. */
export function runView(run: CheckRun, hasDetail: boolean): contract.CheckRunRow {
  const { slot, started, state, summary, durationMs, lagMs, attempts, release } = run;
  return {
    slot,
    started,
    state,
    summary,
    durationMs,
    lagMs,
    attempts,
    release: release ?? null,
    performance: run.performance.map((one) => ({ ...one })),
    hasDetail,
  };
}

/** By application, environment and name; those without application last. */
export function inOrder(a: CheckDefinition, b: CheckDefinition): number {
  const none = Number(a.application === undefined) - Number(b.application === undefined);
  return (
    none ||
    (a.application ?? '').localeCompare(b.application ?? '') ||
    a.environment.localeCompare(b.environment) ||
    a.name.localeCompare(b.name)
  );
}

/** A finding without what only its maker needs. */
export const findingView = ({ file, line, column, message }: Finding): contract.FeatureFinding => ({
  file,
  line,
  column,
  message,
});
