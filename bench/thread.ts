import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Batch } from '../src/event/batch.ts';
import { decodeBatch, encodeDrafts } from '../src/event/codec.ts';
import type { Draft } from '../src/event/event.ts';
import { findThings } from '../src/rooms/thread/find.ts';
import { fold } from '../src/rooms/thread/fold.ts';
import { ThreadGraph, defaultBounds } from '../src/rooms/thread/graph.ts';
import { threadOf } from '../src/rooms/thread/walk.ts';
import { readSnapshot, writeSnapshot } from '../src/server/thread/snapshot-file.ts';
import { machine, ratio, show, spread } from './report.ts';

/**
 * Claims: threads of a million facts fold in a small multiple of the time in which the same batches
 * are decoded, a start goes on from a snapshot in under a second, and a question takes milliseconds.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const perBatch = 1_000;
const repository = { 'vcs.repository.url.full': 'https://github.com/acme/shop' };
const start = Date.UTC(2021, 0, 1);
const sha = (n: number): string =>
  (n * 2_654_435_761).toString(16).padStart(12, '0').padEnd(40, 'e');

/** Of ten facts six are commits; the others take the newest of them to production and beyond. */
function factAt(at: number): Draft {
  const round = Math.floor(at / 10);
  const newest = sha(round * 6 + 5);
  const time = start + at * 60_000;
  const fact = (what: string, id: string, attributes: object, content: object = {}): Draft => ({
    id: `${what}-${id}`,
    time,
    type: `dev.cdevents.${what}.0.3.0`,
    source: 'https://ci.example.org/',
    subject: id,
    attributes: { ...repository, ...attributes } as Record<string, string>,
    data: { context: { id: `${what}-${id}` }, subject: { id, content: content as never } },
  });
  const run = `${9_000_000_000 + round}`;
  const image = `pkg:oci/shop@1.0.${round}`;
  switch (at % 10) {
    case 6:
      return fact('change.merged', `change/acme/shop/${round}`, {
        'vcs.change.id': String(round),
        'vcs.ref.head.revision': newest,
      });
    case 7:
      return fact('pipelinerun.finished', run, {
        'cicd.pipeline.run.id': run,
        'vcs.ref.head.revision': newest,
        'vcs.ref.head.name': 'main',
      });
    case 8:
      return fact('artifact.published', image, { 'cicd.pipeline.run.id': run });
    case 9:
      return round % 10 === 9
        ? fact(
            'incident.detected',
            `INC-${round}`,
            {},
            { artifactId: image, environment: { id: 'production' } },
          )
        : fact(
            'service.deployed',
            'shop',
            {},
            { artifactId: image, environment: { id: 'production' } },
          );
    default: {
      const n = round * 6 + (at % 10);
      const parents = n === 0 ? [] : [sha(n - 1)];
      return {
        id: `commit/${sha(n)}`,
        time,
        type: 'dev.cdeventsx.territory-commit.created.0.1.0',
        source: 'https://github.com/acme/shop.git',
        subject: `commit/${sha(n)}`,
        attributes: { ...repository, 'vcs.ref.head.revision': sha(n) },
        data: { sha: sha(n), parents, title: `Change ${n}`, author: { name: 'A. Developer' } },
      };
    }
  }
}

function* batches(): Generator<Batch> {
  for (let first = 1; first <= count; first += perBatch) {
    const drafts = Array.from({ length: Math.min(perBatch, count - first + 1) }, (_, i) =>
      factAt(first - 1 + i),
    );
    const { facts } = encodeDrafts(drafts, '/bench');
    if (facts) yield { ...facts, stream: 'facts', first, received: start };
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const decoding: number[] = [];
const folding: number[] = [];
let graph = new ThreadGraph(defaultBounds);
let memory = 0;
for (let round = 0; round < 3; round++) {
  graph = new ThreadGraph({ things: 1, edges: 1, events: 1 });
  collect();
  const before = process.memoryUsage();
  graph = new ThreadGraph(defaultBounds);
  let [decode, both] = [0, 0];
  for (const batch of batches()) {
    const begin = performance.now();
    const plain = decodeBatch(batch);
    const middle = performance.now();
    for (const event of plain) fold(graph, event);
    decode += middle - begin;
    both += performance.now() - begin;
  }
  decoding.push(decode);
  folding.push(both);
  collect();
  const after = process.memoryUsage();
  memory = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
}

const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
const path = join(dir, 'threads');
const [writing, reading]: [number[], number[]] = [[], []];
for (let round = 0; round < 3; round++) {
  let begin = performance.now();
  await writeSnapshot(path, graph, { next: count + 1, last: '' });
  writing.push(performance.now() - begin);
  begin = performance.now();
  if (!(await readSnapshot(path, defaultBounds))) throw new Error('the snapshot was not read');
  reading.push(performance.now() - begin);
}
const size = statSync(path).size;
rmSync(dir, { recursive: true });

/** Newest and middling commits, short as people type them; runs, images and incidents. */
const rounds = Math.floor(count / 10);
const held = Math.min(rounds, Math.floor(defaultBounds.things / 12));
const asked = Array.from({ length: 2_000 }, (_, i) => {
  const round = rounds - 1 - Math.floor(((i * 7919) % 2_000) * (held / 2_000));
  const texts = [
    sha(round * 6 + 2).slice(0, 12),
    `${9_000_000_000 + round}`,
    `shop@1.0.${round}`,
    `shop#${round}`,
  ];
  return texts[i % texts.length] ?? '';
});
const latency: number[] = [];
let [found, things] = [0, 0];
for (const text of asked) {
  const begin = performance.now();
  const [slot] = findThings(graph, text);
  const thread = slot === undefined ? undefined : threadOf(graph, slot);
  latency.push(performance.now() - begin);
  if (thread) found++;
  things += thread?.things.length ?? 0;
}
const sorted = latency.toSorted((a, b) => a - b);
const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
const head = factAt(0).attributes?.['vcs.ref.head.revision'] ?? '';
const oldest = performance.now();
const worst = findThings(graph, head)[0];
if (worst !== undefined) threadOf(graph, worst);
const walked = performance.now() - oldest;

console.log(machine());
console.log(
  ratio(
    `decode and fold ${count} facts`,
    folding,
    { name: 'plain decode of the same batches', values: decoding },
    'ms',
  ),
);
console.log(
  `held: ${graph.thingCount} things, ${graph.edgeCount} links, ${graph.counters.forgottenThings} forgotten; at most ${(memory / 2 ** 20).toFixed(0)} MiB`,
);
console.log(
  `snapshot of ${(size / 2 ** 20).toFixed(0)} MiB: written ${show(writing, 'ms')}, read ${show(reading, 'ms')}; reading is ${(spread(folding).median / spread(reading).median).toFixed(1)} × faster than folding`,
);
console.log(
  `${found} of ${asked.length} questions found, ${(things / found).toFixed(1)} things each: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(0.9999)} ms; the first commit of all: ${walked.toFixed(2)} ms`,
);
