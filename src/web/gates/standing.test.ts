import { expect, test } from 'vitest';
import type { Block, Freeze, Lock, Window } from '../../server/api/contract-gates.ts';
import { standingGates } from './standing.ts';

const gate = { id: 'x', scope: 'production', by: 'ann', created: 0, reason: 'why' };
const window: Window = {
  ...gate,
  kind: 'allow',
  schedule: 'Mon-Fri 09:30-17:00',
  zone: 'UTC',
  reason: null,
  overrun: false,
  state: 'closed',
  changes: 100,
};
const freeze: Freeze = {
  ...gate,
  from: 50,
  until: null,
  state: 'active',
  enforced: 'onAsk',
  passed: [],
};
const lock: Lock = { ...gate, until: 200, warning: false, state: 'held', token: 1 };
const block: Block = { ...gate, safe: '1.4.1', until: 300, state: 'active' };
const none = { windows: [], freezes: [], locks: [], blocks: [] };

const wordsOf = (now: Parameters<typeof standingGates>[0]): string[] =>
  standingGates(now).map(({ word, text, when, at }) => `${word}: ${text}, ${when} ${String(at)}`);

test('what stands, in the order of the rules, with its end', () => {
  expect(wordsOf({ windows: [window], freezes: [freeze], locks: [lock], blocks: [block] })).toEqual(
    [
      'window closed: Mon-Fri 09:30-17:00 (UTC), until 100',
      'frozen: why, until undefined',
      'locked: why, until 200',
      'blocked: why; the safe version is 1.4.1, until 300',
    ],
  );
});

test('a closed window that denies, and one beside an open one that allows, are in nobody’s way', () => {
  const open: Window = { ...window, state: 'open' };
  const deny: Window = { ...window, kind: 'deny' };
  expect(standingGates({ ...none, windows: [window, open, deny] })).toEqual([]);
  expect(wordsOf({ ...none, windows: [{ ...deny, state: 'open', reason: 'night' }] })).toEqual([
    'window denies: night, Mon-Fri 09:30-17:00 (UTC), until 100',
  ]);
});

test('what is to come or only said is told and keeps nobody in; what went out is said', () => {
  const passed = [{ app: 'shop', environment: 'production', version: '1', time: 60 }];
  const now = {
    ...none,
    freezes: [
      { ...freeze, state: 'pending' as const },
      { ...freeze, passed },
    ],
    locks: [{ ...lock, warning: true }],
  };
  expect(standingGates(now).map(({ state }) => state)).toEqual(['told', 'warning', 'told']);
  expect(wordsOf(now)).toEqual([
    'freeze to come: why, from 50',
    'frozen: why; a deploy went out all the same, until undefined',
    'be careful: why, until 200',
  ]);
});
