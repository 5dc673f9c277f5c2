// @ts-check
// Brings the database to what this code needs, where nobody else does: what adds is run, once each, in
// order; what takes something away is left for a person.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

const store = process.env['STORE'];
if (store === undefined) {
  process.stderr.write('STORE is needed: the folder of site.db\n');
  process.exit(2);
}
const folder = join(import.meta.dirname, 'migrations');
const database = new Database(join(store, 'site.db'));
database.exec('pragma busy_timeout = 10000; pragma journal_mode = wal;');
database.exec(
  'create table if not exists site_migrations (id text primary key, sha256 text not null)',
);

const files = readdirSync(folder).filter((name) => name.endsWith('.up.sql'));
for (const file of files.toSorted()) {
  const text = readFileSync(join(folder, file), 'utf8');
  if (/^-- phase: contract$/m.test(text) || /\b(drop|rename)\b/i.test(text)) continue;
  const id = file.slice(0, -'.up.sql'.length);
  const sha256 = createHash('sha256').update(text).digest('hex');
  // Two instances start at the same time: one waits for the other, and finds it done.
  database.exec('begin immediate');
  try {
    const done = database.prepare('select 1 from site_migrations where id = ?').get(id);
    if (done === undefined) {
      database.exec(text);
      database.prepare('insert into site_migrations values (?, ?)').run(id, sha256);
      process.stdout.write(
        `${JSON.stringify({ time: Date.now(), level: 'info', msg: `migrated ${id}` })}\n`,
      );
    }
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}
database.close();
