import { expect, test } from 'vitest';
import type { CheckState } from '../../../rooms/checks/definition.ts';
import { Lives } from './lives.ts';

const policy = {
  maxAttempts: 2,
  successes: 2,
  retryInterval: 10_000,
  staleAfter: 3,
  bootGrace: 0,
};
const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);

function lives() {
  const all = new Lives({ settingsOf: () => ({ interval: 10_000, policy }) });
  const run = (slot: number, state: CheckState) =>
    all.fold({
      kind: 'run',
      run: {
        check: 'a',
        slot,
        started: slot,
        ended: slot + 5,
        state,
        durationMs: 5,
        release: undefined,
        sha: '',
        lagMs: 0,
        attempts: 1,
        summary: '',
        performance: [],
      },
    });
  return { run, life: () => all.get('a')?.life };
}

test('what was seen after a clock that was ahead was put right counts', () => {
  const { run, life } = lives();
  for (let i = 0; i < 3; i++) run(start + hour + i * 10_000, 'ok');
  for (let i = 0; i < 3; i++) run(start + i * 10_000, 'critical');
  expect(life()).toMatchObject({ hard: { state: 'critical' }, last: { slot: start + 20_000 } });
});

test('a slot is taken up once', () => {
  const { run } = lives();
  expect(run(start, 'ok')).toBeDefined();
  expect(run(start + 10_000, 'ok')).toBeDefined();
  expect(run(start, 'critical')).toBeUndefined();
  expect(run(start + 10_000, 'critical')).toBeUndefined();
});
