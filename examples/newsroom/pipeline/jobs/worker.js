// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { isNoRoom } from './room.js';
import { tellOf } from './telling.js';
import { beat, leave } from './upkeep.js';

/**
 * @typedef {import('./jobs.js').Job} Job
 * @typedef {import('./jobs.js').Jobs} Jobs
 * @typedef {import('./jobs.js').Stage} Stage
 * @typedef {ReturnType<typeof import('./room.js').openRoom>} Room
 * @typedef {import('./jobs.js').Output} Output
 * @typedef {import('newsroom-service').Service} Service
 * @typedef {object} Result
 * @property {Output} [output]
 * @property {() => void} [keep] moves files to their place, while nobody else can hold the lease
 * @property {() => void} [done] called once the job is ended for good
 * @typedef {object} Doing
 * @property {AbortSignal} signal aborts when the lease is lost
 * @property {(share: number) => void} progress 0 to 1
 * @typedef {(job: Job, doing: Doing) => Promise<Result>} Work
 * @typedef {{ service: Service, name: string, jobs: Jobs, tell: ReturnType<typeof tellOf> }} Life
 */

/** How long a worker may be silent before its job goes to another one, ms. */
const leaseMs = Number(process.env['LEASE_MS'] ?? 5_000);
/** How often it looks for a job while there is none, ms. */
const lookMs = Number(process.env['LOOK_MS'] ?? 200);
const beatMs = 5_000;
/** When the service is to end, a job may go on for so long before it is given back, ms. */
const finishMs = 3_000;

class GivenBack extends Error {}

/**
 * Takes the jobs of a stage, one after the other, for as long as the service runs; the job that it has
 * then is finished.
 */
export class Worker {
  #stage;
  #parts;
  /** @type {Job | undefined} */
  #current;
  /** @type {Promise<void> | undefined} */
  #running;
  #refusedWhy = '';

  /**
   * @param {Stage} stage
   * @param {{ jobs: () => Jobs, room: Room, work: Work }} parts
   */
  constructor(stage, parts) {
    this.#stage = stage;
    this.#parts = parts;
  }

  /** @param {Service} service */
  start(service) {
    // Of this life: a lease of the one before, under the same name, is not ours.
    const name = `${service.name}/${service.instance}/${process.pid}`;
    this.#running = this.#run({ service, name, jobs: this.#parts.jobs(), tell: tellOf(service) });
  }

  /** Resolves when the last job is finished. */
  async ended() {
    await this.#running;
  }

  /** For /healthz: what it does. @returns {{ status: 'pass', output: string }} */
  check() {
    const output = this.#current ? `on job ${this.#current.id}: ${this.#current.key}` : 'idle';
    return { status: 'pass', output };
  }

  /** @param {Life} life */
  async #run(life) {
    const { service, name, tell } = life;
    const { signal } = service;
    tell.worker('started', name);
    this.#beat(life, Date.now());
    const startedAt = Date.now();
    const beating = setInterval(() => this.#beat(life, startedAt), beatMs);
    while (!signal.aborted) {
      this.#current = this.#hasRoom(life) ? this.#next(life) : undefined;
      // oxlint-disable-next-line no-await-in-loop -- one job after the other
      await (this.#current === undefined
        ? pause(lookMs, undefined, { signal }).catch(() => {})
        : this.#doOne(life, this.#current));
      this.#current = undefined;
    }
    clearInterval(beating);
    attempt(service, () => leave(life.jobs, name));
    tell.worker('stopped', name);
  }

  /** @param {Life} life @param {number} startedAt */
  #beat({ service, name, jobs, tell }, startedAt) {
    const { version } = service;
    const job = this.#current?.id ?? null;
    attempt(service, () => beat(jobs, { name, stage: this.#stage, version, startedAt, job }));
    tell.worker('heartbeat', name, this.#current);
  }

  /** Whether there is room for what comes of a job. @param {Life} life */
  #hasRoom({ service, name, tell }) {
    const { room } = this.#parts;
    const why = room.isFull() ? room.check().output : '';
    if (why !== '' && this.#refusedWhy === '') {
      service.log.warn('takes no jobs', { reason: why });
      tell.worker('refused', name, undefined, why);
    }
    if (why === '' && this.#refusedWhy !== '') service.log.info('takes jobs again');
    this.#refusedWhy = why;
    return why === '';
  }

  /** @param {Life} life */
  #next({ service, name, jobs, tell }) {
    return attempt(service, () => {
      // The queue process does it as well; while it is away nobody's jobs stay behind.
      for (const { was, is } of jobs.expire()) tell.expired(was, is);
      const job = jobs.lease(this.#stage, name, leaseMs);
      if (job !== undefined) tell.job('leased', job);
      return job;
    });
  }

  /** @param {Life} life @param {Job} job */
  async #doOne(life, job) {
    const { service, jobs, tell } = life;
    const lost = new AbortController();
    let share = 0;
    const renewing = setInterval(() => {
      if (attempt(service, () => jobs.renew(job, leaseMs, share)) === false)
        lost.abort(new Error('the lease is lost'));
    }, leaseMs / 3);
    const progressing = setInterval(() => {
      tell.job('progressed', job, { progress: share.toFixed(2) });
    }, 1_000);
    const { signal } = service;
    const giveBack = () =>
      setTimeout(() => lost.abort(new GivenBack('the worker ends')), finishMs).unref();
    signal.addEventListener('abort', giveBack, { once: true });
    const began = performance.now();
    try {
      const progress = (/** @type {number} */ now) => void (share = now);
      const result = await this.#parts.work(job, { signal: lost.signal, progress });
      const completed = jobs.complete(job, result);
      if (completed === false) throw new Error('the lease is lost');
      result.done?.();
      tell.completed(job, (performance.now() - began) / 1000);
      if (completed.next !== undefined) tell.job('enqueued', completed.next);
    } catch (error) {
      failed(life, job, error);
    } finally {
      signal.removeEventListener('abort', giveBack);
      clearInterval(renewing);
      clearInterval(progressing);
    }
  }
}

/**
 * @param {Life} life
 * @param {Job} job
 * @param {unknown} error
 */
function failed({ service, jobs, tell }, job, error) {
  const reason = error instanceof Error ? error.message : String(error);
  service.log.error('a job failed', { job: job.id, item: job.item, reason });
  attempt(service, () => {
    // Nothing is wrong with the job: it waits until there is room, or somebody else.
    if (isNoRoom(error) || error instanceof GivenBack) return jobs.release(job, reason);
    const is = jobs.fail(job, reason);
    if (is === undefined) return false;
    tell.job('failed', is, { reason });
    if (is.state === 'dead') tell.job('dead', is, { reason });
    return true;
  });
}

/**
 * The result, or undefined where the table can not be reached now; that is said, and tried again later.
 * @template T
 * @param {Service} service
 * @param {() => T} act
 * @returns {T | undefined}
 */
function attempt(service, act) {
  try {
    return act();
  } catch (error) {
    service.log.error('the table of jobs does not answer', { error });
    return undefined;
  }
}
