import { expect, test } from 'vitest';
import { events, rule } from '../rules.ts';
import { world } from '../test.ts';

test('a rate by host, at the end of each interval', () => {
  const w = world(() => {
    rule('requests', () =>
      events.where('name = "requests"').by('host').rate('10s').emit({ name: 'requests.rate' }),
    );
  });
  w.at('1s', { name: 'requests', host: 'a', metric: 20 });
  w.at('2s', { name: 'requests', host: 'a', metric: 10 });
  w.at('3s', { name: 'requests', host: 'b', metric: 5 });
  w.advance('15s');
  expect(w.out().map(({ host, metric }) => [host, metric])).toEqual([
    ['a', 3],
    ['b', 0.5],
  ]);
  expect(w.replay()).toEqual(w.decisions());
});

test('an alert opens once, and ends once', () => {
  const w = world(() => {
    rule('disk', () =>
      events
        .where('name = "disk"')
        .by('host')
        .level({ critical: 'metric > 0.9', clear: 'metric < 0.8' })
        .changed('state', { from: 'ok' })
        .alert({ title: 'disk of {host} is {metric:percent} full' }),
    );
  });
  w.at('0s', { name: 'disk', host: 'a', metric: 0.5 });
  w.at('10s', { name: 'disk', host: 'a', metric: 0.95 });
  w.at('20s', { name: 'disk', host: 'a', metric: 0.97 });
  w.at('30s', { name: 'disk', host: 'a', metric: 0.85 });
  w.at('40s', { name: 'disk', host: 'a', metric: 0.7 });
  const said = w.actions('alert').map(({ severity, title, key }) => [severity, title, key]);
  expect(said).toEqual([
    ['critical', 'disk of a is 95 % full', { host: 'a' }],
    ['ok', 'disk of a is 70 % full', { host: 'a' }],
  ]);
});

test('a changed threshold keeps the state of the operators before it', () => {
  const rules = (limit: number) => () => {
    rule('errors', () =>
      events
        .by('service')
        .rate('10s')
        .level({ critical: `metric > ${limit}` })
        .alert({ title: '{service}' }),
    );
  };
  const w = world(rules(100));
  w.at('1s', { service: 'shop', metric: 50 });
  w.reload(rules(3));
  w.at('9s', { service: 'shop', metric: 50 });
  w.advance('20s');
  expect(w.actions('alert').map(({ severity, value }) => [severity, value])).toEqual([
    ['critical', 10],
    ['ok', 0],
  ]);
});
