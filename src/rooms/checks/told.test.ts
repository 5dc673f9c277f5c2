import { describe, expect, test } from 'vitest';
import { budgetsOf } from './budget.ts';
import { definitionOf } from './checks.suite.ts';
import type { CheckState } from './definition.ts';
import { emptyLedger, flakeRate, recordRun } from './ledger.ts';
import { LifePlay, minute, runAt, ten } from './life.suite.ts';
import type { CheckRun } from './run.ts';
import { type Silencing, alarmOf, suppressor } from './standing.ts';
import { stripOf } from './strip.ts';

const day = 86_400_000;

describe('what is to become of an alert', () => {
  const open: Silencing = { quarantined: false, suppressedBy: undefined };
  const alarm = (play: LifePlay, silencing = open) =>
    alarmOf(play.life, play.settings, silencing, play.now);

  test('none while it is good or not sure', () => {
    expect(alarm(new LifePlay())).toEqual({ kind: 'none' });
    expect(alarm(new LifePlay().runs('.CC'))).toEqual({ kind: 'none' });
  });

  test('one while it is in trouble', () => {
    expect(alarm(new LifePlay().runs('.CCC'))).toMatchObject({
      kind: 'raise',
      because: 'state',
      state: 'critical',
    });
    expect(alarm(new LifePlay().runs('.CCC.'))).toMatchObject({ kind: 'raise' });
    expect(alarm(new LifePlay().runs('.CCC..'))).toEqual({ kind: 'none' });
  });

  test('one for all of its changes while it flaps', () => {
    const play = new LifePlay().runs('.C.C.C.C');
    expect(alarm(play)).toMatchObject({ because: 'flapping', state: 'critical' });
    expect(alarm(play.runs('.'))).toMatchObject({ because: 'flapping', state: 'warning' });
  });

  test('what depends or is in quarantine is held back, and resolved all the same', () => {
    const play = new LifePlay().runs('.CCC');
    const held = { ...open, suppressedBy: 'database' };
    expect(alarm(play, held)).toEqual({ kind: 'hold', because: 'depends', by: 'database' });
    expect(alarm(play, { ...open, quarantined: true })).toMatchObject({ kind: 'hold' });
    // Its states were recorded as ever.
    expect(play.told.at(-1)).toBe('10:03 ok -> critical');
    expect(alarm(play.runs('..'), held)).toEqual({ kind: 'none' });
    // And still in trouble when it is held back no more, it is told.
    expect(alarm(play.runs('CCC'))).toMatchObject({ kind: 'raise' });
  });

  test('silence is told, but not at once where the runner itself was away', () => {
    const play = new LifePlay().runs('.-----').clock();
    expect(alarm(play)).toMatchObject({ because: 'stale', state: 'unknown' });
    const missed = { check: 'home', slot: play.now, why: 'stopped' } as const;
    play.give({ kind: 'missed', missed });
    expect(alarm(play)).toEqual({ kind: 'hold', because: 'away' });
    play.now += 3 * minute;
    expect(alarm(play)).toMatchObject({ because: 'stale' });
    play.give({ kind: 'returned', at: play.now });
    expect(alarm(play)).toEqual({ kind: 'hold', because: 'away' });
  });

  test('only what is surely down silences, and not with a warning', () => {
    const lives = new Map([
      ['soft', new LifePlay().runs('.CC').life],
      ['warning', new LifePlay().runs('WWW').life],
      ['down', new LifePlay().runs('CCC').life],
    ]);
    const of = (...dependsOn: string[]) =>
      suppressor(definitionOf('home', { dependsOn }), (id) => lives.get(id));
    expect(of('soft', 'warning', 'gone')).toBeUndefined();
    expect(of('soft', 'down')).toBe('down');
  });
});

describe('the ledger of flakes', () => {
  const after = (text: string, more: (i: number) => Partial<CheckRun> = () => ({})) => {
    let ledger = emptyLedger;
    for (const [i, letter] of text.split('').entries())
      ledger = recordRun(
        ledger,
        runAt(ten + i * minute, letter === '.' ? 'ok' : 'critical', more(i)),
      );
    return ledger;
  };

  test('counts how often a check changes its mind', () => {
    expect(flakeRate(after('..C..C...'), ten)).toEqual({
      runs: 9,
      flips: 4,
      rate: 0.5,
      retried: 0,
    });
  });

  test('a new release or another text is no flake', () => {
    const release = (i: number) => ({ release: i < 3 ? '1.0' : '1.1' });
    expect(flakeRate(after('...CCC', release), ten).flips).toBe(0);
    const sha = (i: number) => ({ sha: i < 3 ? 'a' : 'b' });
    expect(flakeRate(after('CCC...', sha), ten).flips).toBe(0);
  });

  test('a pass that needed a second try is counted', () => {
    expect(
      flakeRate(
        after('..C', () => ({ attempts: 2 })),
        ten,
      ).retried,
    ).toBe(2);
  });

  test('a run is counted once, and two weeks are', () => {
    const ledger = after('.C.');
    expect(recordRun(ledger, runAt(ten, 'ok'))).toBe(ledger);
    let long = emptyLedger;
    for (let i = 0; i < 30; i++) long = recordRun(long, runAt(ten + i * day, 'ok'));
    expect(long.days).toHaveLength(14);
    expect(flakeRate(long, ten + 29 * day).runs).toBe(14);
    expect(flakeRate(long, ten + 60 * day)).toEqual({ runs: 0, flips: 0, rate: 0, retried: 0 });
  });
});

test('a strip has its slots by time, though a miss is told while the run before still goes on', () => {
  const run = (slot: number, state: CheckState) =>
    ({ kind: 'run', run: runAt(slot, state, { release: '1.0' }) }) as const;
  const missed = { check: 'home', slot: 2, why: 'still-running' } as const;
  const strip = stripOf([run(0, 'ok'), { kind: 'missed', missed }, run(1, 'critical')]);
  expect(strip).toEqual([
    { slot: 0, state: 'ok', durationMs: 200, release: '1.0' },
    { slot: 1, state: 'critical', durationMs: 200, release: '1.0' },
    { slot: 2, state: 'missed', durationMs: null, release: null },
  ]);
  expect(stripOf(Array.from({ length: 90 }, (_, i) => run(i, 'ok')))).toHaveLength(60);
});

describe('budgets', () => {
  const measured = (value: number, i: number): CheckRun =>
    runAt(ten + i * minute, 'ok', {
      performance: [
        { label: 'elapsed', value, unit: 's', warning: 0.5, critical: 1 },
        { label: 'size', value: 100, unit: 'B' },
      ],
    });

  test('are values with a limit, held against it by their middle', () => {
    const [budget, ...others] = budgetsOf(
      definitionOf('home'),
      [0.2, 9, 0.3, 0.6, 0.4].map(measured),
    );
    expect(others).toEqual([]);
    expect(budget).toMatchObject({
      label: 'elapsed',
      warning: 0.5,
      critical: 1,
      last: 0.4,
      median: 0.4,
      samples: 5,
      state: 'ok',
    });
    expect(budget?.points[1]).toEqual({ at: ten + minute, value: 9 });
  });

  test.each([
    [[0.6, 0.6, 0.6, 0.6, 0.6, 0.7], 'warning', 0.6],
    [[1.2, 1.4, 1.2, 1.4], 'pending', 1.3],
    [[1, 1, 1, 1, 1], 'critical', 1],
  ] as const)('%j is %s', (values, state, median) => {
    const [budget] = budgetsOf(definitionOf('home'), values.map(measured));
    expect(budget?.state).toBe(state);
    expect(budget?.median).toBeCloseTo(median, 9);
  });
});
