import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import { keyMove } from './key-move.ts';
import { advance, momentsOf, stepFrom } from './moments.ts';
import { marksOf, statesOf, ticksOf, unrecorded } from './strip-shapes.ts';
import { fittingWindow, spanOf } from './window.ts';
import { becauseOf, changeText, valueText } from './words.ts';

const hour = 3_600_000;
const minute = 60_000;
const timeline = (changes: Partial<TimelineAnswer>): TimelineAnswer => ({
  from: 0,
  to: 100,
  first: 0,
  gaps: [],
  versions: [],
  changes: [],
  cut: false,
  buckets: [],
  ...changes,
});
const change = (time: number, id = 'db'): TimelineAnswer['changes'][number] => ({
  time,
  id,
  from: 'ok',
  to: 'down',
  because: [id],
  offset: 1,
});
const version = (time: number): TimelineAnswer['versions'][number] => ({
  hash: '',
  time,
  by: 'ada',
  offset: 2,
  added: [],
  removed: [],
  changed: [],
});

test('the map became otherwise at changes, at other maps, and where recording ended or began', () => {
  const moments = momentsOf(
    timeline({
      changes: [change(20), change(20, 'api'), change(70)],
      versions: [version(-5), version(60)],
      gaps: [{ from: 30, to: 40 }],
    }),
  );
  expect(moments).toEqual([20, 30, 40, 60, 70]);
  expect(stepFrom(moments, 30, 'forward')).toBe(40);
  expect(stepFrom(moments, 30, 'back')).toBe(20);
  expect(stepFrom(moments, 20, 'back')).toBeUndefined();
  expect(stepFrom(moments, 70, 'forward')).toBeUndefined();
});

test('playing jumps over quiet time, and stops short of the next change', () => {
  const playing = { speed: 60, moments: [hour], end: 2 * hour, skipsQuiet: true };
  expect(advance({ ...playing, at: 0 }, 100)).toBe(hour - 30_000);
  expect(advance({ ...playing, at: hour - 30_000 }, 100)).toBe(hour - 24_000);
  expect(advance({ ...playing, at: 0, skipsQuiet: false }, 100)).toBe(6000);
  expect(advance({ ...playing, at: 2 * hour - 10 }, 100)).toBe(2 * hour);
});

test('whatever the speed, playing goes on, reaches its end, and jumps over no change', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 24 * 60 }), { maxLength: 20 }),
      fc.constantFrom(1, 10, 60, 300, 600),
      fc.boolean(),
      (minutes, speed, skipsQuiet) => {
        const moments = minutes.map((at) => at * minute).sort((a, b) => a - b);
        const end = (moments.at(-1) ?? 0) + minute;
        let at = 0;
        for (let tick = 0; at < end; tick++) {
          const next = advance({ at, speed, moments, end, skipsQuiet }, 5_000);
          expect(next).toBeGreaterThan(at);
          // A jump ends before the change; only playing itself passes it.
          const passed = stepFrom(moments, at, 'forward') ?? end;
          expect(next - at > 5_000 * speed && next > passed).toBe(false);
          at = next;
          if (tick > 200_000) throw new Error('it does not end');
        }
        expect(at).toBe(end);
      },
    ),
    { numRuns: 20 },
  );
});

test.each([
  // key, at, of a window that ends now, that lies in the past, that is one's own
  ['ArrowLeft', 50, 40, 40, 40],
  ['ArrowLeft', 10, -50, -50, 0],
  ['ArrowLeft', undefined, 60, 60, 60],
  ['ArrowRight', 50, 60, 60, 60],
  ['ArrowRight', 70, undefined, 150, 100],
  ['ArrowRight', undefined, undefined, undefined, undefined],
  ['PageDown', 50, 50 - hour, 50 - hour, 0],
  ['PageUp', 50, undefined, 50 + hour, 100],
  ['Home', 50, 0, 0, 0],
  ['End', 50, undefined, undefined, 100],
  ['a', 50, 'none', 'none', 'none'],
])('%s from %s', (...[key, at, live, past, own]) => {
  const of = { at, window: { from: 0, to: 100 }, moments: [40, 60] };
  const toOf = (endsNow: boolean, isFixed: boolean): unknown => {
    const move = keyMove(key, { ...of, endsNow, isFixed });
    return move ? move.to : 'none';
  };
  expect([toOf(true, false), toOf(false, false), toOf(false, true)]).toEqual([live, past, own]);
});

test('neighbours of the same state are one stretch, and stretches fill the window', () => {
  const buckets = (['ok', 'ok', 'down', 'ok'] as const).map((worst, at) => ({
    time: at * 25,
    changes: at,
    worst,
  }));
  expect(statesOf(timeline({ buckets }))).toEqual([
    { left: 0, width: 0.5, state: 'ok', from: 0, to: 50, changes: 1 },
    { left: 0.5, width: 0.25, state: 'down', from: 50, to: 75, changes: 2 },
    { left: 0.75, width: 0.25, state: 'ok', from: 75, to: 100, changes: 3 },
  ]);
});

test('what was not recorded is a gap: before the first record, and while Territory did not run', () => {
  expect(unrecorded(timeline({ first: 20, gaps: [{ from: 90, to: 120 }] }))).toEqual([
    { from: 0, to: 20, left: 0, width: 0.2 },
    { from: 90, to: 100, left: 0.9, width: 1 - 0.9 },
  ]);
  expect(unrecorded(timeline({ first: null }))).toMatchObject([{ from: 0, to: 100 }]);
});

test('changes that stand at the same place are one mark', () => {
  expect(marksOf({ from: 0, to: 1000 }, [0, 1, 500, 1000])).toEqual([0, 0.5, 1]);
});

test('times under the strip are round in the zone, and few', () => {
  const window = { from: 10 * minute, to: 6 * hour };
  expect(ticksOf(window, 6, 0)).toEqual([1, 2, 3, 4, 5, 6].map((at) => at * hour));
  expect(ticksOf(window, 6, 30 * minute)[0]).toBe(30 * minute);
  fc.assert(
    fc.property(
      fc.nat(400 * hour),
      fc.integer({ min: minute, max: 24 * 30 * hour }),
      (from, span) => {
        const ticks = ticksOf({ from, to: from + span }, 6, 0);
        expect(ticks.length).toBeLessThanOrEqual(7);
        for (const tick of ticks) expect(tick).toBeGreaterThanOrEqual(from);
      },
    ),
  );
});

test('the window ends now, but holds the time that is looked at', () => {
  const now = 100 * hour;
  expect(spanOf({ name: '1h' }, undefined, now)).toEqual({ from: 99 * hour, to: now });
  expect(spanOf({ name: '1h' }, 99.5 * hour, now)).toEqual({ from: 99 * hour, to: now });
  expect(spanOf({ name: '1h' }, 50 * hour, now)).toEqual({ from: 49.5 * hour, to: 50.5 * hour });
  expect(spanOf({ name: '6h' }, 93 * hour, now)).toEqual({ from: 90 * hour, to: 96 * hour });
  expect(spanOf({ span: { from: 1, to: 2 } }, 50, now)).toEqual({ from: 1, to: 2 });
});

test('the first window holds all of a young recording, and at most a day', () => {
  const nameFor = (first: number | null) => fittingWindow({ first, to: 100 * hour });
  expect([null, 99.9 * hour, 95 * hour, 80 * hour, 0].map(nameFor)).toEqual(
    ['24h', '1h', '6h', '24h', '24h'].map((name) => ({ name })),
  );
});

test('a time on the slider is read out with what changed last', () => {
  const titleOf = (id: string): string =>
    ({ db: 'Orders', 'process:checkout': 'Checkout' })[id] ?? id;
  const of = timeline({
    to: 10 * minute,
    gaps: [{ from: 5 * minute, to: 6 * minute }],
    changes: [
      { ...change(minute, 'process:checkout'), because: ['process:checkout', 'api', 'db'] },
    ],
  });
  const text = (at: number | undefined): string =>
    valueText({ at, timeline: of, zone: 'utc', now: 10 * minute, titleOf });
  expect(text(undefined)).toBe('now, live');
  expect(text(30_000)).toBe('1970-01-01 00:00:30 UTC, 9 min 30 s ago');
  expect(text(2 * minute)).toBe(
    '1970-01-01 00:02:00 UTC, 8 min ago; last change: Checkout: ok → down',
  );
  expect(text(5.5 * minute)).toBe('1970-01-01 00:05:30 UTC, 4 min 30 s ago, not recorded');
  const [first] = of.changes;
  expect(first && becauseOf(first, titleOf)).toBe('api ← Orders');
  expect(first && changeText(first, titleOf)).toBe('Checkout: ok → down');
  expect(
    (['down', 'ok', 'no-evidence'] as const).map((to) => becauseOf({ ...change(1), to }, titleOf)),
  ).toEqual(['what was seen of it', 'nothing is wrong any more', 'nothing is known any more']);
});
