import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../src/rules/engine/engine.ts';
import { operators } from '../src/rules/operators/table.ts';
import type { Decision } from '../src/rules/decision.ts';
import type { Event } from '../src/event/event.ts';
import { compileRules } from '../src/server/rules/loading/compile.ts';
import { type LoadedRule, loadRuleFile } from '../src/server/rules/loading/load.ts';

/** The nine samples of the design, as somebody would write them into the rules directory. */
const samples = `import { rule, events, ratio, moved } from 'territory/rules';

const deploys = events.where('type = "dev.cdevents.service.deployed"');

// 1 ratio of two business metrics
rule('checkout-conversion', () =>
  ratio(events.where('name = "orders.placed"').window({ every: '1m' }).sum(),
        events.where('name = "baskets.opened"').window({ every: '1m' }).sum())
    .emit({ name: 'checkout.conversion', ttl: '3m' }));

// 2 error rate with deploy correlation
rule('http-errors', () => {
  const http = events.where('name = "http.requests"').by('service', 'env');
  return ratio(http.where('label.code =~ "5%"').rate('30s'), http.rate('30s'))
    .level({ critical: 'metric > 0.05', warning: 'metric > 0.02' })
    .stable('2m')
    .changed()
    .suspects({ before: '30m', on: ['service', 'env'] })
    .alert({ title: '{service} error rate {metric:percent}', team: 'web', resolve: 'state = "ok"' });
});

// 3 expired heartbeat
rule('heartbeats', () =>
  events.where('tagged "heartbeat"').by('host', 'service').absent('90s').alert({ title: '{service} on {host} went silent' }));

// 4 flapping suppression
rule('checks', () =>
  events.where('type = "check"').by('host', 'service').consecutive(3, e => e.state).stable('1m').changed(e => e.state, { from: 'ok' })
    .alert({ title: '{host} {service} is {state}', resolve: 'state = "ok"' }));

// 5 throttled notifications: three at once, then one digest an hour
rule('mail-exceptions', () =>
  events.where('tagged "exception"').by('service').dedupe('10m', e => e.text).digest(3, '1h').notify('mail:dev@example.org'));

// 6 top-N
rule('noisiest', () => events.where('type = "log" and state = "critical"').by('service').window({ every: '1m' }).count().top(5, '1m').emit({ name: 'top.errors' }));

// 7 percentile per host
rule('latency', () => events.where('name = "http.latency"').by('host').window({ every: '10s', size: '1m' }).quantiles(0.5, 0.95, 0.99).emit({ name: 'http.latency.q' }));

// 8 scale decision
rule('workers', () =>
  events.where('name = "queue.depth"').by('service').ewma('1m').stable('30s', e => (e.metric ?? 0) > 1000)
    .scale({ target: 'workers/{service}', want: e => Math.ceil((e.metric ?? 0) / 200), min: 2, max: 40, cooldown: '5m' }));

// 9 did this deploy move this metric?
rule('deploy-effect', () =>
  moved(events.where('name = "http.latency.q" and label.q = "0.95"').by('service', 'env'), { after: deploys, baseline: '2h', observe: '15m', minEffect: 0.05, falseAlarms: 0.01, direction: 'up' })
    .alert({ title: '{version} moved {name} of {service}' }));
`;

// What is compiled imports the language as the server runs it; here from sources.
const unregister = register();
const dir = mkdtempSync(join(tmpdir(), 'territory-samples-'));
let rules: readonly LoadedRule[];
let problems: readonly unknown[];
beforeAll(async () => {
  const file = join(dir, 'samples.ts');
  writeFileSync(file, samples);
  const [compiled] = await compileRules({ files: [file], outDir: join(dir, 'out') });
  problems = compiled?.problems ?? [];
  rules = await loadRuleFile(compiled?.module ?? '', file);
});
afterAll(async () => {
  await unregister();
  rmSync(dir, { recursive: true });
});

const start = Date.UTC(2026, 10, 22);

/** What a rule decides of such events; a minute is 60,000. */
function decide(
  name: string,
  given: readonly (readonly [at: number, event: Partial<Event>])[],
  until: number,
): readonly Decision[] {
  const decided: Decision[] = [];
  const engine = new Engine({
    kinds: operators,
    onDecision: (decision) => decided.push(decision),
    onProblem: ({ message }) => {
      throw new Error(message);
    },
  });
  const plan = rules.find((one) => one.name === name);
  if (!plan) throw new Error(`no rule ${name}`);
  engine.seat([engine.prepare(plan)]);
  for (const [i, [at, event]] of given.entries()) {
    const time = start + at;
    engine.batch([{ id: `e${i}`, type: 'metric', source: 'test', time, received: time, ...event }]);
  }
  engine.tick(start + until);
  return decided;
}

const times = (count: number, every: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => i * every);

test('all nine are rules, each ending in its decision', () => {
  expect(problems).toEqual([]);
  expect(rules.map(({ name, ends }) => [name, ends.map(({ op }) => op).join()])).toEqual([
    ['checkout-conversion', 'emit'],
    ['http-errors', 'alert'],
    ['heartbeats', 'alert'],
    ['checks', 'alert'],
    ['mail-exceptions', 'notify'],
    ['noisiest', 'emit'],
    ['latency', 'emit'],
    ['workers', 'scale'],
    ['deploy-effect', 'alert'],
  ]);
});

test('1: a ratio for each minute in which a basket was opened', () => {
  const found = decide(
    'checkout-conversion',
    [
      [1_000, { name: 'baskets.opened', metric: 8 }],
      [2_000, { name: 'orders.placed', metric: 2 }],
      [61_000, { name: 'baskets.opened', metric: 4 }],
    ],
    200_000,
  );
  expect(found).toMatchObject([
    { at: start + 60_000, event: { name: 'checkout.conversion', metric: 0.25, ttl: 180 } },
    { at: start + 120_000, event: { metric: 0 } },
  ]);
});

test('2: errors that last for two minutes are an alert', () => {
  const of = { name: 'http.requests', service: 'shop', environment: 'live' };
  const given = times(60, 10_000).flatMap((at) => [
    [at, { ...of, metric: at < 240_000 ? 99 : 80, attributes: { code: '200' } }] as const,
    [at, { ...of, metric: at < 240_000 ? 1 : 20, attributes: { code: '503' } }] as const,
  ]);
  const severities = decide('http-errors', given, 600_000).map((one) => [
    one.at - start,
    one.kind === 'alert' && one.severity,
    one.kind === 'alert' && one.title,
  ]);
  expect(severities).toEqual([
    [150_000, 'ok', 'shop error rate 1 %'],
    [390_000, 'critical', 'shop error rate 20 %'],
  ]);
});

test('3: a heart that stops for 90 seconds, and beats again', () => {
  const heart = { tags: ['heartbeat'], host: 'web1', service: 'http' };
  const found = decide(
    'heartbeats',
    [
      [0, heart],
      [60_000, heart],
      [300_000, heart],
    ],
    320_000,
  );
  expect(found).toMatchObject([
    { at: start + 150_000, severity: 'critical', title: 'http on web1 went silent' },
    { at: start + 300_000, severity: 'ok' },
  ]);
});

test('4: a check that is critical three times in a row, and stays so for a minute', () => {
  const check = (state: string): Partial<Event> => ({
    type: 'check',
    host: 'web1',
    service: 'http',
    state,
  });
  const flapping = times(20, 10_000).map(
    (at) => [at, check(at % 20_000 === 0 ? 'ok' : 'critical')] as const,
  );
  expect(decide('checks', flapping, 400_000)).toEqual([]);
  const found = decide(
    'checks',
    [[0, check('ok')], ...[10_000, 20_000, 30_000].map((at) => [at, check('critical')] as const)],
    120_000,
  );
  expect(found).toMatchObject([
    {
      at: start + 90_000,
      severity: 'critical',
      since: start + 30_000,
      title: 'web1 http is critical',
    },
  ]);
});

test('5: three mails at once, then one an hour', () => {
  const given = times(10, 60_000).map(
    (at, i) =>
      [
        at,
        { tags: ['exception'], service: 'shop', attributes: { text: `exception ${i % 8}` } },
      ] as const,
  );
  const bodies = decide('mail-exceptions', given, 4_000_000).map(
    (one) => one.kind === 'notify' && one.body,
  );
  // The ninth and tenth are those of eight minutes before.
  expect(bodies).toEqual([
    'exception 0',
    'exception 1',
    'exception 2',
    '5 more: exception 3, exception 4, exception 5, …',
  ]);
});

test('6: the services with the most errors of a minute, at its end', () => {
  const given = times(21, 1_000).map(
    (at, i) =>
      [at, { type: 'log', state: 'critical', service: `s${Math.floor(Math.sqrt(i))}` }] as const,
  );
  const found = decide('noisiest', given, 70_000).map(({ at, key }) => [
    at - start,
    key['service'],
  ]);
  expect(found).toEqual(['s3', 's2', 's4', 's1', 's0'].map((service) => [60_000, service]));
});

test('7: quantiles of the last minute of each host, each ten seconds', () => {
  const given = times(10, 1_000).map(
    (at, i) => [at, { name: 'http.latency', host: 'web1', metric: i + 1 }] as const,
  );
  const found = decide('latency', given, 18_000).map(
    (one) => one.kind === 'emit' && [one.event.attributes?.['q'], one.event.metric],
  );
  expect(found).toEqual([
    ['0.5', 6],
    ['0.95', 10],
    ['0.99', 10],
  ]);
});

test('8: workers for a queue that stays long', () => {
  const given = times(60, 10_000).map(
    (at) =>
      [
        at,
        { name: 'queue.depth', service: 'encoder', metric: at < 100_000 ? 100 : 3_000 },
      ] as const,
  );
  const found = decide('workers', given, 600_000);
  expect(found[0]).toMatchObject({ at: start + 30_000, target: 'workers/encoder', want: 2 });
  // Not before the cooldown is over, and by what the queue is then.
  expect(found[1]).toMatchObject({ at: start + 330_000, min: 2, max: 40 });
  expect(found[1]?.kind === 'scale' && found[1].want).toBeGreaterThan(12);
});

test('9: a deploy that doubles a latency moved it', () => {
  const of = {
    name: 'http.latency.q',
    service: 'shop',
    environment: 'live',
    attributes: { q: '0.95' },
  };
  const deployAt = 39_600_000;
  const readings = times(1_440, 30_000).map(
    (at, i) => [at, { ...of, metric: (at < deployAt ? 100 : 200) + Math.sin(i * i) }] as const,
  );
  const deploy = [
    deployAt,
    {
      type: 'dev.cdevents.service.deployed.0.3.0',
      service: 'shop',
      environment: 'live',
      attributes: { version: '1.4.2' },
    },
  ] as const;
  const given = [...readings, deploy].toSorted((a, b) => a[0] - b[0]);
  const alerts = decide('deploy-effect', given, 43_300_000).filter(({ kind }) => kind === 'alert');
  expect(alerts).toMatchObject([
    { severity: 'critical', title: '1.4.2 moved http.latency.q of shop' },
  ]);
});
