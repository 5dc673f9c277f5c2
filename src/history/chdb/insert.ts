import { historyColumns, historyTables } from '../schema.ts';
import type { Block } from '../history.ts';

/** A string literal of ClickHouse's SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const structure = historyColumns.map(({ name, type }) => `${name} ${type}`).join(', ');
const names = historyColumns.map(({ name }) => name).join(', ');

/**
 * Takes a block into its table. The token makes it idempotent: a table remembers the tokens of
 * its last inserts, and leaves out a block whose token it knows, each day of it by itself. So the
 * boundaries of a block must be the same when it is sent again.
 */
export function insertStatement({ stream, first, last, path }: Block): string {
  const settings = [
    'max_threads = 1',
    'max_insert_threads = 1',
    // One part for each day: a block must not be cut into several by its size.
    'max_insert_block_size = 10000000',
    'min_insert_block_size_rows = 10000000',
    'min_insert_block_size_bytes = 1073741824',
    // Late events may touch every day that is kept.
    'max_partitions_per_insert_block = 0',
    'insert_deduplicate = 1',
    `insert_deduplication_token = ${quoted(`${first}-${last}`)}`,
  ];
  return `INSERT INTO ${historyTables[stream]} (${names}) SELECT ${names} FROM file(${quoted(path)}, ArrowStream, ${quoted(structure)}) SETTINGS ${settings.join(', ')}`;
}
