import { describe, expect, test } from 'vitest';
import { GatesPlay, at, day, hour, minute } from './gates.suite.ts';

/** A Wednesday, at noon. */
const noon = at('2026-05-06T12:00:00Z');
const everywhere = {};
const production = { environment: 'production' };
const here = { app: 'shop', environment: 'production' };
const utc = { kind: 'window', zone: 'UTC', scope: production } as const;

test('with nothing set up, everything may go out', () => {
  expect(new GatesPlay(noon).ask()).toEqual({ may: true, refusals: [], warnings: [] });
});

describe('windows', () => {
  test('with an allow there must be one open; the next one is named', () => {
    const play = new GatesPlay(noon);
    play.give({ ...utc, opens: 'allow', schedule: 'Mon-Thu 09:30-17:00' });
    play.give({ ...utc, opens: 'allow', schedule: 'Fri 09:30-16:00' });
    expect(play.ask().may).toBe(true);
    play.now = at('2026-05-06T17:00:00Z');
    expect(play.ask()).toMatchObject({
      may: false,
      refusals: [
        {
          rule: 'window',
          reason: 'deploys go out only Mon-Thu 09:30-17:00 (UTC) or Fri 09:30-16:00 (UTC)',
          until: at('2026-05-07T09:30:00Z'),
        },
      ],
    });
    expect(play.from()).toBe(at('2026-05-07T09:30:00Z'));
    expect(play.ask({ environment: 'staging' }).may).toBe(true);
  });

  test('an open deny wins over an open allow, and says when it closes and who may lift it', () => {
    const play = new GatesPlay(noon);
    play.give({ ...utc, opens: 'allow', schedule: 'daily 00:00-24:00', scope: everywhere });
    const reason = 'lunch of the second line';
    const id = play.give({ ...utc, opens: 'deny', schedule: 'daily 11:30-12:30', reason });
    expect(play.ask().refusals).toEqual([
      {
        rule: 'window',
        id,
        scope: production,
        by: 'ann',
        reason: 'no deploys daily 11:30-12:30 (UTC): lunch of the second line',
        until: noon + 30 * minute,
        lifts: `the end of the window, or a gatekeeper: territory window remove ${id}`,
      },
    ]);
    play.give({ kind: 'remove-window', id });
    expect(play.ask().may).toBe(true);
  });
});

describe('locks', () => {
  test('a lease keeps others out until it runs out, and its owner in', () => {
    const play = new GatesPlay(noon);
    const id = play.give({ kind: 'lock', scope: here, reason: 'moving the database' }, 'ann');
    expect(play.ask()).toMatchObject({
      may: false,
      refusals: [
        {
          rule: 'lock',
          id,
          by: 'ann',
          reason: 'ann holds shop@production: moving the database',
          until: noon + hour,
          lifts: `ann or a gatekeeper: territory unlock ${id}`,
        },
      ],
    });
    expect(play.ask({ actor: 'ann' })).toMatchObject({ may: true, token: 100 });
    expect(play.ask({ app: 'search' }).may).toBe(true);
    expect(play.from()).toBe(noon + hour);
    play.now = noon + hour - 1;
    expect(play.ask().may).toBe(false);
    play.now = noon + hour;
    expect(play.ask()).toEqual({ may: true, refusals: [], warnings: [] });
    expect(play.ask({ actor: 'ann' })).not.toHaveProperty('token');
  });

  test('nobody takes what another holds; who takes it afterwards has a higher token', () => {
    const play = new GatesPlay(noon);
    play.give({ kind: 'lock', scope: production, reason: 'release' }, 'ann');
    const take = (): string =>
      play.give({ kind: 'lock', scope: production, reason: 'mine' }, 'bob');
    expect(take).toThrow('ann holds production until 2026-05-06T13:00:00.000Z: release');
    play.now += hour;
    take();
    expect(play.ask({ actor: 'bob' }).token).toBe(101);
    expect(play.refusing({ actor: 'ann' })).toEqual(['lock']);
  });

  test('renewing keeps id and token; only owner and gatekeepers release; twice is once', () => {
    const play = new GatesPlay(noon);
    const id = play.give({ kind: 'lock', scope: production, reason: 'release' });
    play.now += 50 * minute;
    play.give({ kind: 'lock', scope: production, reason: 'still', until: play.now + hour });
    expect(play.facts.map(({ type }) => type.split('.').at(3))).toEqual(['acquired', 'renewed']);
    expect(play.ask({ actor: 'ann' }).token).toBe(100);
    play.now += 55 * minute;
    expect(play.ask().refusals).toMatchObject([{ id, reason: 'ann holds production: still' }]);
    const release = (actor: string, gatekeeper: boolean): string =>
      play.give({ kind: 'unlock', id, gatekeeper }, actor);
    expect(() => release('bob', false)).toThrow('ann holds this lock');
    release('bob', true);
    expect(play.ask().may).toBe(true);
    const before = play.facts.length;
    release('ann', false);
    expect(play.facts).toHaveLength(before);
  });

  test('a warning is said and stops nobody', () => {
    const play = new GatesPlay(noon);
    play.give({ kind: 'lock', scope: production, reason: 'slow today', warning: true });
    expect(play.ask()).toMatchObject({
      may: true,
      warnings: [{ reason: 'ann holds production: slow today' }],
    });
  });

  test.each([
    [{ until: noon }, 'it ends after now'],
    [{ until: noon + 8 * day }, 'it lasts 7 days at most'],
    [{ reason: ' ' }, 'say why'],
    [{ scope: { environment: 'all' } }, '"all" is no name'],
  ])('%o is refused', (wrong, why) => {
    const lock = { kind: 'lock', scope: production, reason: 'x', ...wrong } as const;
    expect(() => new GatesPlay(noon).give(lock)).toThrow(why);
  });
});

test('a freeze holds from its start to its end, or to who ends it; what runs goes on', () => {
  const play = new GatesPlay(noon);
  const id = play.give({
    kind: 'freeze',
    scope: everywhere,
    reason: 'Christmas',
    from: noon + day,
    until: noon + 3 * day,
  });
  expect(play.ask().may).toBe(true);
  play.now = noon + day;
  expect(play.ask().refusals).toMatchObject([
    {
      rule: 'freeze',
      reason: 'all is frozen: Christmas',
      until: noon + 3 * day,
      lifts: `a gatekeeper: territory unfreeze ${id}`,
    },
  ]);
  expect(play.ask({ started: play.now - minute }).may).toBe(true);
  play.give({ kind: 'unfreeze', id });
  expect(play.ask().may).toBe(true);
});

test('a post-it stops an application save in its safe version', () => {
  const play = new GatesPlay(noon);
  const reason = 'drops orders';
  play.give({ kind: 'block', scope: here, reason, safe: 'release_412', until: noon + day });
  expect(play.refusing()).toEqual(['block']);
  expect(play.ask().refusals[0]?.reason).toBe(
    'shop is blocked: drops orders; the safe version is release_412',
  );
  expect(play.refusing({ version: undefined })).toEqual(['block']);
  expect(play.ask({ version: 'release_412' }).may).toBe(true);
  play.now += day;
  expect(play.ask().may).toBe(true);
  expect(() => play.give({ kind: 'block', scope: production, reason })).toThrow(
    'names an application',
  );
});

test('every gate that refuses is told, in the order of the rules; the time is when the last has ended', () => {
  const play = new GatesPlay(noon);
  play.give({ kind: 'block', scope: here, reason: 'bad', until: noon + 5 * hour });
  play.give({ kind: 'lock', scope: here, reason: 'mine' });
  play.give({ kind: 'freeze', scope: everywhere, reason: 'sale', until: noon + 7 * hour });
  play.give({ ...utc, opens: 'deny', schedule: 'daily 10:00-20:00' });
  play.give({ ...utc, opens: 'allow', schedule: 'Thu 09:00-17:00' });
  expect(play.refusing()).toEqual(['window', 'window', 'freeze', 'lock', 'block']);
  // The deny is open from 10 on Thursday too: between 9 and 10 it may.
  expect(play.from()).toBe(at('2026-05-07T09:00:00Z'));
  const endless = play.give({ kind: 'freeze', scope: production, reason: 'no end' });
  expect(play.from()).toBeUndefined();
  play.give({ kind: 'unfreeze', id: endless });
  expect(play.from()).toBe(at('2026-05-07T09:00:00Z'));
});

test('what is over makes room; what stands is bounded', () => {
  const play = new GatesPlay(noon);
  const window = { ...utc, opens: 'deny', schedule: 'daily 10:00-20:00' } as const;
  const ids = Array.from({ length: 100 }, () => play.give(window));
  expect(() => play.give(window)).toThrow('100 of them stand');
  play.give({ kind: 'remove-window', id: ids[0] ?? '' });
  play.give(window);
  for (let n = 0; n < 2_020; n++) {
    play.now += minute;
    play.give({ kind: 'freeze', scope: here, reason: 'short', until: play.now + minute });
  }
  expect(play.state.freezes.size).toBe(2_000);
});
