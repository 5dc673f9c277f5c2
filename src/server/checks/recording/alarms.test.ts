import { expect, test } from 'vitest';
import { definitionOf } from '../../../rooms/checks/checks.suite.ts';
import { LifePlay } from '../../../rooms/checks/life.suite.ts';
import type { CheckDefinition } from '../../../rooms/checks/definition.ts';
import { type Alarming, toTell, toldBefore } from './alarms.ts';

/** What is told when the check `home` has these runs, of `LifePlay`. */
function told(runs: string, more: Partial<Alarming> = {}, check: Partial<CheckDefinition> = {}) {
  const play = new LifePlay().runs(runs);
  return toTell({
    definition: definitionOf('home', check),
    life: play.life,
    settings: play.settings,
    silencing: { quarantined: false, suppressedBy: undefined },
    told: undefined,
    now: play.now,
    link: 'https://t.example/checks/home',
    ...more,
  });
}

test('what is sure is told once, with its step, its page and when all was well', () => {
  const first = told('..CCC');
  expect(first?.decisions).toMatchObject([
    {
      rule: 'checks',
      key: { check: 'home', route: 'ticket' },
      severity: 'critical',
      title: 'The home page: was critical',
      service: 'shop',
      environment: 'production',
      runbook: 'https://t.example/checks/home',
      details: { link: 'https://t.example/checks/home', feature: 'shop.feature:3' },
    },
  ]);
  expect(told('..CCC', { told: first?.alarm })).toBeUndefined();
  expect(told('..CCCC', { told: first?.alarm })).toBeUndefined();
  // Said again after a kill, it has the same id.
  expect(told('..CCC')?.decisions[0]?.id).toBe(first?.decisions[0]?.id);
  expect(told('..CCC..', { told: first?.alarm })).toMatchObject({
    alarm: undefined,
    decisions: [{ severity: 'ok', key: { check: 'home', route: 'ticket' } }],
  });
});

test('what is soft, or well, is not told', () => {
  expect([told('...'), told('..CC')]).toEqual([undefined, undefined]);
});

test.each([
  [{ route: 'page' }, 'critical'],
  [{ route: 'ticket' }, 'critical'],
  [{ route: 'note' }, 'warning'],
  [{ isWarning: true }, 'warning'],
] as const)('a failure of %o is %s', (check, severity) => {
  expect(told('..CCC', {}, check)?.decisions[0]?.severity).toBe(severity);
});

test('what holds an alert back neither opens nor ends one', () => {
  const quarantined = { silencing: { quarantined: true, suppressedBy: undefined } };
  const suppressed = { silencing: { quarantined: false, suppressedBy: 'dns' } };
  expect([told('..CCC', quarantined), told('..CCC', suppressed)]).toEqual([undefined, undefined]);
  // It is over all the same when it is over.
  const before = { told: told('..CCC')?.alarm };
  expect(told('..CCC..', { ...quarantined, ...before })?.decisions[0]?.severity).toBe('ok');
});

test('told by another route it is over for the one, and begins for the other', () => {
  const before = { told: told('..CCC')?.alarm };
  expect(told('..CCC', before, { route: 'page' })?.decisions).toMatchObject([
    { key: { route: 'ticket' }, severity: 'ok' },
    { key: { route: 'page' }, severity: 'critical' },
  ]);
});

test('an alert that nobody remembers is ended or said again', () => {
  const before = { told: toldBefore('ticket') };
  expect(told('...', before)?.decisions).toMatchObject([{ severity: 'ok' }]);
  expect(told('..CCC', before)?.decisions).toMatchObject([{ severity: 'critical' }]);
});
