import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { decodeBatch, encodeDrafts } from '../src/event/codec.ts';
import type { Draft } from '../src/event/event.ts';
import { memoryLog } from '../src/log/memory/memory-log.ts';
import { FactsFrom, imageOf, shaOf } from '../src/rooms/map/flow/facts.suite.ts';
import { delivery } from '../src/rooms/map/flow/flow.suite.ts';
import { emptyMap } from '../src/rooms/map/model.ts';
import { FlowDesk } from '../src/server/map/flow/flow-desk.ts';
import { ThreadFollower } from '../src/server/thread/follower.ts';
import { machine, ratio, show } from './report.ts';

/**
 * Claims: the times of 5,000 changes with their deployments are answered in seconds at most the first
 * time and from what was found then the second; the main thread is never kept for more than some 10 ms;
 * folding the facts of the stages costs a small multiple of reading them.
 */
const changes = Number(process.argv[2] ?? 5_000);
const rounds = Number(process.argv[3] ?? 3);
const hour = 3_600_000;
const begin = Date.UTC(2026, 0, 1);
const facts = new FactsFrom(begin);
const now = () => begin + (changes + 50) * hour;

/** A change an hour of three commits, built twice; each fourth build is released, with all before it. */
function changeOf(n: number): Draft[] {
  const merge = (of: number): string => shaOf('b', of);
  const commits = ['1', '2', '3'].map((letter) => shaOf(letter, n));
  const head = commits[2] ?? '';
  const [first, second] = [`${9_000_000_000 + 2 * n}`, `${9_000_000_001 + 2 * n}`];
  return [
    ...commits.map((sha, at) => facts.commit(n + at / 10, sha, [commits[at - 1] ?? merge(n - 1)])),
    facts.change(n + 0.4, 'created', n, { head, title: `${n % 3 === 0 ? 'fix' : 'feat'}: ${n}` }),
    facts.run(n + 0.5, 'started', first, head),
    facts.run(n + 0.6, n % 5 === 0 ? 'failure' : 'success', first, head),
    facts.change(n + 0.7, 'reviewed', n, {
      head,
      state: n % 7 === 0 ? 'changes_requested' : 'approved',
    }),
    facts.change(n + 0.8, 'merged', n, { head, merged: merge(n) }),
    facts.commit(n + 0.8, merge(n), [merge(n - 1), head]),
    facts.run(n + 0.9, 'started', second, merge(n)),
    facts.run(n + 1, 'success', second, merge(n)),
    facts.packaged(n + 1.1, imageOf(n), second),
    facts.tested(n + 1.5, `t${n}`, imageOf(n), 'pass'),
    ...(n % 4 === 0 ? [facts.service(n + 2, 'deployed', imageOf(n))] : []),
  ];
}

const log = memoryLog({ now });
const drafts = Array.from({ length: changes }, (_, at) => changeOf(at + 1)).flat();
for (let at = 0; at < drafts.length; at += 1_000) {
  const { facts: lines } = encodeDrafts(drafts.slice(at, at + 1_000), '/bench');
  if (lines) await log.append('facts', lines);
}
const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
const onProblem = (error: unknown): void => console.error(error);
const threads = new ThreadFollower({ log, path: join(dir, 'threads'), onProblem });
await threads.start().reached;

const model = { ...emptyMap, streams: [delivery] };
const asked = { stream: delivery.id, from: begin, to: now() };
const delay = monitorEventLoopDelay({ resolution: 1 });

/** How long something takes, and how long others had to wait meanwhile, ms. */
async function measured(
  work: () => Promise<unknown>,
): Promise<readonly [took: number, most: number]> {
  delay.reset();
  delay.enable();
  const since = performance.now();
  await work();
  const took = performance.now() - since;
  delay.disable();
  return [took, delay.max / 1e6];
}

/** Asks until the facts are read. */
async function answered(ask: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Error && error.name === 'TERR_ROOM_STARTING')) throw error;
    }
  }
}

async function readAll(): Promise<void> {
  for await (const batch of log.read('facts', 1)) decodeBatch(batch);
}

const reading: number[] = [];
const folding: number[] = [];
const first: number[] = [];
const second: number[] = [];
const waits: number[] = [];
let items = 0;
for (let round = 0; round < rounds; round++) {
  const since = performance.now();
  await readAll();
  reading.push(performance.now() - since);
  const desk = new FlowDesk({ threads, log, now });
  desk.follow(model);
  // A stream without items: what it takes is the folding.
  const none = { ...delivery, id: 'none', item: 'case' as const };
  const both = { ...model, streams: [delivery, none] };
  const [folded, foldWait] = await measured(() =>
    answered(() => desk.answer(both, { ...asked, stream: 'none' })),
  );
  const [cold, coldWait] = await measured(async () => {
    const answer = await desk.answer(both, asked);
    items = answer.flow.velocity + answer.flow.load;
  });
  const [warm, warmWait] = await measured(() => desk.answer(both, asked));
  folding.push(folded);
  first.push(cold);
  second.push(warm);
  waits.push(Math.max(foldWait, coldWait, warmWait));
  if (desk.counts().fromCache !== 1) throw new Error('the second answer was not from the cache');
  await desk.close();
}

console.log(machine());
console.log(`${changes} changes, ${drafts.length} facts, ${items} items in the answer`);
const peer = { name: 'reading the same facts from the log', values: reading };
console.log(ratio('fold all facts', folding, peer, 'ms'));
console.log(ratio('first answer', first, peer, 'ms'));
console.log(ratio('second answer', second, peer, 'ms'));
console.log(
  `others wait at most ${show(waits, 'ms')}: a turn of 5 ms, the step in it, the garbage collector, and what else runs on the machine`,
);
await threads.close();
await log.close();
rmSync(dir, { recursive: true });
