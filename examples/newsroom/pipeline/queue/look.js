// @ts-check

/**
 * What can be known of the queue, each by one query.
 * @typedef {import('#jobs/table.js').Table} Table
 * @typedef {import('#jobs/jobs.js').Job} Job
 */

/** Rates are those of so long, ms. */
const rateMs = 60_000;
/** Percentiles are those of so many jobs that ended last. */
const sampleSize = 500;
/** A worker that was silent for longer is not counted as there, ms. */
const silentMs = 15_000;
/** How busy workers should be at most when we say how many are needed. */
const busyShare = 0.8;

export const stages = /** @type {const} */ (['encode', 'publish']);
/** @typedef {(typeof stages)[number]} Stage */

/**
 * @typedef {object} StageLook
 * @property {Stage} stage
 * @property {number} waiting
 * @property {number} inProgress
 * @property {number} dead
 * @property {number} oldestWaitingS 0 while none waits
 * @property {number} oldestInProgressS 0 while none is
 * @property {number} arrivalsPerMin
 * @property {number} completionsPerMin
 * @property {Percentiles | null} waitS of those that ended last; null where none did
 * @property {Percentiles | null} serviceS
 * @property {number | 'growing'} drainS until none waits, if all goes on like this
 * @property {number} workers
 * @property {number | null} workersNeeded null while nobody knows how long a job takes
 * @property {boolean} isSlow the oldest in progress takes longer than the 95th percentile, and a second
 * @property {Record<string, number>} failures of the last minute, by reason
 * @typedef {{ p50: number, p95: number, p99: number }} Percentiles
 */

/**
 * @param {Table} table
 * @param {Stage} stage
 * @returns {StageLook}
 */
export function lookAtStage(table, stage) {
  const now = table.now();
  const [counts] = table.rows(
    `select
       coalesce(sum(state = 'waiting'), 0) as waiting,
       coalesce(sum(state = 'leased'), 0) as inProgress,
       coalesce(sum(state = 'dead'), 0) as dead,
       min(case when state = 'waiting' then queued_at end) as waitingSince,
       min(case when state = 'leased' then began_at end) as workedOnSince
     from jobs where stage = ? and state in ('waiting', 'leased', 'dead')`,
    [stage],
  );
  const { waiting, inProgress, dead, waitingSince, workedOnSince } = counts;
  const arrivals = countSince(table, stage, 'queued_at >= ?');
  const completions = countSince(table, stage, `state = 'done' and ended_at >= ?`);
  const ended = table.rows(
    `select (began_at - queued_at) / 1000.0 as wait, (ended_at - began_at) / 1000.0 as service
     from jobs where stage = ? and state = 'done' order by ended_at desc limit ?`,
    [stage, sampleSize],
  );
  const serviceS = percentilesOf(ended.map(({ service }) => service));
  const oldestInProgressS = workedOnSince === null ? 0 : (now - workedOnSince) / 1000;
  const workers = table.rows('select count(*) as n from workers where stage = ? and beat_at >= ?', [
    stage,
    now - silentMs,
  ])[0].n;
  return {
    stage,
    waiting,
    inProgress,
    dead,
    oldestWaitingS: waitingSince === null ? 0 : (now - waitingSince) / 1000,
    oldestInProgressS,
    arrivalsPerMin: arrivals,
    completionsPerMin: completions,
    waitS: percentilesOf(ended.map(({ wait }) => wait)),
    serviceS,
    drainS: drainOf(waiting, arrivals, completions),
    workers,
    workersNeeded: neededOf(arrivals, serviceS),
    isSlow: serviceS !== null && oldestInProgressS > Math.max(1, serviceS.p95),
    failures: failuresOf(table, stage),
  };
}

/** @param {Table} table @param {Stage} stage @param {string} condition @returns {number} in the last minute */
const countSince = (table, stage, condition) =>
  table.rows(`select count(*) as n from jobs where stage = ? and ${condition}`, [
    stage,
    table.now() - rateMs,
  ])[0].n;

/** @param {Table} table @param {Stage} stage @returns {Record<string, number>} */
function failuresOf(table, stage) {
  const rows = table.rows(
    `select events.reason, count(*) as n from events join jobs on jobs.id = events.job
     where what in ('failed', 'expired') and at >= ? and stage = ? group by 1 order by 2 desc limit 10`,
    [table.now() - rateMs, stage],
  );
  return Object.fromEntries(rows.map(({ reason, n }) => [reason, n]));
}

/**
 * Nearest rank (Wikipedia, "Percentile").
 * @param {readonly number[]} values
 * @returns {Percentiles | null}
 */
export function percentilesOf(values) {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/**
 * Seconds until none waits: what waits over how much faster jobs end than they come.
 * @param {number} waiting
 * @param {number} arrivals a minute
 * @param {number} completions a minute
 * @returns {number | 'growing'}
 */
export function drainOf(waiting, arrivals, completions) {
  if (waiting === 0) return 0;
  return completions > arrivals ? (waiting / (completions - arrivals)) * 60 : 'growing';
}

/**
 * Workers that what comes needs: arrival rate × time of one (Little's law), with room to spare.
 * @param {number} arrivals a minute
 * @param {Percentiles | null} serviceS
 */
export function neededOf(arrivals, serviceS) {
  if (serviceS === null) return null;
  return Math.max(1, Math.ceil(((arrivals / 60) * serviceS.p50) / busyShare));
}

/**
 * What became of everything that came in. Nothing may be lost, and nothing published twice.
 * @param {Table} table
 * @returns {{ imported: number, waiting: number, inProgress: number, published: number, dead: number, cancelled: number, lost: number, twice: number }}
 */
export function conservation(table) {
  // Of those that are on the site only the number is asked for: they are most, and become more.
  const [{ imported, published }] = table.rows(
    'select count(*) as imported, count(on_site_at) as published from items',
  );
  // Another item is where its worst job is.
  const [others] = table.rows(
    `with places as (
       select
         exists (select 1 from jobs where item = items.id and state = 'leased') as leased,
         exists (select 1 from jobs where item = items.id and state = 'waiting') as waiting,
         exists (select 1 from jobs where item = items.id and state = 'dead') as dead,
         exists (select 1 from jobs where item = items.id and state = 'cancelled') as cancelled
       from items where on_site_at is null
     )
     select
       coalesce(sum(dead), 0) as dead,
       coalesce(sum(not dead and cancelled), 0) as cancelled,
       coalesce(sum(not dead and not cancelled and leased), 0) as inProgress,
       coalesce(sum(not dead and not cancelled and not leased and waiting), 0) as waiting,
       coalesce(sum(not dead and not cancelled and not leased and not waiting), 0) as lost
     from places`,
  );
  const [{ twice }] = table.rows('select count(*) as twice from items where on_site_times > 1');
  return { imported, published, ...others, twice };
}

/**
 * Jobs, the newest first.
 * @param {Table} table
 * @param {{ state?: string | null, stage?: string | null, item?: string | null, limit?: number }} wish
 * @returns {Job[]}
 */
export const listJobs = (table, { state = null, stage = null, item = null, limit = 100 }) =>
  table.rows(
    `select * from jobs
     where (? is null or state = ?) and (? is null or stage = ?) and (? is null or item = ?)
     order by id desc limit ?`,
    [state, state, stage, stage, item, item, limit],
  );

/** A job with its life, its item, and what else is done with that.
 * @param {Table} table @param {number} id */
export function lookAtJob(table, id) {
  const [job] = table.rows('select * from jobs where id = ?', [id]);
  if (job === undefined) return undefined;
  return {
    ...job,
    life: table.rows('select at, what, worker, reason from events where job = ? order by rowid', [
      id,
    ]),
    item: table.rows('select * from items where id = ?', [job.item])[0],
    outputs: table.rows('select * from outputs where item = ?', [job.item]),
    siblings: table.rows('select id, key, state from jobs where item = ? and id <> ?', [
      job.item,
      id,
    ]),
  };
}

/** Workers, with how long ago they were heard of.
 * @param {Table} table */
export const listWorkers = (table) =>
  table
    .rows('select * from workers order by name')
    .map(({ beat_at, ...worker }) => ({ ...worker, silentS: (table.now() - beat_at) / 1000 }));
