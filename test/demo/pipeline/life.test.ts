import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Conservation, type Job, load } from './pipeline.suite.ts';

/** As much of the example's table of jobs as is tried here. */
interface Jobs {
  readonly rows: (sql: string, values?: readonly (string | number)[]) => readonly unknown[];
  readonly one: (id: number) => Job | undefined;
  readonly isKnown: (guid: string) => boolean;
  readonly take: (item: object, renditions: readonly string[]) => readonly Job[] | undefined;
  readonly lease: (stage: string, worker: string, leaseMs: number) => Job | undefined;
  readonly renew: (job: Job, leaseMs: number) => boolean;
  readonly complete: (job: Job, result?: object) => { readonly next: Job | undefined } | false;
  readonly fail: (job: Job, reason: string) => Job | undefined;
  readonly release: (job: Job, reason: string) => boolean;
  readonly expire: () => readonly { readonly was: Job; readonly is: Job }[];
  readonly requeue: (id: number, who: string) => boolean;
  readonly end: (id: number, state: string, who: string) => boolean;
  readonly close: () => void;
}
const { openJobs } = await load<{ openJobs: (store: string, now: () => number) => Jobs }>(
  'pipeline/jobs/jobs.js',
);
const { conservation } = await load<{ conservation: (jobs: Jobs) => Conservation }>(
  'pipeline/queue/look.js',
);

let store = '';
let jobs: Jobs;
let time = 0;
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'jobs-'));
  time = Date.UTC(2026, 10, 26);
  jobs = openJobs(store, () => time);
});
afterEach(() => {
  jobs.close();
  rmSync(store, { recursive: true, force: true });
});

const itemOf = (id: string): object => ({
  id,
  guid: `guid:${id}`,
  feed: 'wire',
  title: id,
  description: '',
  type: 'video/mp4',
  file: `${id}.mp4`,
  published_at: 0,
});
const output = { file: 'encoded/x.png', bytes: 1, sha256: '', seconds: null };
const lease = (worker = 'a', stage = 'encode'): Job => {
  const job = jobs.lease(stage, worker, 5_000);
  if (job === undefined) throw new Error('there is a job');
  return job;
};

describe('the life of a job', () => {
  it('an item is published once all its renditions are there', () => {
    jobs.take(itemOf('x'), ['clip', 'picture']);
    expect(jobs.complete(lease(), { output })).toEqual({ next: undefined });
    expect(jobs.complete(lease(), { output })).toMatchObject({ next: { key: 'publish/x' } });
    expect(jobs.complete(lease('p', 'publish'))).toEqual({ next: undefined });
    expect(conservation(jobs)).toMatchObject({ imported: 1, published: 1, lost: 0, twice: 0 });
  });

  it('a guid is taken once', () => {
    expect(jobs.take(itemOf('x'), ['picture'])).toHaveLength(1);
    expect(jobs.take(itemOf('x'), ['picture'])).toBeUndefined();
    expect(jobs.take({ ...itemOf('x'), id: 'other' }, ['picture'])).toBeUndefined();
    expect(jobs.rows('select * from jobs')).toHaveLength(1);
  });

  it('a job is for one worker, until its lease is over', () => {
    jobs.take(itemOf('x'), ['picture']);
    const job = lease('a');
    expect(jobs.lease('encode', 'b', 5_000)).toBeUndefined();
    time += 4_999;
    expect(jobs.expire()).toEqual([]);
    expect(jobs.renew(job, 5_000)).toBe(true);
    time += 4_999;
    expect(jobs.expire()).toEqual([]);
    time += 1;
    expect(jobs.expire()).toMatchObject([{ was: { worker: 'a' }, is: { state: 'waiting' } }]);
    expect(lease('b').token).toBe(2);
  });

  it('who lost the lease changes nothing any more, and moves no file', () => {
    jobs.take(itemOf('x'), ['picture']);
    const late = lease('a');
    time += 5_000;
    jobs.expire();
    const mine = lease('b');
    let moved = 0;
    expect(jobs.complete(late, { output, keep: () => moved++ })).toBe(false);
    expect(jobs.renew(late, 5_000)).toBe(false);
    expect(jobs.fail(late, 'no')).toBeUndefined();
    expect(jobs.release(late, 'no')).toBe(false);
    expect(jobs.complete(mine, { output, keep: () => moved++ })).not.toBe(false);
    expect(jobs.complete(mine, { output, keep: () => moved++ })).toBe(false);
    expect(moved).toBe(1);
  });

  it('a file that can not be moved leaves the job as it was', () => {
    jobs.take(itemOf('x'), ['picture']);
    const job = lease();
    const keep = (): never => {
      throw new Error('no space');
    };
    expect(() => jobs.complete(job, { output, keep })).toThrow('no space');
    expect(jobs.one(job.id)).toMatchObject({ state: 'leased' });
    expect(jobs.rows('select * from outputs')).toEqual([]);
    expect(jobs.release(job, 'no space')).toBe(true);
    expect(jobs.one(job.id)).toMatchObject({ state: 'waiting', attempts: 0, deaths: 0 });
  });

  it('what fails is tried again later, twice as late each time, and given up the third time', () => {
    jobs.take(itemOf('x'), ['picture']);
    for (const [attempts, later] of [1_000, 2_000].entries()) {
      expect(jobs.fail(lease(), 'broken')).toMatchObject({
        state: 'waiting',
        attempts: attempts + 1,
      });
      time += later - 1;
      expect(jobs.lease('encode', 'a', 5_000)).toBeUndefined();
      time += 1;
    }
    expect(jobs.fail(lease(), 'broken')).toMatchObject({ state: 'dead', reason: 'broken' });
    expect(conservation(jobs)).toMatchObject({ dead: 1, lost: 0 });
  });

  it('a poison job is given up after three workers that did not survive it', () => {
    jobs.take(itemOf('x'), ['picture']);
    const states = [1, 2, 3].map((n) => {
      lease(`worker ${n}`);
      time += 5_000;
      return jobs.expire()[0]?.is.state;
    });
    expect(states).toEqual(['waiting', 'waiting', 'dead']);
    expect(jobs.lease('encode', 'a', 5_000)).toBeUndefined();
    const [dead] = jobs.rows('select id from jobs') as readonly Job[];
    expect(jobs.requeue(dead?.id ?? 0, 'me')).toBe(true);
    expect(lease()).toMatchObject({ deaths: 0, attempts: 0, token: 4 });
  });

  it('what is cancelled while it is worked on ends without a result', () => {
    jobs.take(itemOf('x'), ['picture']);
    const job = lease();
    expect(jobs.end(job.id, 'cancelled', 'me')).toBe(true);
    expect(jobs.complete(job, { output })).toBe(false);
    expect(conservation(jobs)).toMatchObject({ cancelled: 1, lost: 0 });
    expect(jobs.end(job.id, 'dead', 'me')).toBe(false);
  });

  it('everything is as it was after the table is opened again', () => {
    jobs.take(itemOf('x'), ['clip', 'picture']);
    const job = lease();
    jobs.close();
    jobs = openJobs(store, () => time);
    expect(jobs.isKnown('guid:x')).toBe(true);
    expect(jobs.complete(job, { output })).toEqual({ next: undefined });
    expect(conservation(jobs)).toMatchObject({ imported: 1, waiting: 1, lost: 0 });
  });

  it('something that is nowhere is counted as lost', () => {
    jobs.take(itemOf('x'), ['picture']);
    jobs.rows('delete from events');
    jobs.rows('delete from jobs');
    expect(conservation(jobs)).toMatchObject({ imported: 1, lost: 1 });
  });
});

/** One thing that somebody does; numbers choose among what there is then. */
type Step =
  | { readonly do: 'take'; readonly item: number; readonly renditions: number }
  | { readonly do: 'lease'; readonly stage: string }
  | { readonly do: 'complete' | 'fail' | 'renew' | 'release'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'expire' }
  | { readonly do: 'requeue' | 'cancelled' | 'dead'; readonly id: number };

const which = fc.nat({ max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      item: fc.nat({ max: 8 }),
      renditions: fc.integer({ min: 1, max: 2 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('lease' as const),
      stage: fc.constantFrom('encode', 'publish'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('complete', 'complete', 'fail', 'renew', 'release'),
      which,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 6_000 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'expire' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('requeue', 'cancelled', 'dead'), id: which }),
  },
);

/** Who holds the lease, and nobody else, can do it. */
function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`not as the lease says: ${what}`);
}

/** Whoever once had a lease keeps what he knows of it, also when it is long over. */
class Play {
  readonly held: Job[] = [];
  /** Results that were accepted, by job; since it was queued again they may be new ones. */
  readonly results = new Map<number, number>();

  act(one: Step): void {
    if (one.do === 'take')
      jobs.take(itemOf(`i${one.item}`), ['picture', 'clip'].slice(0, one.renditions));
    else if (one.do === 'lease') this.#lease(one.stage);
    else if (one.do === 'wait') time += one.ms;
    else if (one.do === 'expire') jobs.expire();
    else if ('id' in one)
      if (one.do === 'requeue') jobs.requeue(one.id, 'me');
      else jobs.end(one.id, one.do, 'me');
    else this.#use(one.do, this.held[one.which % Math.max(1, this.held.length)]);
  }

  #lease(stage: string): void {
    const job = jobs.lease(stage, 'w', 5_000);
    if (job === undefined) return;
    // Nobody else may still hold it.
    for (const other of this.held)
      must(other.id !== job.id || other.token < job.token, 'a token is given once');
    this.held.push(job);
  }

  #use(how: 'complete' | 'fail' | 'renew' | 'release', job: Job | undefined): void {
    if (job === undefined) return;
    const now = jobs.one(job.id);
    const isHeld = now?.state === 'leased' && now.token === job.token;
    if (how === 'renew') must(jobs.renew(job, 5_000) === isHeld, how);
    if (how === 'release') must(jobs.release(job, 'later') === isHeld, how);
    if (how === 'fail') must((jobs.fail(job, 'no') !== undefined) === isHeld, how);
    if (how !== 'complete') return;
    const isDone = jobs.complete(job, job.stage === 'encode' ? { output } : {}) !== false;
    must(isDone === isHeld, how);
    if (isDone) this.results.set(job.id, (this.results.get(job.id) ?? 0) + 1);
  }
}

it('whatever happens in which order, nothing is lost, and nothing is done twice', () => {
  fc.assert(
    // By itself fast-check makes a dozen steps of these, which is a short life.
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      jobs.close();
      rmSync(store, { recursive: true, force: true });
      jobs = openJobs(store, () => time);
      const play = new Play();
      for (const one of steps) play.act(one);
      const kept = conservation(jobs);
      const { waiting, inProgress, published, dead, cancelled } = kept;
      expect(kept).toMatchObject({ lost: 0, twice: 0 });
      expect(waiting + inProgress + published + dead + cancelled).toBe(kept.imported);
      // A job that is done is never done again.
      for (const times of play.results.values()) expect(times).toBe(1);
      const same = 'select 1 from outputs group by item, rendition having count(*) > 1';
      expect(jobs.rows(same)).toEqual([]);
    }),
    { numRuns: 200 },
  );
}, 60_000);
