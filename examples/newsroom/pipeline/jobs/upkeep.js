// @ts-check

/** @typedef {import('./table.js').Table} Table */

/** Ended jobs that are kept with their life; of older ones there is the item and its outputs. */
const maxEnded = 10_000;
/** A worker that was silent for so long is gone, ms. */
const goneMs = 60_000;

/**
 * A worker is there, and what it works on.
 * @param {Table} table
 * @param {{ name: string, stage: string, version: string, startedAt: number, job: number | null }} worker
 */
export function beat(table, { name, stage, version, startedAt, job }) {
  const values = [name, stage, version, process.pid, startedAt, table.now(), job];
  table.change('insert or replace into workers values (?, ?, ?, ?, ?, ?, ?)', values);
}

/** @param {Table} table @param {string} name of a worker that ends */
export function leave(table, name) {
  table.change('delete from workers where name = ?', [name]);
}

/**
 * Forgets the life of jobs that ended long ago, and workers that did not come back.
 * @param {Table} table
 * @returns {number} jobs that were forgotten
 */
export const forget = (table) =>
  table.atomically(() => {
    table.change('delete from workers where beat_at < ?', [table.now() - goneMs]);
    const [edge] = table.rows(
      `select id from jobs where state in ('done', 'cancelled') order by id desc limit 1 offset ?`,
      [maxEnded],
    );
    if (edge === undefined) return 0;
    const old = `select id from jobs where id <= ? and state = 'done'`;
    table.change(`delete from events where job in (${old})`, [edge.id]);
    return table.change(`delete from jobs where id in (${old})`, [edge.id]);
  });

/**
 * Notes which items' sources are gone, and which left the site.
 * @param {Table} table
 * @param {{ sources: readonly string[], left: readonly string[] }} items
 */
export function archive(table, { sources, left }) {
  if (sources.length + left.length === 0) return;
  table.atomically(() => {
    for (const id of sources) table.change('update items set source_gone = 1 where id = ?', [id]);
    for (const id of left)
      table.change('update items set archived_at = ? where id = ?', [table.now(), id]);
  });
}
