import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeDrafts } from '../../../event/codec.ts';
import type { StreamName } from '../../../event/event.ts';
import type { Log } from '../../../log/log.ts';
import { memoryLog } from '../../../log/memory/memory-log.ts';
import { headsOf, merged } from './merge.ts';

interface Step {
  readonly stream: StreamName;
  readonly count: number;
  /** How much later than the one before, ms. */
  readonly later: number;
}

const steps = fc.array(
  fc.record({
    stream: fc.constantFrom<StreamName>('facts', 'readings'),
    count: fc.integer({ min: 1, max: 4 }),
    later: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 20 },
);

async function logOf(all: readonly Step[]): Promise<Log> {
  let now = 1_000;
  const log = memoryLog({ now: () => now });
  for (const { stream, count, later } of all) {
    now += later;
    const type = stream === 'facts' ? 'dev.cdevents.x' : 'metric';
    const lines = encodeDrafts(
      Array.from({ length: count }, () => ({ type })),
      'test',
    )[stream];
    if (lines) await log.append(stream, lines);
  }
  return log;
}

/** Stream and offset of each event, in order, with when it was received. */
async function read(log: Log, from = { facts: 1, readings: 1 }, to = headsOf(log)) {
  const events: { readonly place: string; readonly received: number }[] = [];
  for await (const { stream, first, count, received, bytes } of merged(log, from, to)) {
    expect(Buffer.from(bytes).toString().split('\n')).toHaveLength(count + 1);
    for (let i = 0; i < count; i++) events.push({ place: `${stream} ${first + i}`, received });
  }
  return events;
}

test('both streams in the order in which they were taken, facts first', () =>
  fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const log = await logOf(all);
      const events = await read(log);
      expect(events).toHaveLength(all.reduce((sum, { count }) => sum + count, 0));
      const sorted = events.toSorted((a, b) => a.received - b.received);
      expect(events).toEqual(sorted);
    }),
  ));

test('read in two parts, it is the same order', () =>
  fc.assert(
    fc.asyncProperty(steps, steps, async (before, after) => {
      // As rules do: up to the heads of one moment, and from there on later.
      const log = await logOf(before);
      const heads = headsOf(log);
      const first = await read(log, { facts: 1, readings: 1 }, heads);
      const whole = await logOf([...before, ...after.map((s, i) => (i ? s : { ...s, later: 1 }))]);
      const rest = await read(whole, heads);
      const places = (events: readonly { readonly place: string }[]) =>
        events.map(({ place }) => place);
      expect([...places(first), ...places(rest)]).toEqual(places(await read(whole)));
    }),
  ));

test('a batch is cut where it has to end', async () => {
  const log = await logOf([{ stream: 'readings', count: 4, later: 0 }]);
  const events = await read(log, { facts: 1, readings: 1 }, { facts: 1, readings: 3 });
  expect(events.map(({ place }) => place)).toEqual(['readings 1', 'readings 2']);
});
