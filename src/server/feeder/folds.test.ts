import { expect, test } from 'vitest';
import type { Draft, StreamName } from '../../event/event.ts';
import { BlockBuilder } from '../../history/block-builder.ts';
import { CatalogueFold } from './catalogue.ts';
import { LatestFold } from './latest.ts';

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

const small = { entries: 3, labelValues: 2, valueLength: 5 };
const all = () => true;

test('the catalogue counts what it has seen and when it was last', () => {
  const fold = new CatalogueFold();
  const block = blockOf([
    { type: 'metric', host: 'a', time: 50, attributes: { code: '200', zone: '' } },
    { type: 'metric', host: 'a', time: 20, attributes: { code: '500' } },
    { type: 'log', host: 'b', time: 30, source: '/other' },
  ]);
  fold.fold(block.columns);
  fold.fold(block.columns, 2);
  const { kinds } = fold.view();
  expect(kinds.host.entries).toEqual([
    { value: 'a', count: 2, lastSeen: 50 },
    { value: 'b', count: 2, lastSeen: 30 },
  ]);
  expect(kinds.source.entries.map(({ value }) => value)).toEqual(['/agent', '/other']);
  expect(kinds.label.entries).toEqual([
    { value: 'code', count: 2, lastSeen: 50, values: ['200', '500'] },
    { value: 'zone', count: 1, lastSeen: 50, values: [] },
  ]);
  expect(kinds.environment).toEqual({ entries: [], overflowed: false });
});

test('what has no room is refused, says so, and pushes nothing out', () => {
  const fold = new CatalogueFold(undefined, small);
  const many = Array.from({ length: 9 }, (_, i) => ({
    type: 'log',
    host: `h${i}`,
    attributes: { [`k${i}`]: 'v', user: `u${i}`, long: 'too long' },
  }));
  fold.fold(blockOf(many).columns);
  const { kinds } = fold.view();
  expect(kinds.host).toMatchObject({ overflowed: true, entries: { length: 3 } });
  expect(kinds.type.overflowed).toBe(false);
  const values = Object.fromEntries(kinds.label.entries.map((e) => [e.value, e.values]));
  expect(values).toEqual({ k0: ['v'], user: ['u0', 'u1'], long: [] });
  expect(kinds.label.entries.map((e) => e.overflowed)).toEqual([true, undefined, undefined]);
  // Six hosts, eight labels, and once the values of `user`.
  expect(fold.refused).toBe(6 + 8 + 1);
  const restored = new CatalogueFold(JSON.parse(JSON.stringify(fold.snapshot())), small);
  expect(restored.view()).toEqual(fold.view());
});

test('a label that has just as many values as are kept has not overflowed', () => {
  const fold = new CatalogueFold(undefined, small);
  const block = blockOf(
    ['a', 'b', 'a', 'b'].map((user) => ({ type: 'log', attributes: { user } })),
  );
  fold.fold(block.columns);
  fold.fold(block.columns);
  expect(fold.view().kinds.label.entries[0]).toEqual({
    value: 'user',
    lastSeen: received,
    count: 8,
    values: ['a', 'b'],
  });
  expect(fold.refused).toBe(0);
});

test('a catalogue goes on from its snapshot as if nothing had happened', () => {
  const one = blockOf([{ type: 'a', attributes: { k: '1' } }]);
  const two = blockOf([{ type: 'b', attributes: { k: '2' } }]);
  const whole = new CatalogueFold();
  whole.fold(one.columns);
  const kept = JSON.parse(JSON.stringify(whole.snapshot()));
  whole.fold(two.columns);
  const restored = new CatalogueFold(kept);
  restored.fold(two.columns);
  expect(restored.view()).toEqual(whole.view());
});

test('the latest reading of a key is the one with the latest event time', () => {
  const fold = new LatestFold();
  const reading = (metric: number, time: number, more: Partial<Draft> = {}): Draft => ({
    type: 'metric',
    service: 's',
    name: 'load',
    metric,
    time,
    ...more,
  });
  fold.fold(blockOf([reading(1, 10), reading(2, 30), reading(3, 20)]));
  fold.fold(blockOf([reading(4, 25), reading(5, 5, { host: 'h' })], 4));
  fold.fold(blockOf([reading(6, 30)], 6));
  const { entries } = fold.view(1000, all, 10);
  // Of two at the same time the later in the log; another host is another key.
  expect(entries.map(({ event }) => [event.metric, event.offset])).toEqual([
    [6, 6],
    [5, 5],
  ]);
  expect(entries[0]).toMatchObject({ ageMs: 970, stale: false, event: { source: '/agent' } });
});

test('a reading is stale when its ttl is over', () => {
  const fold = new LatestFold();
  fold.fold(blockOf([{ type: 'metric', host: 'h', ttl: 2, time: 10_000 }]));
  expect(fold.view(12_000, all, 1).entries[0]).toMatchObject({ stale: false, expired: false });
  expect(fold.view(12_001, all, 1).entries[0]).toMatchObject({ stale: true, expired: true });
});

test('a reading expires by its ttl or by its state, and is shown until it is forgotten', () => {
  const fold = new LatestFold();
  fold.fold(
    blockOf([
      { type: 'metric', host: 'for ever', time: 10_000 },
      { type: 'metric', host: 'over', state: 'expired', ttl: 60, time: 9_000 },
      { type: 'metric', host: 'back', state: 'expired', time: 7_000 },
      { type: 'metric', host: 'back', state: 'ok', ttl: 60, time: 8_000 },
    ]),
  );
  const expired = (now: number): unknown[] =>
    fold.view(now, all, 9).entries.map((one) => [one.event.host, one.stale, one.expired]);
  expect(expired(11_000)).toEqual([
    ['for ever', false, false],
    ['over', false, true],
    ['back', false, false],
  ]);
  // Strictly: at 68 s it is 60 s old.
  expect(expired(68_000).at(-1)).toEqual(['back', false, false]);
  expect(expired(68_001).at(-1)).toEqual(['back', true, true]);
});

test('only readings with one of the four fields are held, and only so many', () => {
  const limits = { entries: 2, lineLength: 200, idleMs: 100, snapshotLength: 1000 };
  const fold = new LatestFold(undefined, limits);
  fold.fold(blockOf([{ type: 'log' }, { type: 'log', host: 'long', data: 'x'.repeat(300) }]));
  fold.fold(blockOf([{ type: 'dev.cdevents.x', host: 'h' }], 1, 'facts'));
  expect([fold.size, fold.refused]).toEqual([0, 1]);
  fold.fold(blockOf(['a', 'b', 'c'].map((host) => ({ type: 'log', host }))));
  expect(fold.view(0, all, 10)).toMatchObject({ overflowed: true, entries: { length: 2 } });
  fold.forgetIdle(received + 101);
  expect(fold.view(0, all, 10)).toEqual({ overflowed: false, entries: [] });
});

test('a snapshot is bounded, and holds the newest', () => {
  const limits = { entries: 100, lineLength: 200, idleMs: 100, snapshotLength: 1000 };
  const fold = new LatestFold(undefined, limits);
  fold.fold(blockOf(Array.from({ length: 50 }, (_, i) => ({ type: 'log', host: `h${i}` }))));
  const { entries } = fold.snapshot();
  expect(entries.length).toBeGreaterThan(2);
  expect(JSON.stringify(entries).length).toBeLessThan(1500);
  expect(
    new LatestFold({ overflowed: false, entries }).view(0, all, 1).entries[0]?.event,
  ).toMatchObject({ host: 'h49' });
});

test('the filter and the limit apply to the events', () => {
  const fold = new LatestFold();
  fold.fold(blockOf(['a', 'b', 'c'].map((host, i) => ({ type: 'log', host, time: i }))));
  const hosts = (limit: number) =>
    fold.view(0, ({ host }) => host !== 'b', limit).entries.map(({ event }) => event.host);
  expect(hosts(10)).toEqual(['c', 'a']);
  expect(hosts(1)).toEqual(['c']);
});

test('ten thousand keys in one block are told apart', () => {
  const fold = new LatestFold();
  const drafts = Array.from({ length: 20_000 }, (_, i) => ({
    type: 'metric',
    service: `s${i % 10}`,
    name: `n${Math.floor(i / 2)}`,
    metric: i,
  }));
  fold.fold(blockOf(drafts));
  expect(fold.size).toBe(20_000);
});

test('a full table goes on with the keys it holds, also after a restart', () => {
  const limits = { entries: 50, lineLength: 200, idleMs: 100, snapshotLength: 100_000 };
  const readings = (time: number, count: number) =>
    blockOf(
      Array.from({ length: count }, (_, i) => ({
        type: 'metric',
        service: `sök-${i}`,
        name: i % 2 ? 'up' : '',
        time,
      })),
    );
  const fold = new LatestFold(undefined, limits);
  fold.fold(readings(10, 50));
  fold.fold(readings(20, 500));
  expect([fold.size, fold.refused]).toEqual([50, 450]);
  const again = new LatestFold(fold.snapshot(), limits);
  again.fold(readings(30, 500));
  for (const one of [fold, again]) {
    const times = new Set(one.view(0, all, 100).entries.map(({ event }) => event.time));
    expect(times).toEqual(new Set([one === fold ? 20 : 30]));
  }
});
