import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../event/event.ts';
import { isRefused } from '../decoded.ts';
import { noon, open } from './opened.suite.ts';
import { levels, PacketReader } from './packet.ts';
import { part } from './packets.suite.ts';
import type { About, Values } from './readings.ts';

const wire = new URL('../../../test/vectors/wire/', import.meta.url);
const capture = (name: string) => readFileSync(new URL(name, wire));

/** What another decoder made of the captures of Debian's collectd 5.12. */
interface Recorded {
  readonly host: string;
  readonly time_hr: number;
  readonly interval_hr?: number;
  readonly plugin: string;
  readonly plugin_instance?: string;
  readonly type: string;
  readonly type_instance?: string;
  readonly ds?: readonly number[];
  readonly values?: readonly (number | string)[];
  readonly severity?: number;
  readonly message?: string;
}
const recorded = JSON.parse(capture('collectd.json').toString()) as Readonly<
  Record<string, readonly Recorded[]>
>;

function recordedAbout(one: Recorded): About {
  return {
    host: one.host,
    plugin: one.plugin,
    pluginInstance: one.plugin_instance ?? '',
    type: one.type,
    typeInstance: one.type_instance ?? '',
    time: Math.floor(one.time_hr * 1000),
    interval: one.interval_hr ?? 0,
  };
}

describe('packets of collectd 5.12', () => {
  // 25826 is plain, 25827 signed.
  test.each(['collectd-25826-2.bin', 'collectd-25827-2.bin'])('values of %s', (name) => {
    const read: { about: About; kinds: number[]; values: number[] }[] = [];
    const take = (about: About, { kinds, gauges, words = [] }: Values): void => {
      const { host, plugin, pluginInstance, type, typeInstance, time, interval } = about;
      read.push({
        about: { host, plugin, pluginInstance, type, typeInstance, time, interval },
        kinds: Array.from(kinds),
        values: gauges.map((gauge, i) =>
          kinds[i] === 1 ? gauge : (words[i * 2] ?? 0) * 2 ** 32 + (words[i * 2 + 1] ?? 0),
        ),
      });
    };
    const reader = new PacketReader({ take }, { level: levels.none, users: () => undefined });
    expect(reader.read(capture(name))).toEqual([]);
    expect(read).toEqual(
      recorded[name]?.map((one) => ({
        about: recordedAbout(one),
        kinds: one.ds,
        values: one.values?.map(Number),
      })),
    );
  });

  test.each(['collectd-25826-1.bin', 'collectd-25827-1.bin'])('the notification of %s', (name) => {
    const [one] = recorded[name] ?? [];
    expect(open().decode(capture(name))).toMatchObject([
      {
        type: 'event',
        host: one?.host,
        name: 'load',
        data: one?.message,
        state: 'warning',
        time: Math.floor((one?.time_hr ?? 0) * 1000),
      },
    ]);
  });

  test.each(['collectd-25828-1.bin', 'collectd-25828-2.bin'])('%s needs a password', (name) => {
    expect(open().refusals(capture(name))).toMatchObject([{ code: 'TERR_INTAKE_SIGNATURE' }]);
  });

  test('as readings', () => {
    const events = open().events(capture('collectd-25826-2.bin'));
    expect(events.map(({ name, metric, ttl }) => [name, metric, ttl])).toEqual([
      ['memory', 726548480, 4],
      ['memory', 22747054080, 4],
      ['memory', 397340672, 4],
      ['load.shortterm', 4.00244140625, 4],
      ['load.midterm', 3.59423828125, 4],
      ['load.longterm', 2.4814453125, 4],
      ['memory', 1346125824, 4],
      ['memory', 15167488, 4],
      ['memory', 44265472, 4],
      ['uptime', 1759, 4],
    ]);
  });
});

describe('whatever comes', () => {
  const packet = capture('collectd-25826-2.bin');
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Cut, and changed in some places.
    fc
      .tuple(
        fc.constantFrom(packet, capture('collectd-25827-2.bin'), capture('collectd-25828-2.bin')),
        fc.nat(packet.length),
        fc.array(fc.tuple(fc.nat(packet.length - 1), fc.nat(255)), { maxLength: 5 }),
      )
      .map(([whole, length, changes]) => {
        const copy = Buffer.from(whole.subarray(0, length));
        for (const [at, byte] of changes) if (at < copy.length) copy[at] = byte;
        return copy;
      }),
  );

  test('nothing is thrown, and nothing grows beyond its packet', () => {
    const { decode } = open({ maxSeries: 100 });
    fc.assert(
      fc.property(bytes, (some) => {
        const decoded = decode(Buffer.from(some));
        // A value takes nine bytes at least; one refusal for the packet, one for each full counter.
        expect(decoded.length).toBeLessThanOrEqual(some.length / 9 + some.length / 15 + 1);
      }),
      { numRuns: 3_000 },
    );
  });

  test('increments add up to what the counter grew by', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 2n ** 31n - 1n), { minLength: 1 }), (steps) => {
        const { events } = open();
        let counter = 2n ** 64n - 2n ** 33n;
        let sum = 0;
        const read = (i: number): readonly Draft[] =>
          events(
            part.time(noon + i),
            part.plugin('a'),
            part.type('b'),
            part.values(['c', counter]),
          );
        read(1);
        steps.forEach((step, i) => {
          counter = (counter + step) % 2n ** 64n;
          sum += read(i + 2)[0]?.metric ?? Number.NaN;
        });
        expect(sum).toBe(Number(steps.reduce((all, step) => all + step, 0n)));
      }),
    );
  });

  test('a packet of one name and very many values stays small', () => {
    const values = part.values(...Array.from({ length: 6_000 }, () => ['g', 1] as const));
    const decoded = open().decode(part.plugin('p'.repeat(127)), part.type('t'), values);
    expect(decoded).toHaveLength(6_000);
    expect(decoded.some(isRefused)).toBe(false);
    expect(JSON.stringify(decoded).length).toBeLessThan(3_000_000);
  });
});
