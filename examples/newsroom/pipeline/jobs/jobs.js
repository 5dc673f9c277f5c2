// @ts-check
import { openDatabase } from './database.js';
import { Table } from './table.js';

/**
 * The life of jobs:
 *
 *   waiting ──lease──▶ leased ──complete──▶ done
 *      ▲                 │ ├──fail──▶ waiting, later; dead after too many attempts
 *      │                 │ └──release─▶ waiting, as if nothing had been
 *      └────expire───────┘   (its worker is gone; dead after too many deaths)
 *   waiting, dead, cancelled ──requeue──▶ waiting     waiting, leased ──cancel──▶ cancelled
 *
 * A lease has a token. Whoever comes back with an older one has lost it to somebody else, and changes
 * nothing any more.
 *
 * @typedef {'encode' | 'publish'} Stage
 * @typedef {'waiting' | 'leased' | 'done' | 'dead' | 'cancelled'} State
 * @typedef {object} Job
 * @property {number} id
 * @property {string} key
 * @property {Stage} stage
 * @property {string} item
 * @property {string | null} rendition
 * @property {State} state
 * @property {number} queued_at
 * @property {number} run_at
 * @property {number | null} began_at
 * @property {number | null} ended_at
 * @property {number | null} lease_until
 * @property {string | null} worker
 * @property {number} token
 * @property {number} attempts
 * @property {number} deaths
 * @property {number | null} progress 0 to 1
 * @property {string | null} reason why it failed last
 *
 * @typedef {object} Item
 * @property {string} id
 * @property {string} guid
 * @property {string} feed
 * @property {string} title
 * @property {string} description
 * @property {string} type
 * @property {string} file in the inbox
 * @property {number} published_at
 * @property {number} imported_at
 * @property {number | null} on_site_at
 *
 * @typedef {{ file: string, bytes: number, sha256: string, seconds: number | null }} Output
 */

/** After so many failures, or deaths of workers, nobody tries any more. */
export const limits = { attempts: 3, deaths: 3 };
/** Before what failed is tried again, ms; twice as long each time. */
const retryMs = 1_000;

/**
 * @param {string} store folder of the environment
 * @param {() => number} [now] ms since the epoch
 */
export const openJobs = (store, now = Date.now) => new Jobs(openDatabase(store), now);

/** What can happen to jobs. */
export class Jobs extends Table {
  /** @param {number} id @returns {Job | undefined} */
  one(id) {
    return this.rows('select * from jobs where id = ?', [id])[0];
  }

  /** @param {string} id @returns {Item | undefined} */
  item(id) {
    return this.rows('select * from items where id = ?', [id])[0];
  }

  /** @param {string} guid */
  isKnown(guid) {
    return this.rows('select 1 from items where guid = ?', [guid]).length > 0;
  }

  /**
   * Takes an item in, with a job for each rendition of it; undefined where its guid is known already.
   * @param {Omit<Item, 'imported_at' | 'on_site_at'>} item
   * @param {readonly string[]} renditions
   * @returns {Job[] | undefined}
   */
  take({ id, guid, feed, title, description, type, file, published_at: published }, renditions) {
    return this.atomically(() => {
      const added = this.change(
        `insert or ignore into items
           (id, guid, feed, title, description, type, file, published_at, imported_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [id, guid, feed, title, description, type, file, published, this.now()],
      );
      if (added === 0) return undefined;
      return renditions.map((rendition) => this.#enqueue('encode', id, rendition));
    });
  }

  /**
   * The job of a stage that waits longest, for `worker` alone until the lease ends.
   * @param {Stage} stage
   * @param {string} worker
   * @param {number} leaseMs
   * @returns {Job | undefined}
   */
  lease(stage, worker, leaseMs) {
    const next = `select id from jobs where state = 'waiting' and stage = ? and run_at <= ?
      order by run_at, id limit 1`;
    // Mostly there is none, and then nobody has to wait for the lock.
    if (this.rows(next, [stage, this.now()]).length === 0) return undefined;
    return this.atomically(() => {
      const [found] = this.rows(next, [stage, this.now()]);
      if (found === undefined) return undefined;
      this.change(
        `update jobs set state = 'leased', worker = ?, token = token + 1, began_at = ?,
           lease_until = ?, progress = null where id = ?`,
        [worker, this.now(), this.now() + leaseMs, found.id],
      );
      this.#note(found.id, 'leased', worker);
      return this.one(found.id);
    });
  }

  /**
   * Holds the lease for longer. False when it is lost: the work is for nothing then.
   * @param {Pick<Job, 'id' | 'token'>} job
   * @param {number} leaseMs
   * @param {number | null} [progress]
   */
  renew({ id, token }, leaseMs, progress = null) {
    const renewed = this.change(
      `update jobs set lease_until = ?, progress = coalesce(?, progress)
       where id = ? and token = ? and state = 'leased'`,
      [this.now() + leaseMs, progress, id, token],
    );
    return renewed > 0;
  }

  /**
   * Ends a job with what came of it. `keep` moves files to their place: it is called while nobody else
   * can hold the lease, so that of two who worked on it only one does. False when the lease is lost.
   * @param {Job} job
   * @param {{ output?: Output, keep?: () => void }} [result]
   * @returns {{ next: Job | undefined } | false}
   */
  complete(job, { output, keep } = {}) {
    return this.atomically(() => {
      if (!this.#isHeld(job)) return false;
      keep?.();
      if (output !== undefined) this.#keep(job, output);
      this.change(
        `update jobs set state = 'done', ended_at = ?, lease_until = null, progress = 1 where id = ?`,
        [this.now(), job.id],
      );
      this.#note(job.id, 'completed', job.worker);
      if (job.stage === 'publish')
        this.change(
          'update items set on_site_at = ?, on_site_times = on_site_times + 1 where id = ?',
          [this.now(), job.item],
        );
      return { next: this.#isEncoded(job) ? this.#enqueue('publish', job.item) : undefined };
    });
  }

  /**
   * It failed; it is tried again later, or given up. Undefined when the lease is lost.
   * @param {Job} job
   * @param {string} reason
   * @returns {Job | undefined}
   */
  fail(job, reason) {
    return this.atomically(() =>
      this.#isHeld(job) ? this.#again(job, reason, 'failed') : undefined,
    );
  }

  /**
   * Gives a job back that nothing is wrong with.
   * @param {Job} job
   * @param {string} reason
   */
  release(job, reason) {
    return this.atomically(() => {
      if (!this.#isHeld(job)) return false;
      this.change(
        `update jobs set state = 'waiting', run_at = ?, lease_until = null, progress = null where id = ?`,
        [this.now(), job.id],
      );
      this.#note(job.id, 'released', job.worker, reason);
      return true;
    });
  }

  /**
   * Jobs whose worker did not renew its lease: it is gone, or hangs. They wait again, or are dead.
   * @returns {{ was: Job, is: Job }[]}
   */
  expire() {
    const overdue = `select * from jobs where state = 'leased' and lease_until <= ?`;
    if (this.rows(overdue, [this.now()]).length === 0) return [];
    return this.atomically(() =>
      this.rows(overdue, [this.now()]).map((/** @type {Job} */ was) => ({
        was,
        is: this.#again(was, 'its worker did not come back', 'expired'),
      })),
    );
  }

  /**
   * Tries again what waits, or was given up; the attempts and deaths of before do not count.
   * @param {number} id
   * @param {string} who
   */
  requeue(id, who) {
    return this.atomically(() => {
      const changed = this.change(
        `update jobs set state = 'waiting', queued_at = ?, run_at = ?, attempts = 0, deaths = 0,
           ended_at = null, worker = null where id = ? and state in ('waiting', 'dead', 'cancelled')`,
        [this.now(), this.now(), id],
      );
      if (changed > 0) this.#note(id, 'requeued', null, `by ${who}`);
      return changed > 0;
    });
  }

  /**
   * Ends what was not ended, as cancelled or as dead. Who works on it finds that the lease is lost.
   * @param {number} id
   * @param {'cancelled' | 'dead'} state
   * @param {string} who
   */
  end(id, state, who) {
    return this.atomically(() => {
      const changed = this.change(
        `update jobs set state = ?, reason = ?, ended_at = ?, lease_until = null
         where id = ? and state in ('waiting', 'leased')`,
        [state, `by ${who}`, this.now(), id],
      );
      if (changed > 0) this.#note(id, state, null, `by ${who}`);
      return changed > 0;
    });
  }

  /**
   * @param {number} id
   * @param {string} what
   * @param {string | null} [worker]
   * @param {string | null} [reason]
   */
  #note(id, what, worker = null, reason = null) {
    const values = [id, this.now(), what, worker, reason];
    this.change('insert into events values (?, ?, ?, ?, ?)', values);
  }

  /** Whether the lease is still whose token it is. @param {Pick<Job, 'id' | 'token'>} job */
  #isHeld({ id, token }) {
    const held = `select 1 from jobs where id = ? and token = ? and state = 'leased'`;
    return this.rows(held, [id, token]).length > 0;
  }

  /** Whether this was the last rendition of an item. @param {Job} job */
  #isEncoded({ stage, item }) {
    const left = `select 1 from jobs where item = ? and stage = 'encode' and state <> 'done'`;
    return stage === 'encode' && this.rows(left, [item]).length === 0;
  }

  /** @param {Job} job @param {Output} output */
  #keep({ item, rendition }, { file, bytes, sha256, seconds }) {
    const values = [item, rendition, file, bytes, sha256, seconds, this.now()];
    this.change('insert or replace into outputs values (?, ?, ?, ?, ?, ?, ?)', values);
  }

  /**
   * @param {Stage} stage
   * @param {string} item
   * @param {string} [rendition]
   * @returns {Job}
   */
  #enqueue(stage, item, rendition) {
    const key = [stage, item, ...(rendition === undefined ? [] : [rendition])].join('/');
    const added = this.change(
      `insert or ignore into jobs (key, stage, item, rendition, state, queued_at, run_at)
       values (?, ?, ?, ?, 'waiting', ?, ?)`,
      [key, stage, item, rendition ?? null, this.now(), this.now()],
    );
    const [job] = this.rows('select * from jobs where key = ?', [key]);
    if (added > 0) this.#note(job.id, 'enqueued');
    return job;
  }

  /**
   * @param {Job} job
   * @param {string} reason
   * @param {'failed' | 'expired'} how
   * @returns {Job}
   */
  #again(job, reason, how) {
    const attempts = job.attempts + (how === 'failed' ? 1 : 0);
    const deaths = job.deaths + (how === 'expired' ? 1 : 0);
    const isOver = attempts >= limits.attempts || deaths >= limits.deaths;
    const state = isOver ? 'dead' : 'waiting';
    const later = how === 'failed' ? retryMs * 2 ** (attempts - 1) : 0;
    this.change(
      `update jobs set state = ?, attempts = ?, deaths = ?, reason = ?, run_at = ?, ended_at = ?,
         lease_until = null, progress = null where id = ?`,
      [state, attempts, deaths, reason, this.now() + later, isOver ? this.now() : null, job.id],
    );
    this.#note(job.id, how, job.worker, reason);
    if (isOver) this.#note(job.id, 'dead', null, reason);
    return /** @type {Job} */ (this.one(job.id));
  }
}
