import { describe, expect, test } from 'vitest';
import type { Draft } from '../../event/event.ts';
import { events, ratio, rule } from '../rules.ts';
import { world, type World } from '../test.ts';

const start = Date.UTC(2024, 1, 29);
const minute = 60_000;

/** Sample 2 of rules.md 6.4. */
const httpErrors = (): void => {
  rule('http-errors', () => {
    const http = events.where('name = "http.requests"').by('service', 'env');
    return ratio(http.where('label.code =~ "5%"').rate('30s'), http.rate('30s'))
      .level({ critical: 'metric > 0.05', warning: 'metric > 0.02' })
      .stable('2m')
      .changed()
      .suspects({ before: '30m', on: ['service', 'env'] })
      .alert({
        title: '{service} error rate {metric:percent}',
        team: 'web',
        resolve: 'state = "ok"',
      });
  });
};

/** A hundred requests every ten seconds, of which so many fail. */
function traffic(w: World, [from, to]: readonly [number, number], failing: number): void {
  const of = { name: 'http.requests', service: 'shop', environment: 'live' };
  for (let at = from; at < to; at += 10_000) {
    w.at(start + at, { ...of, metric: 100 - failing, attributes: { code: '200' } });
    w.at(start + at, { ...of, metric: failing, attributes: { code: '503' } });
  }
}

const change = (id: string, fields: Partial<Draft>): Partial<Draft> => ({
  id,
  type: 'dev.cdevents.service.deployed.0.3.0',
  source: 'ci',
  ...fields,
});

describe('sample 2: error rate with deploy correlation', () => {
  test('the alert names the deploy before it, and what else changed', () => {
    const w = world(httpErrors);
    const shop = { service: 'shop', environment: 'live' };
    w.at(start, change('old', { ...shop, attributes: { version: '1.4.1' } }));
    traffic(w, [0, 40 * minute], 1);
    w.at(start + 40 * minute, change('mail', { service: 'mail', environment: 'live' }));
    w.at(start + 40 * minute, change('test', { service: 'shop', environment: 'test' }));
    w.at(
      start + 41 * minute,
      change('flag', { type: 'dev.cdeventsx.unleash-flag.toggled.0.1.0', subject: 'basket' }),
    );
    w.at(start + 42 * minute, change('new', { ...shop, attributes: { version: '1.4.2' } }));
    traffic(w, [43 * minute, 50 * minute], 10);
    traffic(w, [50 * minute, 60 * minute], 1);
    w.advance('5m');

    const [calm, alarm, over, ...more] = w.actions('alert');
    expect(more).toEqual([]);
    expect([calm?.severity, alarm?.severity, over?.severity]).toEqual(['ok', 'critical', 'ok']);
    expect(alarm).toMatchObject({ title: 'shop error rate 10 %', team: 'web', service: 'shop' });
    const since = (alarm?.since ?? 0) - start;
    expect(since).toBe(43.5 * minute);
    expect(alarm?.suspects).toMatchObject([
      {
        id: 'new',
        source: 'ci',
        what: 'shop 1.4.2 deployed',
        time: start + 42 * minute,
        because: ['2 min before', 'same service', 'same environment'],
      },
      { id: 'flag', what: 'flag basket toggled' },
    ]);
    expect(over?.suspects).toBeUndefined();
    expect(w.replay()).toEqual(w.decisions());
  });
});

test('a deploy that is told when its instances have customers already is a suspect within `late`', () => {
  const suspectsWith = (late?: '10s'): unknown => {
    const w = world(() =>
      rule('errors', () =>
        events
          .where('name = "errors"')
          .by('service')
          .level({ critical: 'metric > 5' })
          .stable('10s')
          .suspects({ on: ['service'], ...(late && { late }) })
          .alert({ title: 'errors of {service}' }),
      ),
    );
    w.at('60s', { name: 'errors', service: 'shop', metric: 9 });
    w.at('61s', change('told', { service: 'shop', attributes: { version: '2' } }));
    w.at('71s', { name: 'errors', service: 'shop', metric: 9 });
    const found = w.actions('alert')[0];
    return found?.suspects?.map(({ id, because }) => [id, because[0]]);
  };
  expect(suspectsWith()).toEqual([]);
  expect(suspectsWith('10s')).toEqual([['told', 'told 1 s after it began']]);
});

test('services upstream are suspects where the rule names them', () => {
  const declare = (upstream?: Readonly<Record<string, readonly string[]>>) => () =>
    rule('errors', () =>
      events
        .where('name = "errors"')
        .by('service')
        .suspects({ on: ['service'], ...(upstream && { upstream }) })
        .alert({ title: 'errors of {service}' }),
    );
  const idsOf = (upstream?: Readonly<Record<string, readonly string[]>>): unknown => {
    const w = world(declare(upstream));
    w.at('1m', change('stock-7', { service: 'stock' }));
    w.at('2m', { name: 'errors', service: 'shop', state: 'critical' });
    return w.actions('alert')[0]?.suspects?.map(({ id }) => id);
  };
  expect(idsOf()).toEqual([]);
  expect(idsOf({ shop: ['stock'] })).toEqual(['stock-7']);
});

test('no more than a thousand changes are remembered, and that is counted', () => {
  const w = world(() => {
    rule('errors', () => events.where('name = "errors"').suspects().alert({ title: 'errors' }));
  });
  for (let i = 0; i < 1_005; i++)
    w.at(start + i, change(`c${i}`, { service: 'shop', environment: 'live' }));
  expect(w.stats()[0]?.full).toBe(5);
});

test('a rule that correlates is not taken to work with the readings of others', () => {
  const w = world(() => {
    rule('errors', () =>
      events.where('name = "errors"').suspects().emit({ name: 'errors.explained' }),
    );
  });
  w.at('1s', { name: 'other', attributes: { 'rule.path': 'other' } });
  w.at('2s', { name: 'errors' });
  expect(w.decisions()[0]).not.toHaveProperty('path');
});
