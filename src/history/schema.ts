import type { StreamName } from '../event/event.ts';

/** A column of a history table. */
export interface HistoryColumn {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
  /** What it is stored with beside LZ4, as ClickHouse's CODEC clause. */
  readonly codec?: string;
}

/**
 * The columns of both tables, in the order of the Arrow blocks. How each field of an event is
 * stored, and what stands for a missing one, is in docs/formats/history.md:
 *
 * - text columns hold '' where the event has no such field (an event with an empty string and one
 *   without the field read back the same);
 * - `id` is '' when the event's id is `<stream>-<offset>`, which is then not stored;
 * - `metric` and `ttl` are NULL where missing, so that aggregates skip them;
 * - `attributes` has no key that the event had not; `data` is the JSON text of the payload or ''.
 */
export const historyColumns = [
  { name: 'off', type: 'UInt64', codec: 'Delta, LZ4' },
  { name: 'time', type: 'Int64', codec: 'Delta, LZ4' },
  { name: 'received', type: 'Int64', codec: 'Delta, LZ4' },
  { name: 'id', type: 'String' },
  { name: 'type', type: 'LowCardinality(String)' },
  { name: 'source', type: 'LowCardinality(String)' },
  { name: 'subject', type: 'String' },
  { name: 'service', type: 'LowCardinality(String)' },
  { name: 'host', type: 'LowCardinality(String)' },
  { name: 'environment', type: 'LowCardinality(String)' },
  { name: 'name', type: 'LowCardinality(String)' },
  { name: 'state', type: 'LowCardinality(String)' },
  { name: 'metric', type: 'Nullable(Float64)' },
  { name: 'ttl', type: 'Nullable(Float64)' },
  { name: 'tags', type: 'Array(LowCardinality(String))' },
  { name: 'attributes', type: 'Map(LowCardinality(String), String)' },
  { name: 'data', type: 'String' },
] as const satisfies readonly HistoryColumn[];

export type HistoryColumnName = (typeof historyColumns)[number]['name'];

/** The table of each stream; both have the same columns, so UNION ALL fits. */
export const historyTables: Readonly<Record<StreamName, string>> = {
  facts: 'history.facts',
  readings: 'history.readings',
};

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** The hour of a reading: ordered by it first, the newest are found without reading the rest. */
export const hourOfReading = `intDiv(time, ${hourMs})`;

/**
 * Readings lie in one partition for each UTC day of their event time, because they are forgotten
 * by the day. The sorting key begins with the hour: a query over the last hour skips the rest of
 * the day by it, and merging two parts of different hours copies rows without comparing them.
 *
 * Facts are few, kept for ever and may span decades in one block (a git import), so they are not
 * partitioned.
 */
const layouts: Readonly<Record<StreamName, string>> = {
  readings: `PARTITION BY intDiv(time, ${dayMs}) ORDER BY (${hourOfReading}, type, name, service, time)`,
  facts: 'ORDER BY (time, off)',
};

/**
 * How many blocks a table remembers by their token to recognise a repeated insert. One block
 * leaves one entry in each day that it touches, so this is 25 blocks that touch 400 days each.
 */
export const deduplicationWindow = 10_000;

/**
 * A block is on the disk when its insert returns, and so is what a merge has made before its
 * sources go: the log may forget what history holds, so a power cut must not take it either.
 */
const durable =
  'fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1';

/**
 * Larger parts are not merged any more: it bounds how often a row is rewritten, and what goes at
 * once when history has to be made smaller.
 */
const mergedPartBytes = 512 << 20;

/** What creates the database and its tables where they are missing, in order. */
export function historyStatements(): readonly string[] {
  const columns = historyColumns.map(columnDefinition).join(',\n  ');
  return [
    'CREATE DATABASE IF NOT EXISTS history',
    ...(['facts', 'readings'] as const).map(
      (stream) => `CREATE TABLE IF NOT EXISTS ${historyTables[stream]} (
  ${columns},
  INDEX off_range off TYPE minmax GRANULARITY 1
) ENGINE = MergeTree ${layouts[stream]}
SETTINGS non_replicated_deduplication_window = ${deduplicationWindow}, max_bytes_to_merge_at_max_space_in_pool = ${mergedPartBytes}, ${durable}`,
    ),
  ];
}

function columnDefinition(column: HistoryColumn): string {
  return `${column.name} ${column.type}${column.codec === undefined ? '' : ` CODEC(${column.codec})`}`;
}
