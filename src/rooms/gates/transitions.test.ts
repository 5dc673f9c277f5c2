import { describe, expect, test } from 'vitest';
import { GatesPlay, at, hour } from './gates.suite.ts';

/** A Wednesday, at noon. */
const noon = at('2026-05-06T12:00:00Z');
const utc = { kind: 'window', zone: 'UTC', scope: { environment: 'production' } } as const;

/**
 * The transition scenarios of Argo CD (docs/user-guide/sync_windows.md): a deploy began at 11:00, and
 * asks at noon whether it may go on. Each
 * window has its kind, its times, and whether it may be overrun.
 */
describe('a deploy that has begun, when a window opens or closes', () => {
  type Row = readonly [
    what: string,
    windows: readonly (readonly ['allow' | 'deny', string, boolean])[],
    may: boolean,
  ];
  const morning = 'Wed 09:00-11:30';
  const from1130 = 'Wed 11:30-15:00';
  const all: readonly Row[] = [
    ['no window → deny with overrun', [['deny', from1130, true]], true],
    ['no window → deny without', [['deny', from1130, false]], false],
    [
      'allow with → deny with',
      [
        ['allow', morning, true],
        ['deny', from1130, true],
      ],
      true,
    ],
    [
      'allow with → deny without',
      [
        ['allow', morning, true],
        ['deny', from1130, false],
      ],
      false,
    ],
    [
      'allow without → deny with',
      [
        ['allow', morning, false],
        ['deny', from1130, true],
      ],
      true,
    ],
    [
      'allow without → deny without',
      [
        ['allow', morning, false],
        ['deny', from1130, false],
      ],
      false,
    ],
    ['allow with → it ends', [['allow', morning, true]], true],
    [
      'allows with → all end',
      [
        ['allow', morning, true],
        ['allow', 'Wed 10:00-11:45', true],
      ],
      true,
    ],
    [
      'allows, one without → all end',
      [
        ['allow', morning, true],
        ['allow', 'Wed 10:00-11:45', false],
      ],
      false,
    ],
    ['(ours) allow without → it ends', [['allow', morning, false]], false],
    ['(ours) began outside of the allow', [['allow', 'Wed 09:00-10:00', true]], false],
    ['(ours) began while denied', [['deny', 'Wed 10:00-13:00', true]], false],
    [
      '(ours) two denies, one without',
      [
        ['deny', from1130, true],
        ['deny', 'Wed 11:45-13:00', false],
      ],
      false,
    ],
    ['(ours) an allow is still open', [['allow', 'Wed 09:00-17:00', false]], true],
  ];
  test.each(all)('%s', (what, windows, may) => {
    const play = new GatesPlay(at('2026-05-06T08:00:00Z'));
    for (const [opens, schedule, overrun] of windows)
      play.give({ ...utc, opens, schedule, overrun });
    play.now = noon;
    expect(play.ask({ started: noon - hour }).may).toBe(may);
    // One that has not begun gets no grace.
    expect(play.ask().may).toBe(what.endsWith('still open'));
  });
});
