import type { StreamName } from '../../event/event.ts';
import type { HistoryStat } from '../history.ts';
import { historyTables } from '../schema.ts';
import type { Cell } from '../ask.ts';
import type { Engine } from './engine.ts';
import { quoted } from './insert.ts';

/** What the tables hold, but for the heads. */
export async function tableStat(engine: Engine): Promise<Omit<HistoryStat, 'head'>> {
  const parts = await engine.look(
    "SELECT sum(rows), sum(bytes_on_disk), count() FROM system.parts WHERE database = 'history' AND active",
  );
  const merges = await engine.look("SELECT count() FROM system.merges WHERE database = 'history'");
  const [rows, bytes, count] = (parts.rows[0] ?? []).map(Number);
  return {
    rows: rows ?? 0,
    bytes: bytes ?? 0,
    oldest: (rows ?? 0) > 0 ? await oldestTime(engine) : undefined,
    parts: count ?? 0,
    merging: Number(merges.rows[0]?.[0] ?? 0),
  };
}

async function oldestTime(engine: Engine): Promise<number | undefined> {
  const tables = Object.values(historyTables);
  // Answered from each part's own minimum of the partition key where there is one, and from the
  // first entry of the sorting key otherwise.
  const each = tables.map((table) => `SELECT min(time) AS t, count() AS n FROM ${table}`);
  const { rows } = await engine.look(
    `SELECT min(t) FROM (${each.join(' UNION ALL ')}) WHERE n > 0`,
  );
  return rows[0]?.[0] === undefined ? undefined : Number(rows[0][0]);
}

/**
 * The greatest offset of a stream. Parts carry the numbers of their inserts, so the part with the
 * last number has an offset near it; from there on the index of offsets leaves little to read.
 */
export async function headOf(engine: Engine, stream: StreamName): Promise<number> {
  const table = historyTables[stream];
  const parts = await engine.look(
    `SELECT name FROM system.parts WHERE database = 'history' AND table = '${stream}' AND active ORDER BY max_block_number DESC LIMIT 1`,
  );
  const name = parts.rows[0]?.[0];
  if (name === undefined) return 0;
  const near = await engine.look(
    `SELECT max(off) FROM ${table} WHERE _part = ${quoted(textIn(name))}`,
  );
  const least = Number(near.rows[0]?.[0] ?? 0);
  const head = await engine.look(`SELECT max(off) FROM ${table} WHERE off >= ${least}`);
  return Number(head.rows[0]?.[0] ?? 0);
}

/** A cell of a text column. */
export function textIn(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : '';
}
