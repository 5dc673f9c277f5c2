import { expect, test } from 'vitest';
import { startGates } from '../gates/state.ts';
import type { Delivery } from '../releases/artefact/delivery.ts';
import { DeploysPlay, lane, noon } from './deploys.suite.ts';
import { gateWords } from './gates.ts';
import { withWindowsOf } from './manifest-windows.ts';

const mornings: Pick<Delivery, 'windows' | 'promote'> = {
  windows: [{ kind: 'allow', when: 'Mon-Fri 08:00-11:00', tz: 'UTC' }],
  promote: { order: ['staging', 'production'], auto: [] },
};

/** What gates say of the shop at noon on a Wednesday, by the windows that it brings along. */
function windowWord(environment: string, delivery: typeof mornings | undefined) {
  const asked = new DeploysPlay().judged({ environment });
  const gates = withWindowsOf(startGates(), delivery, { ...lane, environment });
  return gateWords({ ...asked, gates }, noon).find(({ rule }) => rule === 'window');
}

test('a release’s own windows hold where customers are', () => {
  expect(windowWord('production', mornings)).toMatchObject({
    word: 'refuses',
    reason: 'deploys go out only Mon-Fri 08:00-11:00 (UTC)',
    until: Date.parse('2026-05-07T08:00:00Z'),
  });
  expect(windowWord('staging', mornings)).toMatchObject({ word: 'passes' });
});

test('without an order they hold in every environment', () => {
  const everywhere = { ...mornings, promote: { order: [], auto: [] } };
  expect(windowWord('staging', everywhere)).toMatchObject({ word: 'refuses' });
});

test('one that denies says who wrote it, and that the server cannot take it away', () => {
  const noons = { ...mornings, windows: [{ kind: 'deny', when: 'daily 11:30-13:00', tz: 'UTC' }] };
  expect(windowWord('production', noons as typeof mornings)).toMatchObject({
    word: 'refuses',
    by: 'territory.yaml',
    lifts: 'the end of the window, or a gatekeeper: --break-glass REASON',
  });
});

test('a release without windows changes nothing', () => {
  const gates = startGates();
  expect(withWindowsOf(gates, undefined, lane)).toBe(gates);
  expect(withWindowsOf(gates, { ...mornings, windows: [] }, lane)).toBe(gates);
});
