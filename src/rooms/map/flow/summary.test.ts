import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delivery, ended, markAt, moment, recovery } from './flow.suite.ts';
import { readItem } from './item.ts';
import { littlesLaw } from './littles-law.ts';
import { marksOf } from './marks.ts';
import type { Role } from './role.ts';
import { spanWords } from './span-words.ts';
import { spreadOf } from './spread.ts';
import { type Work, quietAfter, summarise } from './summary.ts';
import { type WorkKind, kindOfLabel, kindOfTitle } from './work-kind.ts';

const marks = marksOf(delivery);
const hour = 3_600_000;

/** An item by the hours of its moments. */
function work(
  list: readonly (readonly [hours: number, role: Role, stage: number])[],
  { kind = 'feature', of = marks }: { readonly kind?: WorkKind; readonly of?: typeof marks } = {},
): Work {
  const moments = list.map(([at, role, stage]) => moment(at * hour, markAt(of, role, stage)));
  const [item] = readItem(of, moments, 1000 * hour);
  if (!item) throw new Error('no item');
  return { item, kind };
}

/** Enters, then leaves each stage in turn at these hours. */
const straight = (...hours: readonly number[]) =>
  hours.map((at, place) => [at, place === 0 ? 'enter' : 'exit', Math.max(0, place - 1)] as const);

// By hand: four changes are delivered between hour 10 and 110, one is in review, one is older.
const all: readonly Work[] = [
  // code 9, review 10 (2 active), build 2, staging 8, release 10: 39 h
  work([...straight(1, 10, 20, 22, 30, 40), [18, 'start', 1], [20, 'end', 1]]),
  // code 4, review 20 (4 active, 10 rework), build 1, staging 5, release 10: 40 h
  work(
    [
      ...straight(20, 24, 44, 45, 50, 60),
      [25, 'start', 1],
      [29, 'end', 1],
      [29, 'return', -1],
      [39, 'again', -1],
    ],
    { kind: 'defect' },
  ),
  // code 10, review 30, build 1, staging 9, release 0: 50 h
  work(straight(30, 40, 70, 71, 80, 80), { kind: 'defect' }),
  // code 1, review 40, build 1, staging 8, release 10: 60 h
  work(straight(40, 41, 81, 82, 90, 100), { kind: 'debt' }),
  // In review since hour 60.
  work(straight(50, 60)),
  // Delivered before.
  work(straight(0, 1, 2, 3, 4, 5)),
];
const window = { from: 10 * hour, to: 110 * hour };
const summary = ended(summarise(delivery, marks, all, window));
const stage = (id: string) => {
  const found = summary.stages.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};
const inHours = (ms: number | null): number | null => (ms === null ? null : ms / hour);

describe('the figures of a window, by hand', () => {
  test('lead time is that of what was finished', () => {
    const { count, p50, p85, p95, mean } = summary.leadTime;
    expect([count, p50, p85, p95, mean].map((n, at) => (at === 0 ? n : inHours(n)))).toEqual([
      4, 40, 60, 60, 47.25,
    ]);
    expect(summary.leadTime.histogram).toEqual([
      { from: 24 * hour, to: 48 * hour, items: 2 },
      { from: 48 * hour, to: 96 * hour, items: 2 },
    ]);
  });

  test('a stage has its lead time, work, wait and rework', () => {
    const review = stage('review');
    expect(inHours(review.leadTime.p50)).toBe(20);
    expect(inHours(review.leadTime.mean)).toBe(25);
    // Of two it was seen that they were worked on: 2 and 4 hours.
    expect([review.processTime.count, inHours(review.processTime.p50)]).toEqual([2, 2]);
    // 8, 6, 30, 40
    expect(inHours(review.wait.p50)).toBe(8);
    expect([review.rework.count, inHours(review.rework.p50)]).toEqual([1, 10]);
  });

  test('%C/A is a share of what was handed on, and nothing where nobody would tell', () => {
    // One of the four that left code was sent back by its review. The first of them left at hour 10.
    expect(stage('code')).toMatchObject({ accurate: 0.8, reworked: 1, departures: 5 });
    expect(stage('review').accurate).toBeNull();
    expect(stage('release').accurate).toBe(1);
    expect(summary.rolledAccurate).toBe(0.8);
  });

  test('activity and efficiency are shares of the whole and of what is no rework', () => {
    expect(summary.activityRatio).toBeCloseTo(6 / 189, 12);
    expect(summary.flow.efficiency).toBeCloseTo(6 / 179, 12);
  });

  test('what is under way is counted at the end of the window', () => {
    expect(summary.flow).toMatchObject({ velocity: 4, load: 1 });
    expect(stage('review')).toMatchObject({ wip: 1, arrivals: 5, departures: 4 });
    expect(summary.flow.distribution).toEqual({
      feature: 1,
      defect: 2,
      risk: 0,
      debt: 1,
      unknown: 0,
    });
  });

  test('mean work in progress is weighted by time', () => {
    // Review: 10 + 20 + 30 + 40 and 50 until the end of the window, of 100 h.
    expect(stage('review').littlesLaw.actual).toBe(1.5);
    expect(stage('review').littlesLaw.expected).toBe(1);
    expect(stage('review').littlesLaw.holds).toBeNull();
  });

  test('the bottleneck is named with its number', () => {
    expect(summary.bottleneck).toEqual({
      stage: 'release',
      wait: 10 * hour,
      sentence:
        'Release makes changes wait longest: 10 h of a median lead time of 1 d 16 h (4 items).',
    });
  });

  test('no data is no data', () => {
    const nothing = ended(summarise(delivery, marks, [], window));
    expect(nothing).toMatchObject({
      rolledAccurate: null,
      activityRatio: null,
      bottleneck: null,
      flow: { velocity: 0, load: 0, efficiency: null, distribution: {} },
      leadTime: { count: 0, p50: null, p85: null, p95: null, mean: null, histogram: [] },
    });
    expect(nothing.stages[0]).toMatchObject({
      accurate: null,
      littlesLaw: { expected: null, actual: null, holds: null },
    });
    const few = ended(summarise(delivery, marks, all.slice(0, 2), window));
    expect(few.bottleneck).toBeNull();
  });

  test('what fell silent is not under way for ever, and is told of once', () => {
    const long = { from: 0, to: quietAfter + 200 * hour };
    const later = ended(summarise(delivery, marks, all, long));
    expect([later.flow.load, later.unlinked]).toEqual([0, 1]);
    // It was in review until it was heard of last: no longer.
    expect(later.stages[1]?.wip).toBe(0);
    const after = { from: long.to, to: long.to + 1000 * hour };
    expect(ended(summarise(delivery, marks, all, after)).unlinked).toBe(0);
  });

  test('a stage whose facts never tell of what came back says nothing of it', () => {
    const of = marksOf(recovery);
    const incident = work(straight(1, 2, 3, 4), { of });
    const { stages } = ended(summarise(recovery, of, [incident], { from: 0, to: 9 * hour }));
    expect(stages.map(({ accurate }) => accurate)).toEqual([null, null, 1]);
  });
});

describe("Little's law", () => {
  const steady = { arrivals: 10, departures: 10, meanTime: 20, present: 200, length: 100 };
  test.each([
    [
      'holds where times and counts tell of the same items',
      {},
      { expected: 2, actual: 2, holds: true },
    ],
    ['holds within 30 %', { present: 285 }, { holds: true }],
    ['does not hold beyond', { present: 290 }, { holds: false }],
    ['says nothing of fewer than five', { departures: 4, arrivals: 4 }, { holds: null }],
    ['says nothing while work piles up', { arrivals: 21 }, { holds: null }],
    ['says nothing of an empty window', { length: 0 }, { expected: null, holds: null }],
  ])('%s', (_, more, expected) =>
    expect(littlesLaw({ ...steady, ...more })).toMatchObject(expected),
  );

  test('holds exactly where nothing lies over the ends of the window', () => {
    const stays = fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 100 })), {
      minLength: 5,
    });
    fc.assert(
      fc.property(stays, (list) => {
        const present = list.reduce((sum, [, length]) => sum + length, 0);
        const count = list.length;
        const meanTime = present / count;
        const law = { arrivals: count, departures: count, meanTime, present, length: 1000 };
        expect(littlesLaw(law).expected).toBeCloseTo(littlesLaw(law).actual ?? NaN, 9);
        expect(littlesLaw(law).holds).toBe(true);
      }),
    );
  });
});

describe('spreads', () => {
  test.each([
    [[7], [7, 7, 7]],
    [
      [4, 1, 3, 2],
      [2, 4, 4],
    ],
    [Array.from({ length: 20 }, (_, at) => at + 1), [10, 17, 19]],
  ])('quantiles of %j are values of it, by nearest rank', (values, expected) => {
    const { p50, p85, p95 } = spreadOf(values);
    expect([p50, p85, p95]).toEqual(expected);
  });

  test('every value is in one bin', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1e12 }));
    fc.assert(
      fc.property(values, (list) => {
        const { histogram, count } = spreadOf(list);
        expect(histogram.reduce((sum, { items }) => sum + items, 0)).toBe(count);
        for (const { from, to, items } of histogram)
          expect(list.filter((value) => value >= from && value < to)).toHaveLength(items);
      }),
    );
  });

  test.each([
    [6 * hour + 12 * 60_000, '6 h 12 min'],
    [9 * hour, '9 h'],
    [26 * hour, '1 d 2 h'],
    [24 * hour - 1, '1 d'],
    [90_000, '1 min 30 s'],
    [999, '999 ms'],
    [0, '0 ms'],
    [59_999, '1 min'],
    [1500, '2 s'],
  ])('%d ms are %s', (ms, words) => expect(spanWords(ms)).toBe(words));
});

describe('what work is done for', () => {
  test.each([
    ['feat: baskets', 'feature'],
    ['fix(basket)!: sum', 'defect'],
    ['fix(security): tokens', 'risk'],
    ['build(deps): bump x', 'debt'],
    ['Merge branch x', 'unknown'],
    ['note: nothing', 'unknown'],
  ])('a title: %s', (title, kind) => expect(kindOfTitle(title)).toBe(kind));

  test.each([
    ['kind/bug', 'defect'],
    ['type: feature', 'feature'],
    ['tech-debt', 'debt'],
    ['CVE-2026-1', 'risk'],
    ['good first issue', 'unknown'],
    ['constructor', 'unknown'],
  ])('a label: %s', (label, kind) => expect(kindOfLabel(label)).toBe(kind));
});
