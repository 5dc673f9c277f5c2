import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeriesAnswer } from '../../server/api/contract.ts';
import type { Architecture, TourStep } from '../../server/api/contract-demo.ts';
import { balanceOf, lostVerdict, recoveredVerdict } from './balance.ts';
import { isOwnPath } from './ConsoleLink.tsx';
import { curvesOf } from './curves.ts';
import { type Box, inBoth, isSame } from './tour/box.ts';
import { placeIn } from './tour/memory.ts';
import { aheadOf, isPageOf, placeOf } from './tour/steps.ts';

const architecture = (more: Partial<Architecture> = {}): Architecture => ({
  name: 'threads',
  title: 'Threads',
  at: 1000,
  imported: 10,
  waiting: 2,
  inProgress: 1,
  done: 6,
  lost: 1,
  twice: 0,
  restarts: 1,
  sees: [],
  ...more,
});

describe('where the clips are', () => {
  test('every clip that was taken in has its place', () => {
    expect(balanceOf(architecture())).toEqual({
      imported: 10,
      excess: 0,
      shares: [
        { fate: 'done', count: 6 },
        { fate: 'inProgress', count: 1 },
        { fate: 'waiting', count: 2 },
        { fate: 'lost', count: 1 },
      ],
    });
  });

  test('what nobody tells of can not be seen, and is not 0', () => {
    const blind = architecture({ waiting: null, inProgress: null, lost: null });
    expect(balanceOf(blind)?.shares).toEqual([
      { fate: 'done', count: 6 },
      { fate: 'unseen', count: 4 },
    ]);
    const untold = architecture({ imported: null, waiting: null, inProgress: null });
    expect(balanceOf(untold)).toEqual({
      imported: null,
      excess: 0,
      shares: [
        { fate: 'done', count: 6 },
        { fate: 'lost', count: 1 },
      ],
    });
    expect(balanceOf({ ...untold, done: null, lost: null })).toBeUndefined();
  });

  test('shares and excess always make up what was taken in', () => {
    const count = fc.option(fc.nat(1000));
    const counts = fc.record({
      dead: count,
      waiting: count,
      inProgress: count,
      done: count,
      lost: count,
    });
    fc.assert(
      fc.property(fc.nat(5000), counts, (imported, of) => {
        const balance = balanceOf(architecture({ imported, ...of }));
        const sum = balance?.shares.reduce((all, share) => all + share.count, 0) ?? 0;
        expect(sum - (balance?.excess ?? 0)).toBe(imported);
        expect(balance?.shares.every((share) => share.count > 0)).toBe(true);
      }),
    );
  });
});

test.each([
  [{ lost: null }, 'unknown', 'nobody can tell'],
  [{ lost: 0 }, 'ok', 'nothing'],
  [{ lost: 1 }, 'critical', '1 clip, for good'],
  [{ lost: 21 }, 'critical', '21 clips, for good'],
  [{ lost: 0, twice: 2 }, 'warning', 'nothing'],
] as const)('what was lost of %j is %s', (of, state, word) => {
  expect(lostVerdict(architecture(of))).toMatchObject({ state, word });
});

test.each([
  [{ restarts: null }, 'unknown'],
  [{ restarts: 0 }, 'none'],
  [{ restarts: 1, lost: null }, 'unknown'],
  [{ restarts: 1, lost: 3 }, 'warning'],
  [{ restarts: 3, lost: 0 }, 'ok'],
] as const)('what recovered of %j is %s', (of, state) => {
  expect(recoveredVerdict(architecture(of)).state).toBe(state);
});

test('curves are those of an architecture, each by its name, with gaps where nothing was told', () => {
  const line = (architectureName: string, name: string, points: [number, number][]) => ({
    labels: { 'label.architecture': architectureName, name },
    points,
    total: null,
  });
  const answer: SeriesAnswer = {
    from: 0,
    to: 30_000,
    every: 10_000,
    aggregate: 'max',
    definition: '',
    series: [
      line('threads', 'newsroom.items.done', [
        [0, 3],
        [20_000, 7],
      ]),
      line('processes', 'newsroom.items.imported', [[10_000, 9]]),
      line('threads', 'newsroom.items.waiting', [[0, 4]]),
    ],
    total: null,
    matched: 4,
    omitted: 0,
    elapsedMs: 1,
  };
  const curves = curvesOf(answer);
  expect(curves.times).toEqual([0, 10_000, 20_000]);
  expect(curves.of('threads')).toEqual([{ name: 'done', values: [3, null, 7] }]);
  expect(curves.of('processes')).toEqual([{ name: 'imported', values: [null, 9, null] }]);
  expect(curves.of('one-program')).toEqual([]);
  expect(curves.most).toBe(9);
});

test.each([
  ['/map', true],
  ['/stream?where=a', true],
  ['//elsewhere.example', false],
  ['/\\elsewhere.example', false],
  ['https://elsewhere.example/', false],
  ['javascript:alert(1)', false],
])('%s leads to a page of the console: %s', (path, is) => {
  expect(isOwnPath(path)).toBe(is);
});

test.each([
  [null, 'fresh', 0],
  ['open 3', 'open', 3],
  ['closed 0', 'closed', 0],
  ['closed', 'fresh', 0],
  ['open -1', 'fresh', 0],
  ['open 1e9', 'fresh', 0],
])('kept as %j the tour is %s at %i', (text, state, at) => {
  expect(placeIn(text)).toEqual({ state, at });
});

describe('steps of the tour', () => {
  const step = (id: string, happened: TourStep['happened'] = null): TourStep => ({
    id,
    title: id,
    text: '',
    path: `/${id}`,
    target: null,
    happened,
  });
  const at = (time: number) => ({ at: time, text: '', path: '/alerts/a-1?event=2' });

  test('lead to what happened last, or to their page', () => {
    expect(placeOf(step('alerts'))).toBe('/alerts');
    expect(placeOf(step('alerts', at(5)))).toBe('/alerts/a-1?event=2');
    expect(placeOf(step('stream', at(5)))).toBe('/stream');
    expect(isPageOf(step('alerts', at(5)), '/alerts')).toBe(true);
    expect(isPageOf(step('alerts', at(5)), '/alerts/a-1')).toBe(true);
    expect(isPageOf(step('alerts', at(5)), '/alerts/a-2')).toBe(false);
  });

  test('the newest ahead is news; what is behind, or was there before, is none', () => {
    const steps = [step('a', at(90)), step('b', at(50)), step('c', at(70)), step('d', at(60))];
    expect(aheadOf(steps, 1, 40)?.step.id).toBe('c');
    expect(aheadOf(steps, 3, 40)?.step.id).toBe('d');
    expect(aheadOf(steps, 1, 70)).toBeUndefined();
    expect(aheadOf(steps, 4, 0)).toBeUndefined();
  });
});

test('the part in sight of two rectangles lies in both', () => {
  const side = fc.integer({ min: -500, max: 500 });
  const box = fc
    .record({ left: side, top: side, width: fc.nat(900), height: fc.nat(900) })
    .map(({ left, top, width, height }): Box => ({
      left,
      top,
      right: left + width,
      bottom: top + height,
    }));
  fc.assert(
    fc.property(box, box, (a, b) => {
      const both = inBoth(a, b);
      if (!both) return;
      for (const one of [a, b])
        expect(
          both.left >= one.left &&
            both.top >= one.top &&
            both.right <= one.right &&
            both.bottom <= one.bottom,
        ).toBe(true);
      expect(isSame(both, inBoth(b, a))).toBe(true);
    }),
  );
});
