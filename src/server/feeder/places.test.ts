import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Draft, StreamName } from '../../event/event.ts';
import { BlockBuilder } from '../../history/block-builder.ts';
import { CallsFold } from './calls.ts';
import { PlacesFold, placesLimits } from './places.ts';

const received = 1_000_000;

function blockOf(
  drafts: readonly Draft[],
  first = 1,
  stream: StreamName = 'readings',
): BlockBuilder {
  const bytes = Buffer.from(drafts.map((draft) => `${JSON.stringify(draft)}\n`).join(''));
  const block = new BlockBuilder(stream);
  block.add({ stream, first, count: drafts.length, received, source: '/agent', bytes });
  return block;
}

const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test('readings under the same names are one, with how often, when, and the last of them', () => {
  const fold = new PlacesFold();
  const shop = { type: 'metric', service: 'shop', host: 'web-1', environment: 'production' };
  const acme = { attributes: { 'service.namespace': 'acme' } };
  fold.fold(
    blockOf([
      { ...shop, name: 'load', time: 30 },
      { ...shop, name: 'cpu', time: 10 },
      { type: 'check', host: 'web-1', name: 'http', time: 5 },
      { ...shop, ...acme, time: 7 },
      { type: 'check', host: 'web-1', name: 'disk', time: 6 },
    ]),
  );
  fold.fold(blockOf([{ ...shop, time: 20 }], 6));
  expect(fold.view()).toEqual([
    {
      stream: 'readings',
      source: '/agent',
      ...shop,
      first: 10,
      last: 30,
      count: 3,
      offset: 1,
    },
    expect.objectContaining({ namespace: 'acme', service: 'shop', count: 1, offset: 4 }),
    expect.objectContaining({ type: 'check', check: 'http', count: 1, offset: 3 }),
    expect.objectContaining({ type: 'check', check: 'disk', count: 1, offset: 5 }),
  ]);
});

test('facts are none of it, and what was folded before is not counted again', () => {
  const fold = new PlacesFold();
  fold.fold(blockOf([{ type: 'dev.cdevents.change.merged.0.2.0' }], 1, 'facts'));
  const block = blockOf([{ type: 'log' }, { type: 'log' }, { type: 'log' }]);
  fold.fold(block, 2);
  expect(fold.view()).toMatchObject([{ type: 'log', count: 1, offset: 3 }]);
});

test('it goes on from its snapshot as if nothing had happened', () => {
  const one = blockOf([{ type: 'metric', service: 'a', time: 1 }]);
  const two = blockOf(
    [
      { type: 'metric', service: 'a', time: 2 },
      { type: 'check', name: 'c', time: 3 },
    ],
    2,
  );
  const whole = new PlacesFold();
  whole.fold(one);
  const restored = new PlacesFold(copied(whole.snapshot()));
  whole.fold(two);
  restored.fold(two);
  expect(restored.view()).toEqual(whole.view());
});

test('what has no room is refused and says so; many checks push no service out', () => {
  const limits = { ...placesLimits, places: 3, checks: 2 };
  const fold = new PlacesFold(undefined, limits);
  const checks = Array.from({ length: 5 }, (_, i) => ({ type: 'check', name: `c${i}`, time: 9 }));
  fold.fold(blockOf(checks));
  expect([fold.size, fold.refused, fold.overflowed]).toEqual([2, 3, true]);
  const services = Array.from({ length: 5 }, (_, i) => ({
    type: 'log',
    service: `s${i}`,
    time: 90 + i,
  }));
  fold.fold(blockOf(services, 6));
  expect(fold.view().map(({ service, check }) => service ?? check)).toEqual([
    's0',
    's1',
    's2',
    'c0',
    'c1',
  ]);
  fold.fold(blockOf(services, 11));
  expect(fold.view().find(({ service }) => service === 's2')).toMatchObject({ count: 2 });
  fold.forget(91);
  expect(fold.overflowed).toBe(false);
  fold.fold(blockOf([{ type: 'log', service: 'new', time: 99 }], 16));
  expect(fold.view().map(({ service }) => service)).toEqual(['s1', 's2', 'new']);
});

test('a snapshot keeps the newest', () => {
  const fold = new PlacesFold(undefined, { ...placesLimits, snapshotLength: 170 });
  const rows = [3, 9, 6].map((time) => ({ type: 'log', service: `s${time}`, time }));
  fold.fold(blockOf(rows));
  const kept = new PlacesFold(copied(fold.snapshot())).view();
  expect(kept.map(({ service }) => service)).toEqual(['s9', 's6']);
});

test('whatever comes, in whatever blocks, each reading is counted once, under its own names', () => {
  const few = fc.constantFrom(undefined, 'a', 'b', 'ü');
  const draft = fc.record({
    type: fc.constantFrom('metric', 'check'),
    service: few,
    host: few,
    name: few,
    source: fc.constantFrom('/x', '/y'),
    time: fc.integer({ min: 1, max: 9 }),
    namespace: few,
  });
  fc.assert(
    fc.property(fc.array(fc.array(draft, { minLength: 1, maxLength: 30 })), (blocks) => {
      const fold = new PlacesFold();
      const expected = new Map<string, number>();
      let first = 1;
      for (const drafts of blocks) {
        const block = drafts.map(({ namespace, ...rest }) => ({
          ...rest,
          ...(namespace !== undefined && { attributes: { 'service.namespace': namespace } }),
        }));
        fold.fold(blockOf(block as Draft[], first));
        first += drafts.length;
        for (const { type, service, host, name, source, namespace } of drafts) {
          const check = type === 'check' ? name : undefined;
          const key = [source, type, service, host, check, namespace].join();
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
      }
      const found = fold
        .view()
        .map(({ source, type, service, host, check, namespace, count }) => [
          [source, type, service, host, check, namespace].join(),
          count,
        ]);
      expect(new Map(found as [string, number][])).toEqual(expected);
    }),
  );
});

const call = (from: string, to: string, more: Record<string, string> = {}, time = 1): Draft => ({
  type: 'request',
  time,
  attributes: { 'client.service': from, 'server.service': to, 'span.kind': 'client', ...more },
});

test('calls are told by either end, and counted once', () => {
  const fold = new CallsFold();
  const answered = { 'span.kind': 'server' };
  fold.fold(
    blockOf([
      call('shop', 'pay', {}, 3),
      call('shop', 'pay', answered, 5),
      call('shop', 'pay', {}, 4),
      call('shop', 'postgresql/orders', { 'server.service.is': 'database' }),
      { type: 'request', attributes: { 'server.service': 'shop' } },
      { type: 'span', attributes: { 'client.service': 'shop', 'server.service': 'x' } },
      call('shop', 'shop'),
      { type: 'metric' },
    ]).columns,
  );
  fold.fold(blockOf([{ type: 'request' }]).columns);
  expect(fold.view()).toEqual([
    { from: 'shop', to: 'pay', count: 2, first: 3, last: 5 },
    { from: 'shop', to: 'postgresql/orders', toIs: 'database', count: 1, first: 1, last: 1 },
  ]);
  const restored = new CallsFold(copied(fold.snapshot()));
  restored.fold(blockOf([call('shop', 'pay', answered, 9)]).columns);
  expect(restored.view()[0]).toEqual({ from: 'shop', to: 'pay', count: 2, first: 3, last: 9 });
});

test('calls are bounded, and forgotten when there is no room and none came for long', () => {
  const fold = new CallsFold([], 2);
  fold.fold(blockOf(['a', 'b', 'c'].map((to, i) => call('shop', to, {}, i + 1))).columns);
  expect([fold.size, fold.refused, fold.overflowed]).toEqual([2, 1, true]);
  fold.forget(2);
  expect([fold.size, fold.overflowed]).toEqual([1, false]);
});
