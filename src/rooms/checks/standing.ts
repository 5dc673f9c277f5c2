import type { CheckDefinition, CheckState } from './definition.ts';
import { flapPercent } from './flap.ts';
import { type Life, type LifeSettings, staleAt, sureState } from './life.ts';

/** How a check stands, as it is shown. Times are ms since the epoch, UTC. */
export interface Standing {
  readonly shown: CheckState | 'pending';
  /** `soft`: it may still be a passing trouble. */
  readonly kind: 'soft' | 'hard';
  readonly since: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly flapping: boolean;
  readonly flapPercent: number;
  readonly stale: boolean;
  readonly inGrace: boolean;
  readonly summary: string | null;
  readonly lastGood: number | null;
}

/** How it stands at `now`. It is stale from the moment on that it is, though nobody told its life. */
export function standingOf(life: Life, settings: LifeSettings, now: number): Standing {
  const { last, hard, flap, graceUntil, lastGood } = life;
  const { maxAttempts } = settings.policy;
  const stale = now >= staleAt(life, settings);
  return {
    ...shownOf(life, settings, now),
    attempt: Math.min(life.failures, maxAttempts),
    maxAttempts,
    flapping: flap.flapping,
    flapPercent: flapPercent(flap),
    stale,
    inGrace: graceUntil !== undefined && now < graceUntil && hard.state !== 'ok',
    summary: last?.summary ?? null,
    lastGood: lastGood?.at ?? null,
  };
}

function shownOf(
  life: Life,
  settings: LifeSettings,
  now: number,
): Pick<Standing, 'shown' | 'kind' | 'since'> {
  const { last, hard, firstBad } = life;
  const since = life.unseen ?? staleAt(life, settings);
  if (life.unseen !== undefined || now >= since) return { shown: 'unknown', kind: 'hard', since };
  const isSoft = last && last.state !== 'ok' && (hard.state === 'ok' || hard.state === 'pending');
  if (isSoft) return { shown: last.state, kind: 'soft', since: firstBad?.at ?? last.started };
  return { shown: hard.state, kind: hard.state === 'pending' ? 'soft' : 'hard', since: hard.since };
}

/** What is to become of a check's alert. */
export type Alarm =
  /** None is wanted: what is open is over. */
  | { readonly kind: 'none' }
  /** Neither opened nor resolved: it is in trouble, and something says not to tell. */
  | {
      readonly kind: 'hold';
      readonly because: 'depends' | 'quarantined' | 'away';
      readonly by?: string;
    }
  | {
      readonly kind: 'raise';
      readonly because: 'state' | 'stale' | 'flapping';
      readonly state: CheckState;
      readonly since: number;
    };

/** What stands in the way of an alert. */
export interface Silencing {
  readonly quarantined: boolean;
  /** A check that it depends on and that is down: see `suppressor`. */
  readonly suppressedBy: string | undefined;
}

/**
 * What is to become of the alert of a check when the stream's clock is at `now`. What it says
 * follows from how the check is, not from what happened: said again, it is the same. An alert that
 * is held back is raised when what held it is over and the trouble is still there.
 */
export function alarmOf(
  life: Life,
  settings: LifeSettings,
  { quarantined, suppressedBy }: Silencing,
  now: number,
): Alarm {
  const wanted = wantedOf(life);
  if (!wanted) return { kind: 'none' };
  if (suppressedBy !== undefined) return { kind: 'hold', because: 'depends', by: suppressedBy };
  if (quarantined) return { kind: 'hold', because: 'quarantined' };
  if (wanted.because === 'stale' && isAway(life, settings, now))
    return { kind: 'hold', because: 'away' };
  return wanted;
}

type Raise = Alarm & { readonly kind: 'raise' };

function wantedOf({ unseen, hard, flap, last }: Life): Raise | undefined {
  if (unseen !== undefined)
    return { kind: 'raise', because: 'stale', state: 'unknown', since: unseen };
  const { state, since } = hard;
  const bad = state === 'ok' || state === 'pending' ? undefined : state;
  if (flap.flapping) {
    const seen = bad ?? last?.state ?? 'unknown';
    return { kind: 'raise', because: 'flapping', state: seen === 'ok' ? 'warning' : seen, since };
  }
  return bad && { kind: 'raise', because: 'state', state: bad, since };
}

/** That the runner was away is no trouble of the check, which gets its time again. */
function isAway({ away }: Life, { policy, interval }: LifeSettings, now: number): boolean {
  return away !== undefined && now < away + policy.staleAfter * interval;
}

/**
 * The first check that this one depends on and that is surely down; one hop is enough, as those
 * that are silenced change their state all the same. A warning is not down.
 */
export function suppressor(
  { dependsOn }: Pick<CheckDefinition, 'dependsOn'>,
  lifeOf: (check: string) => Life | undefined,
): string | undefined {
  return dependsOn.find((id) => {
    const life = lifeOf(id);
    if (!life) return false;
    const state = sureState(life);
    return state === 'critical' || state === 'unknown';
  });
}
