import { type Client, escapeIdentifier } from 'pg';
import type { Statement } from './script.ts';

/**
 * An interrupted `create index concurrently` leaves an index that no query uses, with the name that
 * the next try wants; with `if not exists` that one would even pass for done. So those of these
 * statements that nobody builds any more are dropped before.
 */
export async function dropLeftIndexes(
  client: Client,
  statements: readonly Statement[],
  say: (text: string) => void,
): Promise<void> {
  for (const { text } of statements) {
    const name = indexName.exec(text)?.[1];
    // oxlint-disable-next-line no-await-in-loop -- one session, one after the other
    const left = name === undefined ? undefined : await leftIndex(client, name);
    if (left === undefined) continue;
    say(`dropping the index ${left}, which an interrupted migration left unfinished`);
    // oxlint-disable-next-line no-await-in-loop -- see above
    await client.query(`drop index concurrently if exists ${left}`);
  }
}

const indexName =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")*"|[\w$\u0080-\uffff]+)\s+on\s/i;

/** It lies in its table's schema, which is on the path as its table is. */
async function leftIndex(client: Client, name: string): Promise<string | undefined> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where c.oid = to_regclass($1) and not i.indisvalid
       and not exists (select from pg_stat_progress_create_index p where p.index_relid = c.oid)`,
    [name],
  );
  const [found] = rows;
  return found && `${escapeIdentifier(found.schema)}.${escapeIdentifier(found.name)}`;
}
