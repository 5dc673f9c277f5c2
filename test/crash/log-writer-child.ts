import { writeSync } from 'node:fs';
import type { Lines } from '../../src/event/batch.ts';
import { IdentityHash } from '../../src/event/identity.ts';
import { openLmdbLog } from '../../src/log/lmdb/lmdb-log.ts';
import type { Log } from '../../src/log/log.ts';

/** What the test wants of one life of the writing process. */
export interface Orders {
  readonly dir: string;
  /** The number that each writer goes on with, by its name. */
  readonly next: Readonly<Record<string, number>>;
}

/** Appends of one writer that wait for their acknowledgement at the same time. */
const inFlight = 3;
const source = '/crash';
const hash = new IdentityHash();

/** Writes until it is killed. Every line on stdout is an acknowledgement: `<writer> <number>`. */
async function live(orders: Orders): Promise<void> {
  const log = await openLmdbLog({
    dir: orders.dir,
    role: 'writer',
    now: Date.now,
    reserveBytes: 0,
  });
  writeSync(1, 'open 0\n');
  const writers = Object.entries(orders.next).map(([name, next]) => {
    if (name.startsWith('fact')) return writeFacts(log, name, next);
    if (name.startsWith('note')) return writeNotes(log, name, next);
    return writeReadings(log, name, next);
  });
  await Promise.all(writers);
}

/** Batches of changing size, so that one sent again holds known and new events. */
async function writeReadings(log: Log, name: string, next: number): Promise<void> {
  const waiting: Promise<void>[] = [];
  for (let first = next; ;) {
    const count = 1 + Math.floor(Math.random() ** 4 * 40);
    const last = first + count - 1;
    const lines = linesOf(name, first, count);
    waiting.push(log.append('readings', lines).then(() => acknowledge(name, last)));
    first += count;
    if (waiting.length >= inFlight) await waiting.shift();
  }
}

/** One fact after the other, each on condition that the subject is where the last one left it. */
async function writeFacts(log: Log, name: string, next: number): Promise<void> {
  for (let number = next; ; number++) {
    const expect = { subject: name, version: log.version(name) };
    await log.append('facts', linesOf(name, number, 1), expect);
    acknowledge(name, number);
  }
}

async function writeNotes(log: Log, name: string, next: number): Promise<void> {
  for (let number = next; ; number++) {
    await log.notes.set(name, number);
    acknowledge(name, number);
  }
}

function linesOf(name: string, first: number, count: number): Lines {
  const identities = new Uint32Array(count * 2);
  let text = '';
  for (let n = 0; n < count; n++) {
    const id = `${name}-${first + n}`;
    hash.start(source);
    hash.text(id);
    hash.finish();
    identities.set([hash.high, hash.low], n * 2);
    text += `{"id":"${id}","type":"log","subject":"${name}","data":"${'x'.repeat(n % 60)}"}\n`;
  }
  return { bytes: Buffer.from(text), count, source, identities };
}

/** Synchronous: what was written to the pipe stays there when the process dies. */
function acknowledge(name: string, number: number): void {
  writeSync(1, `${name} ${number}\n`);
}

await live(JSON.parse(process.argv[2] ?? '{}') as Orders);
