import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delivery, markAt, moment, recovery, streamOf } from './flow.suite.ts';
import { type FlowingItem, type Moment, readItem } from './item.ts';
import { type StreamMarks, marksOf, upstream } from './marks.ts';
import type { Role } from './role.ts';

const marks = marksOf(delivery);
const [code, review, build, staging, release] = [0, 1, 2, 3, 4];

/** Moments of a change in hours: `[9, 'exit', code]`. */
function moments(
  of: StreamMarks,
  list: readonly (readonly [time: number, role: Role, stage?: number, thing?: number])[],
): Moment[] {
  return list.map(([time, role, stage = upstream, thing]) =>
    moment(time, markAt(of, role, stage), thing),
  );
}

function read(
  list: Parameters<typeof moments>[1],
  { of = marks, until = 100 }: { readonly of?: StreamMarks; readonly until?: number } = {},
): FlowingItem[] {
  return readItem(of, moments(of, list), until);
}

/** `stage enter–exit active/rework/wait xreturns` */
function told(item: FlowingItem | undefined): string[] {
  return (item?.parts ?? []).map(
    ({ stage, enter, exit, active, rework, wait, returns }) =>
      `${stage} ${enter}–${exit ?? ''} ${active}/${rework}/${wait}${returns > 0 ? ` x${returns}` : ''}`,
  );
}

const happy = [
  [1, 'enter', code],
  [10, 'exit', code],
  [20, 'exit', review],
  [22, 'exit', build],
  [30, 'exit', staging],
  [40, 'exit', release],
] as const;

describe('the parts of an item', () => {
  test('follow one another from hand-off to hand-off', () => {
    const [item] = read(happy);
    expect(item).toMatchObject({ start: 1, end: 40, heard: 40 });
    expect(told(item)).toEqual([
      '0 1–10 0/0/9',
      '1 10–20 0/0/10',
      '2 20–22 0/0/2',
      '3 22–30 0/0/8',
      '4 30–40 0/0/10',
    ]);
  });

  test('a stage is left at its last exit before the next one is left', () => {
    const [item] = read([...happy, [12, 'exit', code], [25, 'exit', code], [24, 'exit', build]]);
    expect(told(item)).toEqual([
      '0 1–12 0/0/11',
      '1 12–20 0/0/8',
      '2 20–24 0/0/4',
      '3 24–30 0/0/6',
      '4 30–40 0/0/10',
    ]);
  });

  test('a later deployment of what is delivered does not prolong it', () => {
    expect(read([...happy, [90, 'exit', release]])[0]).toMatchObject({ end: 40 });
  });

  test('the time of a stage that was never seen to be left is that of the next one', () => {
    const [item] = read(happy.filter(([, role, stage]) => role !== 'exit' || stage !== staging));
    expect(told(item).slice(2)).toEqual(['2 20–22 0/0/2', '4 22–40 0/0/18']);
  });

  test('what is not finished is in its stage until now', () => {
    const [item] = read(happy.slice(0, 3), { until: 50 });
    expect(item?.end).toBeUndefined();
    expect(told(item)).toEqual(['0 1–10 0/0/9', '1 10–20 0/0/10', '2 20– 0/0/30']);
  });

  test('what was given up ends there and is not finished', () => {
    const [item] = read([...happy.slice(0, 2), [15, 'stop']], { until: 50 });
    expect(item).toMatchObject({ end: undefined, stopped: 15 });
    expect(told(item)).toEqual(['0 1–10 0/0/9', '1 10– 0/0/5']);
    expect(read([...happy.slice(0, 2), [15, 'stop'], [16, 'again']])[0]?.stopped).toBeUndefined();
  });

  test('work is what lies between start and end, once, and within its stage', () => {
    const [item] = read([
      ...happy,
      [8, 'start', review],
      [12, 'end', review],
      [14, 'start', review, 1],
      [15, 'start', review, 2],
      [16, 'end', review, 2],
      [17, 'end', review, 1],
      [18, 'start', review, 3],
    ]);
    // 10–12 and 14–17; the start at 18 has no end.
    expect(told(item)[1]).toBe('1 10–20 5/0/5');
  });

  test('changes that are requested are rework of who wrote them, until the next version', () => {
    const [item] = read([
      ...happy,
      [11, 'start', review],
      [12, 'end', review],
      [12, 'return'],
      [16, 'again'],
      [17, 'start', review],
      [18, 'end', review],
    ]);
    expect(told(item).slice(0, 2)).toEqual(['0 1–10 0/0/9 x1', '1 10–20 2/4/4']);
  });

  test('what fails in several ways before it is taken up again came back once', () => {
    const [item] = read([...happy, [12, 'return'], [13, 'return'], [15, 'again'], [16, 'return']]);
    // 12–15 and 16–20.
    expect(told(item).slice(0, 2)).toEqual(['0 1–10 0/0/9 x2', '1 10–20 0/7/3']);
  });

  test('a failed build before the hand-off is rework and blames nobody', () => {
    const [item] = read([...happy, [5, 'return'], [7, 'again']]);
    expect(told(item)[0]).toBe('0 1–10 0/2/7');
  });

  test('what is rolled back is not delivered until it is deployed again', () => {
    const back: Moment = moment(45, marks.back + release);
    const all = [...moments(marks, happy), back];
    expect(told(readItem(marks, all, 60)[0]).at(-1)).toBe('4 30– 0/15/15 x1');
    const again = [...all, ...moments(marks, [[50, 'exit', release]])];
    expect(told(readItem(marks, again, 60)[0]).at(-1)).toBe('4 30–50 0/5/15 x1');
    // It comes with the build of another, and is no longer in its own stage of building for that.
    const other = [...again, ...moments(marks, [[48, 'exit', build]])];
    expect(told(readItem(marks, other, 60)[0])).toEqual(told(readItem(marks, again, 60)[0]));
  });

  test('an incident that is reopened is the same, one that is detected again is another', () => {
    const of = marksOf(recovery);
    const list = [
      [1, 'enter', 0],
      [2, 'exit', 0],
      [5, 'exit', 1],
      [9, 'exit', 2],
    ] as const;
    const reopened = read([...list, [12, 'return', 2], [12, 'enter', 0], [20, 'exit', 2]], { of });
    expect(reopened.map(({ start, end }) => [start, end])).toEqual([[1, 20]]);
    expect(told(reopened[0]).at(-1)).toBe('2 5–20 0/8/7 x1');
    const anew = read([...list, [12, 'enter', 0], [20, 'exit', 2]], { of });
    expect(anew.map(({ start, end }) => [start, end])).toEqual([
      [1, 9],
      [12, 20],
    ]);
  });

  test('a declared return behind the end counts, and takes no time', () => {
    const of = marksOf({
      ...delivery,
      back: streamOf('change', [], [['incident.detected', 'release']]).back,
    });
    const [item] = read([...happy, [60, 'return', release]], { of });
    expect(item).toMatchObject({ start: 1, end: 40 });
    expect(told(item).at(-1)).toBe('4 30–40 0/0/10 x1');
  });

  test('without any boundary there is no item', () => {
    expect(
      read([
        [12, 'return'],
        [13, 'start', review],
      ]),
    ).toEqual([]);
    expect(readItem(marks, [], 5)).toEqual([]);
  });
});

const anyStream = fc
  .record({
    item: fc.constantFrom('change' as const, 'incident' as const, 'case' as const, 'card' as const),
    stages: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ item, stages }) =>
    marksOf(
      streamOf(
        item,
        Array.from({ length: stages }, (_, at) => ({
          id: `s${at}`,
          enter: `a.enter${at}`,
          exit: `a.exit${at}`,
          active: [['a.x', 'a.y']] as const,
        })),
        [['a.back', 's1']],
      ),
    ),
  );

const anyItem = anyStream.chain((of) =>
  fc.record({
    of: fc.constant(of),
    until: fc.integer({ min: -10, max: 80 }),
    list: fc.array(
      fc.record({
        time: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(NaN, Infinity)),
        mark: fc.integer({ min: -1, max: of.marks.length }),
        thing: fc.integer({ min: 0, max: 2 }),
      }),
      { maxLength: 25 },
    ),
  }),
);

describe('whatever happens', () => {
  test('the parts of an item add up exactly, and nothing is negative', () => {
    fc.assert(
      fc.property(anyItem, ({ of, list, until }) => {
        for (const { start, end, parts } of readItem(of, list, until)) {
          let at = start;
          for (const { enter, exit, active, rework, wait, returns } of parts) {
            expect(enter).toBe(at);
            expect(Math.min(active, rework, wait, returns)).toBeGreaterThanOrEqual(0);
            if (exit === undefined) continue;
            expect(exit).toBeGreaterThanOrEqual(enter);
            expect(active + rework + wait).toBe(exit - enter);
            at = exit;
          }
          expect(parts.length).toBeGreaterThan(0);
          expect(parts.at(-1)?.exit).toBe(end);
          expect(parts.map(({ stage }) => stage)).toEqual(
            parts.map(({ stage }) => stage).toSorted((a, b) => a - b),
          );
        }
      }),
      { numRuns: 800 },
    );
  });

  test('the order in which facts arrive does not matter', () => {
    fc.assert(
      fc.property(
        anyItem.chain((one) =>
          fc.record({
            one: fc.constant(one),
            other: fc.shuffledSubarray(one.list, {
              minLength: one.list.length,
              maxLength: one.list.length,
            }),
          }),
        ),
        ({ one: { of, list, until }, other }) => {
          expect(readItem(of, other, until)).toEqual(readItem(of, list, until));
        },
      ),
      { numRuns: 400 },
    );
  });
});
