import type { CheckState, LifePolicy } from './definition.ts';
import { type Flap, flapPercent, observe, steadyFlap } from './flap.ts';
import type { CheckRun, MissedSlot } from './run.ts';

/**
 * The life of a check: a pure fold of its runs, of slots that had none, and of the stream's clock.
 * Soft and hard states as Icinga has them. Plain data, so that it stands in a checkpoint. Times are
 * ms since the epoch, UTC.
 */
export interface Life {
  readonly born: number;
  /** The last run; runs of earlier slots are not folded again. */
  readonly last: LastRun | undefined;
  /** The last version that was seen running. */
  readonly release: string | undefined;
  /** What is sure. `pending`: nothing yet. */
  readonly hard: { readonly state: CheckState | 'pending'; readonly since: number };
  /** Since when there was no result for too long. It ends with a state that is sure, never by itself. */
  readonly unseen: number | undefined;
  /** The runner was away until then: that there was no result says nothing of the check. */
  readonly away: number | undefined;
  /** Not ok in a row, and ok in a row. */
  readonly failures: number;
  readonly passes: number;
  /** One character for each of the last results, the newest last: `x` where it was not ok, else `.`. */
  readonly failed: string;
  /** Failures of runs that started before do not count. */
  readonly graceUntil: number | undefined;
  readonly flap: Flap;
  readonly lastGood: Moment | undefined;
  /** When the present trouble began. */
  readonly firstBad: Moment | undefined;
}

export interface LastRun {
  readonly slot: number;
  readonly started: number;
  readonly ended: number;
  readonly state: CheckState;
  readonly summary: string;
}

/** When a run started, and the version that it saw. */
export interface Moment {
  readonly at: number;
  readonly release: string | undefined;
}

/** What a check's life goes by. `interval`: ms between runs. */
export interface LifeSettings {
  readonly policy: LifePolicy;
  readonly interval: number;
}

export type LifeInput =
  | { readonly kind: 'run'; readonly run: CheckRun }
  | { readonly kind: 'missed'; readonly missed: MissedSlot }
  /** The stream's clock has come to `at`. */
  | { readonly kind: 'clock'; readonly at: number }
  /** The runner was away until `at`: it was not there to run anything. */
  | { readonly kind: 'returned'; readonly at: number };

/** What is sure has changed. Soft states are seen in the runs, and are no facts. */
export interface StateChanged {
  readonly kind: 'statechanged';
  /** Names the fact: the same for the same run, however often it is folded. */
  readonly id: string;
  readonly at: number;
  /** Of the run that it came with; of the last run where it came without one. */
  readonly slot: number;
  readonly from: CheckState | 'pending';
  readonly to: CheckState;
  readonly because: 'run' | 'stale';
  readonly summary: string;
  readonly release: string | undefined;
  readonly lastGood: Moment | undefined;
  readonly firstBad: Moment | undefined;
}

export interface FlappingChanged {
  readonly kind: 'flappingstarted' | 'flappingended';
  readonly id: string;
  readonly at: number;
  readonly slot: number;
  readonly percent: number;
  readonly release: string | undefined;
}

export type LifeHappening = StateChanged | FlappingChanged;

export interface Advanced {
  readonly life: Life;
  readonly happenings: readonly LifeHappening[];
}

/** Attempts and thresholds where nobody says otherwise, after `interval` (ms). */
export function defaultPolicy(interval: number): LifePolicy {
  return {
    maxAttempts: 3,
    successes: 2,
    retryInterval: Math.min(interval, Math.max(10_000, interval / 5)),
    staleAfter: 3,
    bootGrace: 60_000,
  };
}

/** Of a check that is known since `at`. Its first start has a grace as a deploy has. */
export function startLife(at: number, { bootGrace }: LifePolicy): Life {
  return {
    born: at,
    last: undefined,
    release: undefined,
    hard: { state: 'pending', since: at },
    unseen: undefined,
    away: undefined,
    failures: 0,
    passes: 0,
    failed: '',
    graceUntil: at + bootGrace,
    flap: steadyFlap,
    lastGood: undefined,
    firstBad: undefined,
  };
}

/**
 * The life with one thing more, and what happened. The same for the same inputs; how often the clock
 * is told between them changes nothing. A run that is already in it changes nothing.
 */
export function advance(
  check: string,
  life: Life,
  input: LifeInput,
  settings: LifeSettings,
): Advanced {
  switch (input.kind) {
    case 'clock':
      return passTime(check, life, input.at, settings);
    case 'missed':
      return withMissed(check, life, input.missed, settings);
    case 'returned':
      return { life: { ...life, away: Math.max(input.at, life.away ?? 0) }, happenings: [] };
    case 'run':
      return withRun(check, life, input.run, settings);
  }
}

/** When there has been no result for too long. */
export function staleAt({ last, born }: Life, { policy, interval }: LifeSettings): number {
  return (last?.ended ?? born) + policy.staleAfter * interval;
}

function passTime(check: string, life: Life, at: number, settings: LifeSettings): Advanced {
  const since = staleAt(life, settings);
  if (life.unseen !== undefined || at < since) return { life, happenings: [] };
  const next = { ...life, unseen: since };
  const { last } = life;
  const silence = `no result for ${inWords(policyTime(settings))}`;
  const changed = changeOf(check, {
    before: life,
    life: next,
    at: since,
    slot: last?.slot ?? life.born,
    because: 'stale',
    summary: last ? `${silence}; it was ${last.state} then` : `${silence}, and none before`,
  });
  return { life: next, happenings: changed };
}

const policyTime = ({ policy, interval }: LifeSettings): number => policy.staleAfter * interval;

function withMissed(
  check: string,
  life: Life,
  { slot, why }: MissedSlot,
  settings: LifeSettings,
): Advanced {
  const passed = passTime(check, life, slot, settings);
  if (why !== 'asleep' && why !== 'stopped') return passed;
  const away = Math.max(slot, life.away ?? slot);
  return { ...passed, life: { ...passed.life, away } };
}

function withRun(check: string, life: Life, run: CheckRun, settings: LifeSettings): Advanced {
  if (life.last && run.slot <= life.last.slot) return { life, happenings: [] };
  const passed = passTime(check, life, run.ended, settings);
  const before = passed.life;
  const known = withRelease({ ...before, last: lastOf(run) }, run, settings.policy);
  if (isGrace(known, run)) return { life: known, happenings: passed.happenings };
  const next = decided(counted(known, run), run, settings.policy);
  const at = run.ended;
  return {
    life: next,
    happenings: [
      ...passed.happenings,
      ...changeOf(check, {
        before,
        life: next,
        at,
        slot: run.slot,
        because: 'run',
        summary: run.summary,
      }),
      ...flapOf(check, before, next, run),
    ],
  };
}

const lastOf = ({ slot, started, ended, state, summary }: CheckRun): LastRun => ({
  slot,
  started,
  ended,
  state,
  summary,
});

/** A version that was not there before has to start first. */
function withRelease(life: Life, { release, started }: CheckRun, { bootGrace }: LifePolicy): Life {
  if (release === undefined || release === life.release) return life;
  if (life.release === undefined) return { ...life, release };
  return { ...life, release, graceUntil: Math.max(started + bootGrace, life.graceUntil ?? 0) };
}

/** Only until something has been seen to work (gatus #1414). */
function isGrace({ graceUntil }: Life, { started, state }: CheckRun): boolean {
  return graceUntil !== undefined && started < graceUntil && state !== 'ok' && state !== 'warning';
}

function counted(life: Life, { started, state, release }: CheckRun): Life {
  const isGood = state === 'ok';
  const failed = (life.failed + (isGood ? '.' : 'x')).slice(-maxOf);
  const moment: Moment = { at: started, release };
  const rest = { failed, graceUntil: undefined, flap: observe(life.flap, state) };
  if (isGood) return { ...life, ...rest, failures: 0, passes: life.passes + 1, lastGood: moment };
  const firstBad = life.firstBad ?? moment;
  return { ...life, ...rest, failures: life.failures + 1, passes: 0, firstBad };
}

/** Of so many results is remembered whether they were ok: what "x of the last y" can ask for. */
const maxOf = 100;

function decided(life: Life, run: CheckRun, policy: LifePolicy): Life {
  const to = sureOf(life, run.state, policy);
  if (to === undefined) return life;
  const isSame = to === life.hard.state;
  // Trouble that was only soft is over with the first good run.
  const firstBad = to === 'ok' ? undefined : life.firstBad;
  const hard = isSame ? life.hard : { state: to, since: run.ended };
  return { ...life, hard, firstBad, unseen: undefined };
}

/** What is sure after a run; undefined: it is not sure yet. */
function sureOf(life: Life, state: CheckState, policy: LifePolicy): CheckState | undefined {
  const wasBad = life.hard.state !== 'ok' && life.hard.state !== 'pending';
  const many = isOften(life.failed, policy);
  if (state === 'ok') {
    if (!wasBad) return 'ok';
    return life.passes >= policy.successes && !many ? 'ok' : undefined;
  }
  // Hard trouble of another kind is hard at once, as with Icinga.
  return wasBad || many || life.failures >= policy.maxAttempts ? state : undefined;
}

function isOften(failed: string, { of }: LifePolicy): boolean {
  if (!of) return false;
  return failed.slice(-of.of).split('x').length > of.failures;
}

/** What is sure as it is shown: with no result for too long that is unknown. */
export function sureState({ unseen, hard }: Life): CheckState | 'pending' {
  return unseen === undefined ? hard.state : 'unknown';
}

interface Change extends Pick<StateChanged, 'at' | 'slot' | 'because' | 'summary'> {
  readonly before: Life;
  readonly life: Life;
}

function changeOf(check: string, { before, life, ...rest }: Change): StateChanged[] {
  const [from, to] = [sureState(before), sureState(life)];
  if (from === to || to === 'pending') return [];
  const { release, lastGood, firstBad } = life;
  const id = `${check}/${rest.slot}/${rest.because === 'run' ? 'state' : 'stale'}`;
  return [{ kind: 'statechanged', id, from, to, ...rest, release, lastGood, firstBad }];
}

function flapOf(check: string, before: Life, { flap }: Life, run: CheckRun): FlappingChanged[] {
  if (flap.flapping === before.flap.flapping) return [];
  return [
    {
      kind: flap.flapping ? 'flappingstarted' : 'flappingended',
      id: `${check}/${run.slot}/flapping`,
      at: run.ended,
      slot: run.slot,
      percent: flapPercent(flap),
      release: run.release,
    },
  ];
}

function inWords(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
