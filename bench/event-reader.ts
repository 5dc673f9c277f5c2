import { type PlacedEvent, decodeBatch } from '../src/event/codec.ts';
import { EventReader } from '../src/event/event-reader.ts';
import type { Batch } from '../src/event/batch.ts';
import { Bodies } from './load/events.ts';
import { machine, ratio } from './report.ts';

/**
 * Claim: batches of the log become events at 1,500,000/s on one core. Beside `decodeBatch`, which
 * is one JSON.parse for each batch, by turns on the same batches of 1,000 events. Counted by CPU
 * seconds of the whole process, the collection of garbage included, so that others on the machine
 * disturb less.
 *
 * usage: event-reader.ts [events a round] [rounds]
 */
const events = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 9);

const batchEvents = 1000;
const batches = 50;

function batchesOf(body: (batch: number) => Buffer): Batch[] {
  return Array.from({ length: batches }, (_, i) => ({
    stream: 'readings',
    first: 1 + i * batchEvents,
    count: batchEvents,
    received: Date.now(),
    source: '/bench',
    bytes: Buffer.from(body(i)),
  }));
}

function typical(ids: boolean): Batch[] {
  const bodies = new Bodies({ count: batches, batch: batchEvents, ids });
  return batchesOf(() => bodies.next(Date.now()));
}

/** The worst case of a reader that keeps strings: no service, host or name comes twice in a round. */
function allDifferent(): Batch[] {
  const line = (n: number) =>
    `{"time":1795000000000,"type":"metric","service":"service-${n}","host":"host-${n}","name":"requests.of.customer.${n}","metric":${n / 100}}\n`;
  return batchesOf((batch) =>
    Buffer.from(
      Array.from({ length: batchEvents }, (_, i) => line(batch * batchEvents + i)).join(''),
    ),
  );
}

const loads: Readonly<Record<string, Batch[]>> = {
  'without ids': typical(false),
  'with ids': typical(true),
  'no text comes twice': allDifferent(),
};

/** So that the work is not optimised away. */
let seen = 0;

/** Events a CPU second. */
function measure(read: (batch: Batch) => PlacedEvent[], from: readonly Batch[]): number {
  const before = process.cpuUsage();
  let done = 0;
  for (let i = 0; done < events; i++) {
    const batch = from[i % from.length];
    if (batch === undefined) throw new Error('no batches');
    for (const event of read(batch)) seen += event.offset;
    done += batch.count;
  }
  const { user, system } = process.cpuUsage(before);
  return (done / (user + system)) * 1e6;
}

console.log(machine());
for (const [name, from] of Object.entries(loads)) {
  const reader = new EventReader();
  const ours: number[] = [];
  const parsed: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const [a, b] = [measure((batch) => reader.read(batch), from), measure(decodeBatch, from)];
    if (round < 0) continue; // to warm up
    ours.push(a);
    parsed.push(b);
  }
  const peer = { name: 'decodeBatch (JSON.parse)', values: parsed };
  console.log(ratio(`read, ${name}`, ours, peer, 'events/s of one core'));
  console.log(
    `  repeating strings made: ${reader.texts.made}, of which in place of another: ${reader.texts.replaced}; unusual lines: ${reader.unusual}`,
  );
}
if (seen === 0) throw new Error('nothing was read');
