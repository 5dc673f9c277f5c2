import { historyTables } from '../schema.ts';
import type { Engine } from './engine.ts';
import { quoted } from './insert.ts';
import { textIn } from './stat.ts';

const dayMs = 86_400_000;
const readings = "database = 'history' AND table = 'readings' AND active";

interface Day {
  /** The engine's name of the partition. */
  readonly partition: string;
  /** Days since the epoch. */
  readonly day: number;
  readonly bytes: number;
  readonly parts: number;
}

/** Forgets readings of days that lie wholly before `before` (ms, event time). */
export async function dropDaysBefore(engine: Engine, before: number): Promise<void> {
  for (const day of await days(engine))
    if ((day.day + 1) * dayMs <= before) await dropDay(engine, day);
}

/**
 * Forgets the oldest days of readings until history has at most `maxBytes` on disk. Of the last
 * day that is left the oldest parts go, which hold what came first of it. Returns how many days
 * and parts went.
 */
export async function dropOverSize(engine: Engine, maxBytes: number): Promise<number> {
  let bytes = await bytesOnDisk(engine);
  let dropped = 0;
  const oldestFirst = await days(engine);
  for (const day of oldestFirst.slice(0, -1)) {
    if (bytes <= maxBytes) return dropped;
    await dropDay(engine, day);
    bytes -= day.bytes;
    dropped++;
  }
  if (bytes > maxBytes) dropped += await dropOldestParts(engine, bytes - maxBytes);
  return dropped;
}

async function dropDay(engine: Engine, { partition }: Day): Promise<void> {
  await engine.write(
    `ALTER TABLE ${historyTables.readings} DROP PARTITION ID ${quoted(partition)}`,
  );
}

async function dropOldestParts(engine: Engine, over: number): Promise<number> {
  const { rows } = await engine.look(
    `SELECT name, bytes_on_disk FROM system.parts WHERE ${readings} ORDER BY min_block_number`,
  );
  let left = over;
  let dropped = 0;
  // The newest part stays: what has just come in is never the right thing to forget.
  for (const [name, bytes] of rows.slice(0, -1)) {
    if (left <= 0) break;
    if (!(await dropPart(engine, textIn(name)))) continue;
    left -= Number(bytes);
    dropped++;
  }
  return dropped;
}

/** Whether it went; not when a merge has just taken it, which the next round sees. */
async function dropPart(engine: Engine, name: string): Promise<boolean> {
  try {
    await engine.write(`ALTER TABLE ${historyTables.readings} DROP PART ${quoted(name)}`);
    return true;
  } catch {
    return false;
  }
}

async function days(engine: Engine): Promise<readonly Day[]> {
  const { rows } = await engine.look(
    `SELECT partition_id, toInt64(any(partition)), sum(bytes_on_disk), count() FROM system.parts WHERE ${readings} GROUP BY partition_id ORDER BY 2`,
  );
  return rows.map(([partition, day, bytes, parts]) => ({
    partition: textIn(partition),
    day: Number(day),
    bytes: Number(bytes),
    parts: Number(parts),
  }));
}

async function bytesOnDisk(engine: Engine): Promise<number> {
  const { rows } = await engine.look(
    "SELECT sum(bytes_on_disk) FROM system.parts WHERE database = 'history' AND active",
  );
  return Number(rows[0]?.[0] ?? 0);
}
