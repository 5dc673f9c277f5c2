import type { CheckState, LifePolicy } from './definition.ts';
import {
  type Life,
  type LifeHappening,
  type LifeInput,
  type LifeSettings,
  advance,
  defaultPolicy,
  startLife,
} from './life.ts';
import type { CheckRun } from './run.ts';
import { type Standing, standingOf } from './standing.ts';

export const minute = 60_000;
/** 2026-11-26T10:00:00Z */
export const ten = Date.UTC(2026, 10, 26, 10);

const states: Readonly<Record<string, CheckState>> = {
  '.': 'ok',
  W: 'warning',
  C: 'critical',
  U: 'unknown',
};

/** A run of the check `home`, started at `slot` and over 200 ms later. */
export function runAt(slot: number, state: CheckState, more: Partial<CheckRun> = {}): CheckRun {
  return {
    check: 'home',
    slot,
    started: slot,
    ended: slot + 200,
    state,
    summary: state === 'ok' ? 'passed' : `was ${state}`,
    durationMs: 200,
    lagMs: 0,
    attempts: 1,
    release: undefined,
    sha: '',
    performance: [],
    ...more,
  };
}

/** Lives the life of one check that runs each minute from 10:00 on. */
export class LifePlay {
  life: Life;
  readonly happened: LifeHappening[] = [];
  readonly settings: LifeSettings;
  now = ten;

  constructor(policy: Partial<LifePolicy> = {}) {
    const interval = minute;
    this.settings = { policy: { ...defaultPolicy(interval), bootGrace: 0, ...policy }, interval };
    this.life = startLife(ten, this.settings.policy);
  }

  give(input: LifeInput): this {
    const { life, happenings } = advance('home', this.life, input, this.settings);
    this.life = life;
    this.happened.push(...happenings);
    return this;
  }

  /** Runs of one a minute: `.` ok, `W` warning, `C` critical, `U` unknown, `-` none. */
  runs(text: string, more: Partial<CheckRun> = {}): this {
    for (const letter of text) {
      const state = states[letter];
      if (state) this.give({ kind: 'run', run: runAt(this.now, state, more) });
      this.now += minute;
    }
    return this;
  }

  clock(at = this.now): this {
    return this.give({ kind: 'clock', at });
  }

  /** What happened, in words: `10:02 ok -> critical`. */
  get told(): string[] {
    return this.happened.map((one) => {
      const time = new Date(one.at).toISOString().slice(11, 16);
      return one.kind === 'statechanged'
        ? `${time} ${one.from} -> ${one.to}${one.because === 'stale' ? ' (stale)' : ''}`
        : `${time} ${one.kind} ${one.percent.toFixed(1)}`;
    });
  }

  get standing(): Standing {
    return standingOf(this.life, this.settings, this.now);
  }
}
