import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchSight } from './sight.ts';

const page = Object.assign(new EventTarget(), { hidden: false });
const look = (hidden: boolean): void => {
  page.hidden = hidden;
  page.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a page is unseen after half a minute, and not for a look at another tab', () => {
  const told: string[] = [];
  const undo = watchSight({
    onUnseen: () => told.push('unseen'),
    onSeen: () => told.push('seen'),
  });
  look(true);
  vi.advanceTimersByTime(29_000);
  look(false);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(['seen']);
  look(true);
  vi.advanceTimersByTime(30_000);
  look(false);
  expect(told).toEqual(['seen', 'unseen', 'seen']);
  look(true);
  undo();
  vi.advanceTimersByTime(60_000);
  look(false);
  expect(told).toHaveLength(3);
});
