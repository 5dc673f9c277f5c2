import { expect, test } from 'vitest';
import type { DrawingAnswer } from '../../server/api/contract-map-drawing.ts';
import { ApiError } from '../kit/api.ts';
import { dataAge, isShutOut } from './data-age.ts';
import { driftAt, scaleFor } from './drift.ts';
import { partsOf, scaleOf, shownOf, sideFor, turnAt, viewBoxOf } from './parts-in-turn.ts';
import { rotationOf, tokenIn } from './search.ts';

const second = 1000;
const now = 10_000_000;

test('the age of the data stands in the corner, and is loud after 30 s', () => {
  const age = (ms: number) => dataAge({ kind: 'live' }, now - ms, now);
  expect(age(4 * second)).toEqual({ text: 'data 4 s old', loud: undefined });
  expect(age(0)).toEqual({ text: 'data 0 s old', loud: undefined });
  expect(age(30 * second).loud).toBeUndefined();
  expect(age(31 * second).loud).toBe('No event has come for 31 s: what you see may be old');
  // A clock that is ahead makes nothing younger than now.
  expect(age(-5 * second).text).toBe('data 0 s old');
});

test('a lost connection, a refusal and no event at all are loud; loading is not', () => {
  const fresh = now - second;
  expect(dataAge({ kind: 'stale', since: now - 8000, why: 'lost' }, fresh, now).loud).toBe(
    'Connection lost for 8 s: what you see is old',
  );
  const error = new ApiError('it is full', 429, undefined);
  expect(dataAge({ kind: 'error', error }, fresh, now).loud).toContain('it is full');
  expect(dataAge({ kind: 'live' }, undefined, now).loud).toBe('No event has come yet');
  expect(dataAge({ kind: 'loading' }, undefined, now)).toEqual({
    text: 'no data yet',
    loud: undefined,
  });
});

test('only who is not let in is told of tokens', () => {
  const state = (status: number | undefined) => ({
    kind: 'error' as const,
    error: new ApiError('no', status, undefined),
  });
  expect([401, 403, 503, undefined].map((status) => isShutOut(state(status)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('the board moves by a few px each minute and comes round again', () => {
  const places = Array.from({ length: 16 }, (_, minute) => driftAt(minute * 60_000));
  expect(new Set(places.map(String)).size).toBe(8);
  expect(places[8]).toEqual(places[0]);
  for (const [x, y] of places) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(10);
  expect(driftAt(59_999)).toEqual(driftAt(0));
});

test('the board fits any screen whole', () => {
  expect(scaleFor(1920, 1080)).toBe(1);
  expect(scaleFor(3840, 2160)).toBe(2);
  expect(scaleFor(1080, 1920)).toBe(1080 / 1920);
});

test('the token stands after the #, and quadrants take turns only when asked', () => {
  expect(tokenIn('#token=tty_abc')).toBe('tty_abc');
  expect([tokenIn(''), tokenIn('#'), tokenIn('#token='), tokenIn('#tokens=x')]).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
  expect(rotationOf({})).toBeUndefined();
  expect(['30', '1', 'x', '-3'].map((rotate) => rotationOf({ rotate }))).toEqual([
    30_000,
    5_000,
    undefined,
    undefined,
  ]);
});

test('the whole map stands, or it and each quadrant that has something in turn', () => {
  const box = (id: string, quadrant: string, x: number) => {
    return { id, quadrant, x, y: 50, width: 100, height: 40 };
  };
  const drawing = {
    width: 1000,
    height: 800,
    frames: [{ quadrant: 'production' }, { quadrant: 'support' }],
    boxes: [box('lb', 'production', 20), box('shop', 'production', 220), box('git', 'pipeline', 0)],
    lines: [
      { from: 'lb', to: 'shop' },
      { from: 'git', to: 'shop' },
    ],
  } as unknown as DrawingAnswer; // as much as is looked at
  const whole = { x: 0, y: 0, width: 1000, height: 800 };
  const production = { x: 20, y: 50, width: 300, height: 40, quadrant: 'production' as const };
  expect(partsOf(drawing, false)).toEqual([whole]);
  expect(partsOf(drawing, true)).toEqual([whole, production]);
  const counts = (part: Parameters<typeof shownOf>[1]) =>
    Object.values(shownOf(drawing, part)).map((list) => list.length);
  expect([counts(whole), counts(production)]).toEqual([
    [2, 3, 2],
    [0, 2, 1],
  ]);
  expect([0, 29_999, 30_000, 60_000].map((now) => turnAt(now, 30_000, 2))).toEqual([0, 0, 1, 0]);
  expect(turnAt(99_999, undefined, 2)).toBe(0);
});

test('a part stands in the middle of the window, whole', () => {
  const part = { x: 0, y: 0, width: 976, height: 176 };
  expect(scaleOf(part, 1000, 1000)).toBe(1);
  expect(viewBoxOf(part, 1000, 1000)).toBe('-12.0 -412.0 1000.0 1000.0');
  expect(scaleOf({ x: 0, y: 0, width: 10, height: 10 }, 1000, 1000)).toBe(3);
});

test('the processes stand where they leave the picture more room', () => {
  const drawing = (width: number, height: number) => ({ x: 0, y: 0, width, height });
  expect(sideFor(drawing(1600, 1000), 3)).toBe('left');
  expect(sideFor(drawing(3000, 1000), 3)).toBe('top');
  expect(sideFor(drawing(3000, 1000), 5)).toBe('left');
  expect(sideFor(undefined, 3)).toBe('left');
});
