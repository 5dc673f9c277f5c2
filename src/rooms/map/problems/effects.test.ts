import { expect, test } from 'vitest';
import { mapOf, nodeOf, processOf } from '../bind/map.suite.ts';
import { makeBinder } from '../bind/binder.ts';
import { RecordedChanges } from '../changes.ts';
import type { HealthState } from '../health.ts';
import { needEffects } from './effects.ts';
import { findProblems } from './find.ts';

const minute = 60_000;
const place = { file: 'map.yaml', line: 1, column: 1 };
const checkout = processOf('checkout', { needs: [{ id: 'shop', kind: 'hard' }] });
const model = mapOf([nodeOf('shop', {}), nodeOf('search', {})], {
  edges: [
    { id: 'shop=>search', from: 'shop', to: 'search', kind: 'hard', place },
    { id: 'shop~>mail', from: 'shop', to: 'mail', kind: 'soft', place },
  ],
  processes: [checkout],
});

/** Each change: minute, id, what was observed. What is observed is shown. */
function recorded(list: readonly (readonly [number, string, HealthState])[]) {
  const changes = new RecordedChanges();
  for (const [at, id, state] of list.toSorted((a, b) => a[0] - b[0])) {
    const states = { from: 'no-evidence', observed: state, inferred: 'ok', shown: state } as const;
    changes.add({ id, time: at * minute, offset: at + 1, contradiction: false, ...states });
  }
  return { changes, gaps: [] as { from: number; to: number }[] };
}

const outage = (at: number, id = 'search') =>
  [
    [at, id, 'down'],
    [at + 5, id, 'ok'],
  ] as const;
const window = { from: 0, to: 1000 * minute };

test('a need that was down three times without effect is doubted', () => {
  const good = [0, 'shop', 'ok'] as const;
  const [effect] = needEffects(
    model,
    recorded([good, ...outage(10), ...outage(100), ...outage(200), ...outage(300)]),
    window,
  );
  expect(effect).toMatchObject({ from: 'shop', to: 'search', felt: 0, unfelt: 4 });
  expect(effect?.since).toBe(205 * minute);
  const situation = {
    model,
    binder: makeBinder(model),
    seen: [],
    calls: [],
    health: new Map(),
    declaredAt: new Map(),
    now: 305 * minute + 86_400_000,
    effects: effect ? [effect] : [],
  };
  expect(findProblems(situation)).toMatchObject([
    {
      id: 'need-without-effect/shop=>search',
      message:
        'shop is said to need search, and was seen to be good each of the 4 times that it was down, the last 1 d ago. Perhaps it is a soft need: then write ~> for =>.',
      since: 205 * minute,
      evidence: [{ offset: 11 }, { offset: 101 }, { offset: 201 }, { offset: 301 }],
    },
  ]);
});

test.each<[string, (readonly [number, string, HealthState])[], number, number]>([
  [
    'felt at once',
    [
      [0, 'shop', 'ok'],
      [11, 'shop', 'degraded'],
      [50, 'shop', 'ok'],
    ],
    1,
    2,
  ],
  [
    'felt a little later',
    [
      [0, 'shop', 'ok'],
      [16, 'shop', 'down'],
      [50, 'shop', 'ok'],
    ],
    1,
    2,
  ],
  [
    'bad before already',
    [
      [0, 'shop', 'down'],
      [150, 'shop', 'ok'],
    ],
    2,
    1,
  ],
  ['nothing was known at the time', [[150, 'shop', 'ok']], 0, 1],
])('an outage %s', (_, list, felt, unfelt) => {
  const all = recorded([...outage(10), ...outage(100), ...outage(200), ...list]);
  const [effect] = needEffects(model, all, window);
  expect([effect?.felt, effect?.unfelt, effect?.since]).toEqual([felt, unfelt, undefined]);
});

test('what was short, is not over or was not recorded does not count', () => {
  const good = [0, 'shop', 'ok'] as const;
  const short = [
    [400, 'search', 'down'],
    [400.5, 'search', 'ok'],
    [500, 'search', 'down'],
  ] as const;
  const all = recorded([good, ...outage(10), ...outage(100), ...short]);
  all.gaps.push({ from: 102 * minute, to: 103 * minute });
  expect(needEffects(model, all, window)[0]).toMatchObject({ unfelt: 1, felt: 0 });
});

test('needs of processes are looked at as well, soft ones are not', () => {
  const all = recorded([
    [0, 'process:checkout', 'ok'],
    ...outage(10, 'shop'),
    ...outage(20, 'mail'),
  ]);
  expect(needEffects(model, all, window).map(({ from, to, unfelt }) => [from, to, unfelt])).toEqual(
    [
      ['shop', 'search', 0],
      ['process:checkout', 'shop', 1],
    ],
  );
});
