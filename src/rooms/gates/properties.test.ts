import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatesPlay, at, day, hour, minute } from './gates.suite.ts';
import type { GatesCommand } from './room.ts';
import { foldGates, startGates } from './state.ts';
import { mayDeploy, rules } from './verdict.ts';

/** A Wednesday, at noon. */
const noon = at('2026-05-06T12:00:00Z');
const everywhere = {};
const production = { environment: 'production' };
const here = { app: 'shop', environment: 'production' };
const utc = { kind: 'window', zone: 'UTC', scope: production } as const;

const scope = fc.constantFrom(everywhere, production, here, { app: 'shop' }, { app: 'search' });
const reason = fc.constantFrom('a', 'b');
const until = fc.integer({ min: 1, max: 300 }).map((minutes) => noon + 2 * hour + minutes * minute);
const command: fc.Arbitrary<GatesCommand> = fc.oneof(
  fc.record({ kind: fc.constant('lock' as const), scope, reason, until, warning: fc.boolean() }),
  fc.record({ kind: fc.constant('freeze' as const), scope, reason, until }),
  fc.record({
    kind: fc.constant('block' as const),
    scope: fc.constantFrom(here, { app: 'shop' }),
    reason,
    until,
    safe: fc.constantFrom('1', '2'),
  }),
  fc.record({
    kind: fc.constant('window' as const),
    scope,
    opens: fc.constantFrom('allow' as const, 'deny' as const),
    schedule: fc.constantFrom(
      'daily 08:00-16:00',
      'Wed 13:00-23:00',
      '0 12 * * * for 3h',
      'Thu 09:00-17:00',
    ),
    zone: fc.constantFrom('UTC', 'Asia/Tokyo'),
  }),
);

function play(commands: readonly GatesCommand[]): GatesPlay {
  const one = new GatesPlay(noon);
  for (const each of commands)
    try {
      one.give(each);
    } catch {
      // Refused: somebody else's lock.
    }
  return one;
}

describe('properties', () => {
  const later = fc.integer({ min: 0, max: 2 * day }).map((ms) => noon + ms);
  const commands = fc.array(command, { maxLength: 8 });

  test('an open deny that is about it always refuses', () => {
    fc.assert(
      fc.property(commands, later, (all, now) => {
        const one = play(all);
        one.give({ ...utc, opens: 'deny', schedule: 'daily 00:00-24:00', scope: everywhere });
        expect(mayDeploy(one.state, { ...here, actor: 'bob' }, now).may).toBe(false);
      }),
    );
  });

  test('the order in which gates were set up changes nothing of the verdict', () => {
    const different = fc.uniqueArray(command, {
      maxLength: 8,
      selector: (each) =>
        each.kind === 'lock' ? `lock ${JSON.stringify(each.scope)}` : JSON.stringify(each),
    });
    fc.assert(
      fc.property(different, later, fc.infiniteStream(fc.nat()), (all, now, keys) => {
        const order = all.map((each) => [keys.next().value, each] as const);
        const other = order.toSorted(([a], [b]) => a - b).map(([, each]) => each);
        const tell = (one: GatesPlay) =>
          mayDeploy(one.state, { ...here, actor: 'bob', version: '1' }, now)
            .refusals.map(({ rule: r, reason: why }) => `${r} ${why}`)
            .toSorted();
        // The places on the log differ, and with them the order of those that are as wide.
        expect(new Set(tell(play(other)).map(plain))).toEqual(new Set(tell(play(all)).map(plain)));
      }),
    );
    /** `A or B` names what is open in the order in which it was set up. */
    function plain(text: string): string {
      return text
        .split(/ only | or /)
        .toSorted()
        .join();
    }
  });

  test('refusals stand in the order of the rules, and when it may by `mayFrom`, it may', () => {
    fc.assert(
      fc.property(commands, later, (all, now) => {
        const one = play(all);
        one.now = now;
        const places = one.refusing().map((name) => rules.findIndex((rule) => rule === name));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        const from = one.from();
        fc.pre(from !== undefined);
        const mayAt = (time: number): boolean =>
          mayDeploy(one.state, { ...here, actor: 'bob', version: '1.4.2' }, time).may;
        expect(mayAt(from)).toBe(true);
        expect(from === now || !mayAt(from - 1)).toBe(true);
      }),
    );
  });

  test('when all leases are over nothing of them is left, without any fact that says so', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const one = play(all);
        one.now = noon + 30 * day;
        expect(one.refusing().filter((rule) => rule !== 'window')).toEqual([]);
      }),
    );
  });

  test('facts of others and broken ones change nothing', () => {
    const one = play([{ kind: 'freeze', scope: {}, reason: 'x' }]);
    const [fact] = one.facts;
    if (!fact) throw new Error('no fact');
    for (const event of [
      { ...fact, source: '/somebody' },
      { ...fact, type: 'metric' },
    ])
      expect(foldGates(startGates(), event).freezes.size).toBe(0);
    const window = { ...fact, type: 'dev.cdeventsx.territory-window.declared.0.1.0' };
    for (const data of [null, {}, { kind: 'deny', schedule: 'whenever', zone: 'UTC' }])
      expect(foldGates(startGates(), { ...window, data }).windows.size).toBe(0);
  });
});
