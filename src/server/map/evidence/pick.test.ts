import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeDrafts } from '../../../event/codec.ts';
import type { Draft } from '../../../event/event.ts';
import { Picker } from './pick.ts';

function batchOf(drafts: readonly Draft[], first = 7) {
  const { readings } = encodeDrafts(drafts, '/tokens/t');
  if (!readings) throw new Error('no readings');
  const { bytes, count, source } = readings;
  return { stream: 'readings', first, count, received: 1_000, source, bytes } as const;
}

const check: Draft = { type: 'check', service: 'shop', name: 'http', state: 'critical', time: 5 };
const noise: Draft = { type: 'metric', service: 'shop', name: 'cpu.check', metric: 1, time: 5 };
const p99: Draft = { type: 'metric', service: 'shop', name: 'p99', metric: 812, time: 6 };

test('checks, heartbeats and the metrics that are wanted are found, with their places', () => {
  const picker = new Picker();
  picker.want(['p99']);
  const beat: Draft = { type: 'heartbeat', service: 'backup', ttl: 60, time: 7 };
  const found = [...picker.signals(batchOf([noise, check, noise, p99, beat]))];
  expect(found.map(({ kind, offset }) => [kind, offset])).toEqual([
    ['check', 8],
    ['metric', 10],
    ['heartbeat', 11],
  ]);
  expect(found[1]).toMatchObject({ name: 'p99', metric: 812, service: 'shop', time: 6 });
});

test('lines without a word of interest are not decoded', () => {
  const picker = new Picker();
  expect([...picker.signals(batchOf(Array.from({ length: 1_000 }, () => noise)))]).toEqual([]);
  expect(picker.counters.decoded).toBe(0);
});

test('a line that a sender wrote with spaces is found as well', () => {
  const line = '{ "type" : "check", "name":"http" , "state": "ok", "time": 5 }\n';
  const bytes = Buffer.from(line);
  const batch = {
    stream: 'readings',
    first: 1,
    count: 1,
    received: 9,
    source: '/t',
    bytes,
  } as const;
  expect([...new Picker().signals(batch)]).toMatchObject([{ kind: 'check', name: 'http' }]);
});

test('a word of interest in a text is no signal, and a line that is no JSON ends nothing', () => {
  const log: Draft = { type: 'log', data: 'the "check" failed', time: 5 };
  const good = batchOf([log, check]);
  expect([...new Picker().signals(good)]).toHaveLength(1);
  const bytes = Buffer.concat([Buffer.from('{"check"\n'), good.bytes]);
  const picker = new Picker();
  expect([...picker.signals({ ...good, bytes, count: 3 })]).toHaveLength(1);
  expect(picker.counters.broken).toBe(1);
});

test('what is found does not depend on how it is looked for', () => {
  const names = fc.constantFrom('p99', 'cpu', 'a"b', 'ünïcode', 'x');
  const draft = fc.record({
    type: fc.constantFrom('metric', 'check', 'heartbeat', 'log'),
    name: names,
    metric: fc.integer(),
    time: fc.constant(5),
  });
  fc.assert(
    fc.property(fc.array(draft, { minLength: 1 }), fc.array(names), (drafts, wanted) => {
      const few = new Picker();
      few.want(wanted);
      const many = new Picker();
      many.want([...wanted, ...Array.from({ length: 30 }, (_, i) => `other.${i}`)]);
      const batch = batchOf(drafts);
      const offsets = (picker: Picker): number[] =>
        [...picker.signals(batch)].map(({ offset }) => offset);
      const expected = drafts.flatMap(({ type, name }, i) =>
        type === 'check' || type === 'heartbeat' || wanted.includes(name) ? [7 + i] : [],
      );
      expect(offsets(few)).toEqual(expected);
      expect(offsets(many)).toEqual(expected);
    }),
  );
});
