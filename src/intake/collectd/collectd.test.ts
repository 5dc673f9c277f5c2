import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noon, open } from './opened.suite.ts';
import { part, type Value } from './packets.suite.ts';

const about = (ms = noon) => [
  part.host('web-1'),
  part.time(ms),
  part.interval(10),
  part.plugin('interface'),
  part.pluginInstance('eth0'),
  part.type('if_octets'),
];

describe('what values become', () => {
  test('gauges: a reading each, named by plugin, type and data source', () => {
    const { decode } = open();
    const decoded = decode(
      part.host('web-1'),
      part.time(noon),
      part.interval(10),
      part.plugin('load'),
      part.type('load'),
      part.values(['g', 0.5], ['g', 0.25], ['g', 0.125]),
      part.plugin('df'),
      part.pluginInstance('root'),
      part.type('df_complex'),
      part.typeInstance('free'),
      part.values(['g', 1e12]),
    );
    const common = { type: 'metric', host: 'web-1', time: noon, ttl: 20 };
    const gauge = { 'metric.type': 'gauge' };
    expect(decoded).toEqual([
      { ...common, name: 'load.shortterm', metric: 0.5, attributes: gauge },
      { ...common, name: 'load.midterm', metric: 0.25, attributes: gauge },
      { ...common, name: 'load.longterm', metric: 0.125, attributes: gauge },
      {
        ...common,
        name: 'df.df_complex',
        metric: 1e12,
        attributes: { ...gauge, plugin_instance: 'root', type_instance: 'free' },
      },
    ]);
  });

  test('counters: what they grew by since the last reading', () => {
    const { events } = open();
    expect(events(...about(), part.values(['d', 1_000], ['d', 5]))).toEqual([]);
    expect(events(...about(noon + 10_000), part.values(['d', 1_500], ['d', 5]))).toEqual([
      expect.objectContaining({
        name: 'interface.if_octets.rx',
        metric: 500,
        attributes: { 'metric.type': 'delta', plugin_instance: 'eth0' },
      }),
      expect.objectContaining({ name: 'interface.if_octets.tx', metric: 0 }),
    ]);
  });

  const two64 = 2n ** 64n;
  test.each<readonly [what: string, first: Value, second: Value, increment: readonly number[]]>([
    ['a COUNTER', ['c', 7], ['c', 10], [3]],
    ['a COUNTER of 32 bits at its end', ['c', 2n ** 32n - 1n], ['c', 4], [5]],
    ['a COUNTER of 64 bits at its end', ['c', two64 - 2n], ['c', 4], [6]],
    ['a COUNTER beyond 2^53', ['c', two64 - 20n], ['c', two64 - 1n], [19]],
    ['a DERIVE', ['d', 7], ['d', 10], [3]],
    ['a DERIVE beyond 2^53', ['d', 2n ** 60n], ['d', 2n ** 60n + 1n], [1]],
    ['a DERIVE below 0', ['d', -5], ['d', 4], [9]],
    ['a DERIVE that began anew', ['d', 1_000], ['d', 3], []],
    ['an ABSOLUTE: an increment as it is', ['a', 7], ['a', 5], [5]],
    ['a gauge that is not known', ['g', Number.NaN], ['g', Number.NaN], []],
  ])('%s', (_, first, second, increments) => {
    const { events } = open();
    events(...about(), part.values(first));
    const found = events(...about(noon + 10_000), part.values(second));
    expect(found.map(({ metric }) => metric)).toEqual(increments);
  });

  test('a packet that comes twice, or late, counts once', () => {
    const { events } = open();
    const at = (ms: number, value: number) =>
      events(...about(noon + ms), part.values(['c', value])).map(({ metric }) => metric);
    at(0, 100);
    expect(at(10_000, 150)).toEqual([50]);
    expect(at(10_000, 150)).toEqual([]);
    expect(at(0, 100)).toEqual([]);
    expect(at(20_000, 160)).toEqual([10]);
    // The sender's clock was set back by an hour: its counters begin anew.
    expect(at(-3_600_000, 170)).toEqual([]);
    expect(at(-3_590_000, 180)).toEqual([10]);
  });

  test('seconds as old versions write them, and no interval', () => {
    const { events } = open();
    const found = events(
      part.host('old'),
      part.number(1, noon / 1000),
      part.number(7, 30),
      part.plugin('users'),
      part.type('users'),
      part.values(['g', 3]),
    );
    expect(found).toMatchObject([{ name: 'users', time: noon, ttl: 60 }]);
    expect(open().events(part.plugin('a'), part.type('b'), part.values(['g', 3]))).toEqual([
      { type: 'metric', name: 'a.b', metric: 3, attributes: { 'metric.type': 'gauge' } },
    ]);
  });

  test('parts of a later version are passed over', () => {
    const { events } = open();
    expect(
      events(...about(), part.text(0x7777, 'new'), part.values(['g', 1], ['g', 2])),
    ).toHaveLength(2);
  });
});

test('notifications are events', () => {
  const { events } = open();
  const [event] = events(
    part.host('web-1'),
    part.time(noon),
    part.severity(1),
    part.plugin('disk'),
    part.pluginInstance('sda'),
    part.type('disk_ops'),
    part.message('sda is full'),
  );
  expect(event).toEqual({
    type: 'event',
    data: 'sda is full',
    time: noon,
    host: 'web-1',
    name: 'disk.disk_ops',
    state: 'critical',
    attributes: { severity: 'failure', plugin_instance: 'sda' },
  });
  const states = [2, 4, 9].map((one) => events(part.severity(one), part.message('m'))[0]?.state);
  expect(states).toEqual(['warning', 'ok', undefined]);
});

describe('data sources', () => {
  test('of types that nobody knows, and of files that say them', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'territory-types-')), 'types.db');
    writeFileSync(file, '# mine\n\nshop\torders:DERIVE:0:U, carts:GAUGE:0:U\nbad\n');
    const shop = [part.plugin('shop'), part.type('shop'), part.values(['g', 1], ['g', 2])];
    const names = (settings: Record<string, unknown>) =>
      open(settings)
        .events(...shop)
        .map(({ name }) => name);
    expect(names({})).toEqual(['shop.value0', 'shop.value1']);
    expect(names({ typesDb: [file] })).toEqual(['shop.orders', 'shop.carts']);
    expect(() => open({ typesDb: [`${file}.none`] })).toThrow(
      expect.objectContaining({ code: 'TERR_INTAKE_SOURCE' }),
    );
  });
});

describe('limits', () => {
  test('counters beyond maxSeries are refused until others are silent; gauges go on', () => {
    const { decode, events, refusals, later } = open({ maxSeries: 2 });
    const of = (host: string, ms: number) => [
      part.host(host),
      part.time(noon + ms),
      part.plugin('cpu'),
      part.type('cpu'),
      part.values(['d', 1]),
      part.type('percent'),
      part.values(['g', 1]),
    ];
    decode(...of('a', 0));
    decode(...of('b', 0));
    expect(refusals(...of('c', 0))).toMatchObject([{ code: 'TERR_INTAKE_KEYS', sample: 'cpu' }]);
    expect(events(...of('c', 10_000))).toMatchObject([{ name: 'cpu.percent' }]);
    expect(events(...of('a', 10_000))).toHaveLength(2);
    later(700_000);
    expect(refusals(...of('c', 700_000))).toEqual([]);
    expect(events(...of('c', 710_000))).toHaveLength(2);
  });

  test.each<readonly [string, readonly Buffer[], string]>([
    ['a length beyond the packet', [Buffer.from('0006ffff0001', 'hex')], 'at byte 0 '],
    ['a length of nothing', [part.host('a'), Buffer.from('00060000', 'hex')], 'at byte 6 '],
    ['half a header', [part.host('a'), Buffer.from([0])], 'at byte 6 '],
    ['more values than bytes', [Buffer.from('0006000f7fff01', 'hex'), Buffer.alloc(8)], '0x0006'],
    ['no value', [Buffer.from('000600060000', 'hex')], '0x0006'],
    [
      'a kind of value that is none',
      [Buffer.from('0006000f000104', 'hex'), Buffer.alloc(8)],
      '0x0006',
    ],
    ['a text without its end', [Buffer.from('0000000661ff', 'hex')], '0x0000'],
    ['a name that is too long', [part.host('x'.repeat(128))], '0x0000'],
    ['a time of two bytes', [Buffer.from('000800060000', 'hex')], '0x0008'],
  ])('%s ends the packet, not what came before', (_, bad, place) => {
    const { decode } = open();
    const good = [part.plugin('a'), part.type('b'), part.values(['g', 1])];
    expect(decode(...good)).toHaveLength(1);
    const decoded = decode(...bad, ...good);
    expect(decoded).toMatchObject([{ refused: { code: 'TERR_INTAKE_DECODE' } }]);
    expect(JSON.stringify(decoded)).toContain(place);
    expect(decode(...good, ...bad)).toHaveLength(2);
  });
});
