import { expect, test } from 'vitest';
import type { Alert } from '../../server/api/contract-alerts.ts';
import { endOf } from './ends.ts';
import { matcherOf } from './matcher.ts';
import { momentOf } from './moments.ts';
import { aboutOf, grouped } from './order.ts';
import { readingOf, spanOf } from './reading.ts';
import { verdictIn } from './verdict-in.ts';

const hour = 3_600_000;
const alert = (changes: Partial<Alert>): Alert => ({
  id: 'a',
  subject: 'alert/r/-',
  rule: 'r',
  key: {},
  state: 'open',
  severity: 'warning',
  condition: 'warning',
  flapping: false,
  flapPercent: 0,
  title: '',
  since: 0,
  openedAt: 0,
  episode: 1,
  count: 1,
  silencedBy: [],
  ...changes,
});

test('the worst stand first, and of those the ones that wait for somebody, the oldest on top', () => {
  const by = { by: 'ada', at: 0 };
  const groups = grouped([
    alert({ id: 'young', severity: 'critical', since: 5 }),
    alert({ id: 'warning' }),
    alert({ id: 'taken', severity: 'critical', since: 1, acknowledged: by }),
    alert({ id: 'old', severity: 'critical', since: 2 }),
    alert({ id: 'quiet', severity: 'critical', since: 0, silencedBy: ['s'] }),
    alert({ id: 'unknown', severity: 'unknown' }),
  ]);
  expect(groups.map(({ severity, alerts }) => [severity, alerts.map(({ id }) => id)])).toEqual([
    ['critical', ['old', 'young', 'quiet', 'taken']],
    ['unknown', ['unknown']],
    ['warning', ['warning']],
  ]);
});

test('what an alert is about is said once', () => {
  const key = { service: 'shop', env: 'live', 'label.route': '/buy', empty: '' };
  expect(aboutOf(alert({ key, service: 'shop', environment: 'live' }))).toBe('shop · live · /buy');
});

test('a silence begins with the filter of the one alert', () => {
  const key = { service: 'the "shop"', env: 'live', code: '500', 'attributes.a': 'b', none: '' };
  expect(matcherOf({ rule: 'r', key })).toBe(
    'name = "r" and service = "the \\"shop\\"" and environment = "live" and label.code = "500" and label.a = "b"',
  );
});

test('the chart shows the reading that decided, or what the rule emits, from before to after', () => {
  const key = { host: 'a' };
  expect(readingOf(alert({ key, name: 'disk' }))).toBe('name = "disk" and host = "a"');
  expect(readingOf(alert({ key }))).toBe(
    'source = "territory/rules" and label.rule = "r" and host = "a"',
  );
  expect(spanOf(alert({ since: 10 * hour }), 11 * hour)).toEqual({ from: 9 * hour, to: 11 * hour });
  const over = alert({ since: 10 * hour, resolvedAt: 12 * hour });
  expect(spanOf(over, 99 * hour)).toEqual({ from: 8 * hour, to: 12.5 * hour });
});

test('a silence may end in the morning', () => {
  const evening = new Date(2026, 2, 28, 22, 30).getTime();
  expect(endOf('morning', evening)).toBe(new Date(2026, 2, 29, 9).getTime());
  expect(endOf('4h', evening) - evening).toBe(4 * hour);
});

test.each([
  [
    'opened',
    { condition: 'critical', title: 'full', value: 0.5 },
    'Opened, critical',
    'full · 0.5',
  ],
  ['updated', { condition: 'warning', flapping: true }, 'Flapping, now warning', undefined],
  ['updated', { condition: 'ok' }, 'Condition over', undefined],
  ['acknowledged', { by: 'ada', note: 'mine', title: 'full' }, 'Acknowledged by ada', 'mine'],
  ['unacknowledged', { by: 'ada' }, 'Given back by ada', undefined],
  ['resolved', { condition: 'ok' }, 'Over', undefined],
  ['resolved', { by: 'ada', note: 'rule is gone' }, 'Ended by ada', 'rule is gone'],
] as const)('%s with %j is “%s”', (happening, data, words, note) => {
  const type = `dev.cdeventsx.territory-alert.${happening}.0.1.0`;
  const place = { stream: 'facts', offset: 1, id: '1', time: 0, received: 0, source: '' } as const;
  expect(momentOf({ ...place, type, data })).toMatchObject({ words, note });
});

test('a verdict is told from other details, with the change that it is about', () => {
  const change = { source: 'ci', id: '7', type: 't', time: 5, what: 'shop 7 deployed' };
  const verdict = { kind: 'cannotTell', lack: 'history', have: 3, need: 200 };
  expect(verdictIn({ ...verdict, change, also: ['an incident', 5] })).toMatchObject({
    verdict,
    change,
    also: ['an incident'],
  });
  expect(verdictIn(verdict)).toMatchObject({ verdict, change: undefined, also: [] });
  for (const other of [undefined, null, 'moved', { kind: 'else' }, [verdict]])
    expect(verdictIn(other)).toBeUndefined();
});
