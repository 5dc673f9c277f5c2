import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HealthState, healthStates } from '../health.ts';
import { emptyMap, type MapModel } from '../model.ts';
import { assess } from './assess.ts';
import { mapOf, nodeOf, seen, shop } from './map.suite.ts';
import { allNeeds, needGraph } from './needs.ts';
import { fromGoodToBad, rankOf } from './order.ts';

type States = Readonly<Record<string, HealthState>>;

/** Nothing that is needed by others needs nothing itself: of these the table speaks. */
const leaves: States = { payments: 'ok', mail: 'ok', db: 'ok', search: 'ok' };
const word = (id: string): string => id.replace(/^process:/, '');

function read(model: MapModel, states: States, id: string): string {
  const { shown, because } = assess(model, seen(states)).get(id) ?? { shown: '?', because: [] };
  const [, ...causes] = because;
  return [shown, ...causes.map(word)].join(' ← ');
}

/**
 * The table of the design. What nothing else carries is seen to be ok unless it is said otherwise;
 * what stands between is not observed by itself, because what is seen to be good caps what follows.
 */
const table: readonly (readonly [
  given: States,
  checkout: string,
  browse: string,
  support: string,
])[] = [
  [{ payments: 'degraded' }, 'degraded ← payments', 'ok', 'ok'],
  [{ payments: 'down' }, 'down ← payments', 'ok', 'ok'],
  [{ mail: 'down' }, 'at-risk ← mail', 'ok', 'down ← mail'],
  [{ web1: 'down' }, 'at-risk ← lb ← web1', 'at-risk ← lb ← web1', 'ok'],
  [{ web1: 'down', web2: 'down' }, 'down ← lb ← web1', 'down ← lb ← web1', 'ok'],
  [{ search: 'down' }, 'at-risk ← api ← search', 'at-risk ← lb ← web1 ← api ← search', 'ok'],
  [{ db: 'down' }, 'down ← api ← db', 'down ← lb ← web1 ← api ← db', 'ok'],
];

describe('the table of the design', () => {
  test.each(table)('%j', (given, checkout, browse, support) => {
    // Where the table says ok, the process is seen to be ok: what is not seen is never shown so.
    const ofProcesses = { checkout, browse, support };
    const good = Object.entries(ofProcesses).filter(([, cell]) => cell === 'ok');
    const states = {
      ...leaves,
      ...given,
      ...Object.fromEntries(good.map(([id]) => [`process:${id}`, 'ok' as const])),
    };
    for (const [id, cell] of Object.entries(ofProcesses))
      expect(read(shop, states, `process:${id}`)).toBe(cell);
  });

  test('checkout is seen to be ok while payments are down: at risk, and the map may be wrong', () => {
    const health = assess(shop, seen({ ...leaves, payments: 'down', 'process:checkout': 'ok' }));
    expect(health.get('process:checkout')).toMatchObject({
      observed: 'ok',
      inferred: 'down',
      shown: 'at-risk',
      because: ['process:checkout', 'payments'],
      contradiction: true,
    });
  });

  test('those that need each other are down because of what one of them needs', () => {
    const ring = mapOf(['a => b', 'b => a, c']);
    const health = assess(ring, seen({ c: 'down' }));
    expect(health.get('a')).toMatchObject({ shown: 'down', because: ['a', 'b', 'c'] });
    expect(health.get('b')).toMatchObject({ shown: 'down', because: ['b', 'c'] });
  });
});

describe('what is observed and what is inferred', () => {
  const one = mapOf(['a => b']);
  // Observed across, the need down: what is shown of `a`.
  const shown: Readonly<Record<HealthState, readonly HealthState[]>> = {
    ok: ['ok', 'no-evidence', 'at-risk', 'degraded', 'down'],
    'no-evidence': ['ok', 'no-evidence', 'at-risk', 'degraded', 'down'],
    'at-risk': ['at-risk', 'at-risk', 'at-risk', 'degraded', 'down'],
    degraded: ['at-risk', 'degraded', 'degraded', 'degraded', 'down'],
    down: ['at-risk', 'down', 'down', 'down', 'down'],
  };
  const cells = Object.entries(shown).flatMap(([need, row]) =>
    row.map((state, at) => [need as HealthState, fromGoodToBad[at] ?? 'ok', state] as const),
  );
  test.each(cells)('need %s, observed %s: %s', (need, observed, state) => {
    const health = assess(one, seen({ a: observed, b: need })).get('a');
    expect(health?.shown).toBe(state);
    expect(health?.contradiction).toBe(need === 'down' && observed === 'ok');
  });

  test('what fails because of a need that is as bad names the need and not itself', () => {
    const health = assess(one, seen({ a: 'down', b: 'down' }));
    expect(health.get('a')?.because).toEqual(['a', 'b']);
    expect(assess(one, seen({ a: 'down', b: 'degraded' })).get('a')?.because).toEqual(['a']);
  });

  test('a ring of which one is seen to be down says which', () => {
    const ring = mapOf(['a => b', 'b => c', 'c => a']);
    const health = assess(ring, seen({ b: 'down' }));
    expect([...health.values()].map(({ because }) => because)).toEqual([
      ['a', 'b'],
      ['b'],
      ['c', 'a', 'b'],
    ]);
  });

  test('without needs nothing is inferred, and with good ones only that they are good', () => {
    expect(assess(one, seen({ b: 'ok' })).get('b')).toMatchObject({ inferred: 'no-evidence' });
    expect(assess(one, seen({ b: 'ok' })).get('a')).toMatchObject({
      inferred: 'ok',
      shown: 'no-evidence',
    });
  });

  test('a process that declares no measure is what it needs; one that does is not known without', () => {
    const shop = mapOf(['checkout => api'], { checkout: 1 });
    const shown = (model: MapModel, api: HealthState) =>
      assess(model, seen({ api })).get('process:checkout')?.shown;
    expect(shown(shop, 'ok')).toBe('ok');
    expect(shown(shop, 'no-evidence')).toBe('no-evidence');
    expect(shown(shop, 'down')).toBe('down');
    const checkout = shop.processes.get('checkout');
    if (!checkout) throw new Error('there is one');
    const sli = { measure: 'rate(order.placed)', ok: '> 1' };
    const measured = { ...shop, processes: new Map([['checkout', { ...checkout, sli }]]) };
    expect(shown(measured, 'ok')).toBe('no-evidence');
    expect(shown(measured, 'down')).toBe('down');
  });

  test('processes that are nothing but each other are not ok for want of anything bad', () => {
    const shown = (lines: readonly string[], states: States) => {
      const health = assess(mapOf(lines, { p: 1, q: 2, r: 3 }), seen(states));
      return ['p', 'q', 'r'].map((id) => health.get(`process:${id}`)?.shown);
    };
    const ring = ['p => q', 'q => p', 'r => p'];
    expect(shown(ring, {})).toEqual(['no-evidence', 'no-evidence', 'no-evidence']);
    const grounded = [...ring, 'q => db'];
    expect(shown(grounded, { db: 'ok' })).toEqual(['ok', 'ok', 'ok']);
    expect(shown(grounded, { db: 'down' })).toEqual(['down', 'down', 'down']);
    const either = ['p => 1 of q, db', 'q => p', 'r => q'];
    expect(shown(either, {})).toEqual(['no-evidence', 'no-evidence', 'no-evidence']);
    expect(shown(either, { db: 'ok' })).toEqual(['ok', 'ok', 'ok']);
  });

  test('flow and escalation do not carry health', () => {
    const place = { file: 'map.yaml', line: 1, column: 1 };
    const edges = (['flow', 'escalation'] as const).map((kind) => ({
      id: kind,
      from: 'a',
      to: 'b',
      kind,
      place,
    }));
    const nodes = new Map([nodeOf('a'), nodeOf('b')].map((node) => [node.id, node]));
    const health = assess({ ...emptyMap, nodes, edges }, seen({ a: 'ok', b: 'down' }));
    expect(health.get('a')?.shown).toBe('ok');
  });
});

describe('so many of a group', () => {
  const three = mapOf(['lb => 2 of a, b, c']);
  test.each([
    [{ a: 'ok', b: 'ok', c: 'ok' }, 'ok'],
    [{ a: 'ok', b: 'ok', c: 'no-evidence' }, 'ok'],
    [{ a: 'ok', b: 'no-evidence', c: 'no-evidence' }, 'no-evidence'],
    // The spare still stands in.
    [{ a: 'ok', b: 'ok', c: 'at-risk' }, 'ok'],
    [{ a: 'ok', b: 'ok', c: 'degraded' }, 'at-risk'],
    [{ a: 'ok', b: 'ok', c: 'down' }, 'at-risk'],
    [{ a: 'ok', b: 'degraded', c: 'down' }, 'degraded'],
    [{ a: 'ok', b: 'down', c: 'down' }, 'down'],
    [{ a: 'at-risk', b: 'at-risk', c: 'at-risk' }, 'at-risk'],
  ] as const)('2 of 3: %j is %s', (states, inferred) => {
    expect(assess(three, seen(states)).get('lb')?.inferred).toBe(inferred);
  });

  test('a group that needs all its members is not at risk for want of a spare', () => {
    const both = mapOf(['lb => 2 of a, b']);
    const inferred = (b: HealthState) => assess(both, seen({ a: 'ok', b })).get('lb')?.inferred;
    expect(healthStates.map(inferred)).toEqual(healthStates);
  });
});

// ---- properties

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const anyState = fc.constantFrom(...healthStates);
const anyNeed = fc.oneof(
  fc.tuple(fc.constantFrom(...ids), fc.constantFrom('=>', '~>'), fc.constantFrom(...ids)),
  fc.tuple(
    fc.constantFrom(...ids),
    fc.constantFrom('=> 1 of', '=> 2 of', '=> 3 of'),
    fc.subarray([...ids], { minLength: 1 }).map((members) => members.join(', ')),
  ),
);
const anyLines = fc.array(
  anyNeed.map((parts) => parts.join(' ')),
  { maxLength: 14 },
);
const anyStates = fc
  .tuple(...ids.map(() => anyState))
  .map((states): States => Object.fromEntries(ids.map((id, at) => [id, states[at] ?? 'ok'])));
const world = (lines: readonly string[]): MapModel => mapOf(lines, { f: 2, g: 1 });
const keyed = ({ f, g, ...others }: States): States => ({
  ...others,
  ...(f && { 'process:f': f }),
  ...(g && { 'process:g': g }),
});

/** Whether one needs the other, in whatever way. */
function needs(model: MapModel, from: string, to: string): boolean {
  const { numbers, needs: all } = needGraph(model);
  const of = all[numbers.get(from) ?? -1];
  return of !== undefined && allNeeds(of).has(numbers.get(to) ?? -1);
}

describe('whatever the map', () => {
  test('a worse observation never makes anything look better', () => {
    fc.assert(
      fc.property(
        anyLines,
        anyStates,
        fc.constantFrom(...ids),
        anyState,
        (lines, states, id, to) => {
          const [better, worse] = [states[id] ?? 'ok', to].toSorted(
            (a, b) => rankOf(a) - rankOf(b),
          );
          const model = world(lines);
          const before = assess(model, seen(keyed({ ...states, [id]: better ?? 'ok' })));
          const after = assess(model, seen(keyed({ ...states, [id]: worse ?? 'ok' })));
          for (const [key, { shown, inferred }] of before) {
            expect(rankOf(after.get(key)?.shown ?? 'ok')).toBeGreaterThanOrEqual(rankOf(shown));
            expect(rankOf(after.get(key)?.inferred ?? 'ok')).toBeGreaterThanOrEqual(
              rankOf(inferred),
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('what is not seen to be ok is never shown as ok, nor what sums up needs that are not', () => {
    fc.assert(
      fc.property(anyLines, anyStates, (lines, states) => {
        const model = world(lines);
        const { ids, needs, isSum } = needGraph(model);
        const health = assess(model, seen(keyed(states)));
        const shownOf = (number: number) => health.get(ids[number] ?? '')?.shown;
        for (const [number, id] of ids.entries()) {
          if (shownOf(number) !== 'ok' || health.get(id)?.observed === 'ok') continue;
          expect(isSum[number]).toBe(true);
          for (const need of needs[number]?.hard ?? []) expect(shownOf(need)).toBe('ok');
        }
      }),
    );
  });

  test('what is seen to be ok is shown as ok or at risk, and nothing bad comes from nothing', () => {
    fc.assert(
      fc.property(anyLines, anyStates, (lines, states) => {
        const health = [...assess(world(lines), seen(keyed(states))).values()];
        const good = health.filter(({ observed }) => observed === 'ok').map(({ shown }) => shown);
        expect(good.filter((shown) => shown !== 'ok' && shown !== 'at-risk')).toEqual([]);
        const worst = Math.max(...health.map(({ observed }) => rankOf(observed)));
        for (const { shown } of health) expect(rankOf(shown)).toBeLessThanOrEqual(worst);
      }),
    );
  });

  test('the way to the cause has no id twice, follows needs, and ends where it is seen', () => {
    fc.assert(
      fc.property(anyLines, anyStates, (lines, states) => {
        const model = world(lines);
        const health = assess(model, seen(keyed(states)));
        const isGood = (shown: HealthState) => shown === 'ok' || shown === 'no-evidence';
        expect(
          [...health.values()].filter((one) => isGood(one.shown) !== (one.because.length === 0)),
        ).toEqual([]);
        for (const [id, { shown, because }] of health) {
          if (isGood(shown)) continue;
          const cause = health.get(because.at(-1) ?? '');
          const found = {
            first: because[0],
            twice: because.length - new Set(because).size,
            noNeed: because.slice(1).filter((one, at) => !needs(model, because[at] ?? '', one)),
            seen: cause?.observed === cause?.shown,
            asBad: rankOf(cause?.shown ?? 'ok') >= rankOf(shown),
          };
          expect(found).toEqual({ first: id, twice: 0, noNeed: [], seen: true, asBad: true });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('the order in which it is written makes no difference', () => {
    fc.assert(
      fc.property(
        anyLines.chain((lines) =>
          fc.tuple(
            fc.constant(lines),
            fc.shuffledSubarray([...lines], { minLength: lines.length }),
          ),
        ),
        anyStates,
        ([lines, shuffled], states) => {
          const observed = seen(keyed(states));
          const other = new Map([...observed].toReversed());
          const byId = (model: MapModel, of: typeof observed) =>
            Object.fromEntries(assess(model, of));
          expect(byId(world(shuffled), other)).toEqual(byId(world(lines), observed));
        },
      ),
    );
  });
});
