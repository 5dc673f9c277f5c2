import { closeSync, fdatasyncSync, openSync, writevSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lines } from '../src/event/batch.ts';
import { openLmdbLog } from '../src/log/lmdb/lmdb-log.ts';
import { Bodies } from './load/events.ts';
import { jetStream } from './peers/jetstream.ts';
import { redisStream } from './peers/redis.ts';
import { machine, ratio } from './report.ts';

/**
 * The log alone: appends resolved durable, with the same bytes given to a bare segment file (writev
 * and fdatasync by group: the limit), NATS JetStream (file storage, one server; it acknowledges
 * before fsync) and a Redis stream (appendfsync always).
 */
const seconds = Number(process.argv[2] ?? 3);
const rounds = Number(process.argv[3] ?? 3);

export interface Shape {
  readonly batch: number;
  readonly clients: number;
}
const shapes: Shape[] = [
  { batch: 1, clients: 256 },
  { batch: 100, clients: 64 },
  { batch: 1000, clients: 8 },
];

const bytesOf = (batch: number): Buffer =>
  Buffer.from(new Bodies({ count: 1, batch, ids: false }).next(Date.now()));

/** Runs `clients` loops for the time and says how many events a second were acknowledged. */
export async function closedLoop(shape: Shape, append: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: shape.clients }, async () => {
      while (performance.now() - start < seconds * 1000) {
        await append();
        done += shape.batch;
      }
    }),
  );
  return done / ((performance.now() - start) / 1000);
}

async function territoryLog(shape: Shape, compression: 'lz4' | 'none'): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
  const log = await openLmdbLog({ dir, role: 'writer', compression, now: Date.now });
  const lines: Lines = {
    bytes: bytesOf(shape.batch),
    count: shape.batch,
    source: '/bench',
    identities: new Uint32Array(2 * shape.batch),
  };
  const rate = await closedLoop(shape, () => log.append('readings', lines));
  await log.close();
  rmSync(dir, { recursive: true });
  return rate;
}

async function segmentFile(shape: Shape): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
  const file = openSync(join(dir, 'segment'), 'w');
  const bytes = bytesOf(shape.batch);
  let waiting: (() => void)[] = [];
  const flush = () => {
    const group = waiting;
    waiting = [];
    writevSync(file, Array(group.length).fill(bytes));
    fdatasyncSync(file);
    for (const resolve of group) resolve();
  };
  const rate = await closedLoop(
    shape,
    () =>
      new Promise<void>((resolve) => {
        if (waiting.push(resolve) === 1) setImmediate(flush);
      }),
  );
  closeSync(file);
  rmSync(dir, { recursive: true });
  return rate;
}

console.log(machine());
for (const shape of shapes) {
  const rates: Record<string, number[]> = {};
  const add = (name: string, rate: number) => (rates[name] ??= []).push(rate);
  for (let round = 0; round < rounds; round++) {
    add('ours', await territoryLog(shape, 'none'));
    add('ours, lz4', await territoryLog(shape, 'lz4'));
    add('segment file with fdatasync', await segmentFile(shape));
    add(
      'NATS JetStream',
      await jetStream(bytesOf(shape.batch), (append) => closedLoop(shape, append)),
    );
    add(
      'Redis stream, fsync always',
      await redisStream(bytesOf(shape.batch), (append) => closedLoop(shape, append)),
    );
  }
  for (const mine of ['ours', 'ours, lz4'])
    for (const peer of [
      'segment file with fdatasync',
      'NATS JetStream',
      'Redis stream, fsync always',
    ])
      console.log(
        ratio(
          `append, batch ${shape.batch}, ${shape.clients} clients, ${mine}`,
          rates[mine] ?? [],
          { name: peer, values: rates[peer] ?? [] },
          'events/s',
        ),
      );
}
