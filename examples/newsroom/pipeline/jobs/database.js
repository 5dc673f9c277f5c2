// @ts-check
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/**
 * items: what the feeds gave, each guid once, for ever. jobs: what is to be done with them, and was.
 * outputs: the files that came of it, one for each item and rendition. events: the life of each job.
 * Times are ms since the epoch.
 */
const schema = `
  create table if not exists items (
    id text primary key,
    guid text not null unique,
    feed text not null,
    title text not null,
    description text not null,
    type text not null,
    file text not null,
    published_at integer not null,
    imported_at integer not null,
    on_site_at integer,
    on_site_times integer not null default 0,
    source_gone integer not null default 0,
    archived_at integer
  );
  create index if not exists items_on_site on items (on_site_at);
  create index if not exists items_sources on items (source_gone, on_site_at);
  create index if not exists items_archive on items (archived_at, on_site_at);
  create index if not exists items_twice on items (on_site_times) where on_site_times > 1;
  create table if not exists jobs (
    id integer primary key autoincrement,
    key text not null unique,
    stage text not null,
    item text not null references items (id),
    rendition text,
    state text not null check (state in ('waiting', 'leased', 'done', 'dead', 'cancelled')),
    queued_at integer not null,
    run_at integer not null,
    began_at integer,
    ended_at integer,
    lease_until integer,
    worker text,
    token integer not null default 0,
    attempts integer not null default 0,
    deaths integer not null default 0,
    progress real,
    reason text
  );
  create index if not exists jobs_next on jobs (state, stage, run_at);
  create index if not exists jobs_item on jobs (item);
  create index if not exists jobs_queued on jobs (stage, queued_at);
  create index if not exists jobs_ended on jobs (stage, ended_at);
  create table if not exists outputs (
    item text not null references items (id),
    rendition text not null,
    file text not null,
    bytes integer not null,
    sha256 text not null,
    seconds real,
    made_at integer not null,
    primary key (item, rendition)
  );
  create table if not exists events (
    job integer not null references jobs (id) on delete cascade,
    at integer not null,
    what text not null,
    worker text,
    reason text
  );
  create index if not exists events_job on events (job);
  create table if not exists workers (
    name text primary key,
    stage text not null,
    version text not null,
    pid integer not null,
    started_at integer not null,
    beat_at integer not null,
    job integer
  );`;

/**
 * The database of one environment's pipeline; every process opens it for itself.
 * @param {string} store folder of the environment
 */
export function openDatabase(store) {
  mkdirSync(store, { recursive: true });
  const database = new Database(join(store, 'pipeline.db'));
  // First of all, since those after it can meet somebody else's lock.
  database.exec('pragma busy_timeout = 10000');
  database.exec('pragma journal_mode = wal');
  // A killed process loses nothing by it; a power cut may take the last commits, never the file.
  database.exec('pragma synchronous = normal');
  database.exec(schema);
  return database;
}

/**
 * All of it or nothing, and nobody else writes in between.
 * @template T
 * @param {Database} database
 * @param {() => T} change
 * @returns {T}
 */
export function atomically(database, change) {
  database.exec('begin immediate');
  try {
    const result = change();
    database.exec('commit');
    return result;
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}
