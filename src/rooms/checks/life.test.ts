import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LifeInput, advance, startLife } from './life.ts';
import { LifePlay, minute, runAt, ten } from './life.suite.ts';
import { missReasons } from './run.ts';

describe('soft and hard', () => {
  test('the first good run is sure at once', () => {
    const play = new LifePlay().runs('.');
    expect(play.told).toEqual(['10:00 pending -> ok']);
    expect(play.standing).toMatchObject({ shown: 'ok', kind: 'hard', attempt: 0 });
  });

  test('three failures in a row are sure, two are not', () => {
    const play = new LifePlay().runs('.CC');
    expect(play.standing).toMatchObject({ shown: 'critical', kind: 'soft', attempt: 2 });
    expect(play.told).toHaveLength(1);
    play.runs('C');
    expect(play.told.slice(1)).toEqual(['10:03 ok -> critical']);
    expect(play.standing).toMatchObject({ shown: 'critical', kind: 'hard', attempt: 3 });
  });

  test('what passes in between begins again', () => {
    expect(new LifePlay().runs('.CC.CC.').told).toEqual(['10:00 pending -> ok']);
  });

  test('it is over after two good runs in a row', () => {
    const play = new LifePlay().runs('.CCC.C.');
    expect(play.told.slice(2)).toEqual([]);
    expect(play.standing).toMatchObject({ shown: 'critical', kind: 'hard' });
    play.runs('.');
    expect(play.told.slice(2)).toEqual(['10:07 critical -> ok']);
  });

  test('hard trouble of another kind is hard at once', () => {
    expect(new LifePlay().runs('CCCWU').told).toEqual([
      '10:02 pending -> critical',
      '10:03 critical -> warning',
      '10:04 warning -> unknown',
    ]);
  });

  test('a change says what was the last good run and the first bad one, with their versions', () => {
    const play = new LifePlay().runs('.', { release: '1.0' }).runs('CCC', { release: '1.1' });
    expect(play.happened.at(-1)).toMatchObject({
      id: `home/${ten + 3 * minute}/state`,
      lastGood: { at: ten, release: '1.0' },
      firstBad: { at: ten + minute, release: '1.1' },
      summary: 'was critical',
    });
    expect(play.runs('..').life.firstBad).toBeUndefined();
  });

  test('three of the last six, when one of several machines is bad', () => {
    const play = new LifePlay({ of: { failures: 3, of: 6 } }).runs('.C..C');
    expect(play.told).toHaveLength(1);
    play.runs('C');
    expect(play.told.slice(1)).toEqual(['10:05 ok -> critical']);
    // Two good runs are not enough as long as three of six are bad.
    play.runs('.');
    expect(play.standing).toMatchObject({ shown: 'critical', kind: 'hard' });
    play.runs('.');
    expect(play.told.slice(2)).toEqual(['10:07 critical -> ok']);
  });

  test('a blip now and then is flapping, and said as such once', () => {
    const play = new LifePlay().runs('.C.C.C.C.C.C');
    expect(play.told).toEqual(['10:00 pending -> ok', '10:06 flappingstarted 33.9']);
    expect(play.standing.flapping).toBe(true);
    play.runs('.'.repeat(30));
    expect(play.told.at(-1)).toMatch(/flappingended/);
    expect(play.told).toHaveLength(3);
  });

  test('a run that comes again, or late, changes nothing', () => {
    const play = new LifePlay().runs('.CC');
    const { life } = play;
    play.give({ kind: 'run', run: runAt(ten + 2 * minute, 'critical') });
    play.give({ kind: 'run', run: runAt(ten, 'ok') });
    expect(play.life).toBe(life);
  });
});

describe('grace', () => {
  test('failures of the first start do not count, and a success ends it', () => {
    const play = new LifePlay({ bootGrace: 10 * minute }).runs('CCCCC');
    expect(play.told).toEqual([]);
    expect(play.standing).toMatchObject({ inGrace: true, attempt: 0, summary: 'was critical' });
    play.runs('.CCC');
    expect(play.told).toEqual(['10:05 pending -> ok', '10:08 ok -> critical']);
  });

  test('it ends by itself', () => {
    const play = new LifePlay({ bootGrace: 2 * minute }).runs('CCCCC');
    expect(play.told).toEqual(['10:04 pending -> critical']);
  });

  test('a version that was not there before starts first', () => {
    const play = new LifePlay({ bootGrace: 2 * minute }).runs('.', { release: '1.0' });
    play.runs('CC', { release: '1.1' });
    expect(play.standing.attempt).toBe(0);
    play.runs('CCC', { release: '1.1' });
    expect(play.told.slice(1)).toEqual(['10:05 ok -> critical']);
  });

  test('what was hard stays so', () => {
    const play = new LifePlay({ bootGrace: 2 * minute }).runs('.', { release: '1.0' });
    play.runs('CCC', { release: '1.0' }).runs('C', { release: '1.1' });
    expect(play.standing).toMatchObject({ shown: 'critical', kind: 'hard' });
    expect(play.runs('..', { release: '1.1' }).standing.shown).toBe('ok');
  });
});

describe('no result', () => {
  test('after three intervals it is unknown, by the clock of the stream', () => {
    const play = new LifePlay().runs('.--').clock(ten + 3 * minute);
    expect(play.told).toHaveLength(1);
    play.clock(ten + 3 * minute + 200);
    expect(play.told.slice(1)).toEqual(['10:03 ok -> unknown (stale)']);
    expect(play.standing).toMatchObject({ shown: 'unknown', kind: 'hard' });
  });

  test('it is shown although nobody tells the clock', () => {
    const play = new LifePlay().runs('.----');
    expect(play.standing).toMatchObject({ shown: 'unknown', stale: true });
  });

  test('a check that never ran is unknown as well', () => {
    const play = new LifePlay().runs('----').clock();
    expect(play.told).toEqual(['10:03 pending -> unknown (stale)']);
  });

  test('unknown ends with what is sure: a pass', () => {
    const play = new LifePlay().runs('.----.');
    expect(play.told.slice(1)).toEqual(['10:03 ok -> unknown (stale)', '10:05 unknown -> ok']);
  });

  test('unknown does not end with a failure that is not sure', () => {
    const play = new LifePlay().runs('.----CC');
    expect(play.standing).toMatchObject({ shown: 'unknown', kind: 'hard', stale: false });
    expect(play.runs('C').told.at(-1)).toBe('10:07 unknown -> critical');
  });

  test('hard trouble needs its two good runs after silence too', () => {
    const play = new LifePlay().runs('CCC----.');
    expect(play.standing.shown).toBe('unknown');
    expect(play.runs('.').told.at(-1)).toBe('10:08 unknown -> ok');
  });

  test('slots that had no run tell the time', () => {
    const play = new LifePlay().runs('.');
    const missed = { check: 'home', slot: ten + 5 * minute, why: 'no-place' } as const;
    play.give({ kind: 'missed', missed });
    expect(play.told.slice(1)).toEqual(['10:03 ok -> unknown (stale)']);
  });
});

const inputs = fc
  .array(
    fc.record({
      after: fc.integer({ min: 1, max: 6 }),
      state: fc.constantFrom('ok', 'ok', 'warning', 'critical', 'unknown', 'missed'),
      release: fc.constantFrom(undefined, '1.0', '1.1'),
      why: fc.constantFrom(...missReasons),
    }),
    { maxLength: 80 },
  )
  .map((steps) => {
    let at = ten;
    return steps.map(({ after, state, release, why }): LifeInput => {
      at += after * minute;
      if (state === 'missed') return { kind: 'missed', missed: { check: 'home', slot: at, why } };
      return { kind: 'run', run: runAt(at, state, { release }) };
    });
  });

const policies = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  successes: fc.integer({ min: 1, max: 3 }),
  bootGrace: fc.constantFrom(0, 3 * minute),
  of: fc.option(fc.constant({ failures: 2, of: 6 }), { nil: undefined }),
});

describe('whatever comes', () => {
  test('how often the clock is told changes nothing', () => {
    fc.assert(
      fc.property(
        inputs,
        policies,
        fc.integer({ min: 1, max: 4 }),
        (all, { of, ...rest }, every) => {
          const policy = of ? { ...rest, of } : rest;
          const plain = new LifePlay(policy);
          const ticked = new LifePlay(policy);
          for (const input of all) {
            plain.give(input);
            const at = timeOf(input);
            for (let t = at - 5 * minute; t <= at; t += every * 40_000) ticked.clock(t);
            ticked.give(input);
          }
          expect(ticked.clock(ten + 10_000 * minute)).toEqual(plain.clock(ten + 10_000 * minute));
        },
      ),
    );
  });

  test('said again from any place, it says the same, and no id is used twice', () => {
    fc.assert(
      fc.property(inputs, policies, fc.nat(), (all, { of, ...rest }, cut) => {
        const play = new LifePlay(of ? { ...rest, of } : rest);
        const from = cut % (all.length + 1);
        for (const input of all.slice(0, from)) play.give(input);
        // As it stands in a checkpoint.
        const kept = JSON.parse(JSON.stringify(play.life)) as typeof play.life;
        const before = play.happened.length;
        for (const input of all.slice(from)) play.give(input);
        const again = new LifePlay(of ? { ...rest, of } : rest);
        again.life = kept;
        for (const input of all.slice(from)) again.give(input);
        expect(again.happened).toEqual(play.happened.slice(before));
        const ids = play.happened.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  test('changes follow each other: each begins where the last one ended', () => {
    fc.assert(
      fc.property(inputs, policies, (all, { of, ...rest }) => {
        const play = new LifePlay(of ? { ...rest, of } : rest);
        for (const input of all) play.give(input);
        let state: string = 'pending';
        for (const one of play.happened) {
          if (one.kind !== 'statechanged') continue;
          expect(one.from).toBe(state);
          expect(one.to).not.toBe(state);
          state = one.to;
        }
      }),
    );
  });

  test('nothing becomes ok without a run that is ok', () => {
    const property = fc.property(inputs, policies, (all, { of, ...rest }) => {
      const play = new LifePlay(of ? { ...rest, of } : rest);
      const turned = all.filter((input) => {
        const before = play.happened.length;
        play.give(input);
        return play.happened.slice(before).some((one) => 'to' in one && one.to === 'ok');
      });
      return turned.every((input) => input.kind === 'run' && input.run.state === 'ok');
    });
    expect(fc.check(property).counterexample).toBeNull();
  });

  test('it is plain data', () => {
    const { settings } = new LifePlay();
    const life = startLife(ten, settings.policy);
    const input: LifeInput = { kind: 'run', run: runAt(ten, 'critical') };
    const { life: next } = advance('home', life, input, settings);
    expect(JSON.parse(JSON.stringify(next))).toEqual(JSON.parse(JSON.stringify({ ...next })));
  });
});

function timeOf(input: LifeInput): number {
  if (input.kind === 'run') return input.run.started;
  return input.kind === 'missed' ? input.missed.slot : input.at;
}
