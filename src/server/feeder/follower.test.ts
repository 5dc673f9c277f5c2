import { expect, test } from 'vitest';
import type { Batch } from '../../event/batch.ts';
import type { Log } from '../../log/log.ts';
import { Follower } from './follower.ts';
import type { Span } from './messages.ts';

/** A log that holds these batches, by the offset of their first event: [first, count]. */
function logOf(batches: readonly (readonly [number, number])[]): Log {
  const made = batches.map(([first, count]): Batch => ({
    stream: 'readings',
    first,
    count,
    received: 1000 + first,
    source: 's',
    bytes: Buffer.from('{"type":"log"}\n'.repeat(count)),
  }));
  const end = made.at(-1);
  const log: Pick<Log, 'read' | 'stat'> = {
    async *read(_stream, from) {
      for (const batch of made) {
        const skip = Math.max(0, from - batch.first);
        if (skip >= batch.count) continue;
        const bytes = Buffer.from('{"type":"log"}\n'.repeat(batch.count - skip));
        yield { ...batch, first: batch.first + skip, count: batch.count - skip, bytes };
      }
    },
    stat: () => ({
      first: made[0]?.first ?? 1,
      next: end ? end.first + end.count : 1,
      bytes: 0,
      oldest: undefined,
    }),
  };
  return log as Log; // the follower only reads
}

async function follow(
  batches: readonly (readonly [number, number])[],
  from: { replay?: readonly Span[]; next?: number; foldsNext?: number },
): Promise<string[]> {
  const seen: string[] = [];
  const next = from.next ?? 1;
  const follower = new Follower(
    logOf(batches),
    'readings',
    {
      mayFinish: () => true,
      finish: (block, { use, span }) =>
        seen.push(`${use} ${span.join('-')} (${block.first}-${block.last})`),
      lost: (span) => seen.push(`lost ${span.join('-')}`),
    },
    { replay: from.replay ?? [], next, foldsNext: from.foldsNext ?? next, blockAgeMs: 100 },
  );
  // Each turn is a minute later: whatever was read is old enough to go.
  for (let turn = 0; turn < 20; turn++) await follower.turn(turn * 60_000);
  return seen;
}

test('events go into blocks from the cursor on', async () => {
  expect(
    await follow(
      [
        [1, 10],
        [11, 5],
      ],
      { next: 4 },
    ),
  ).toEqual(['insert 4-15 (4-15)']);
});

test('begun blocks come first, with their boundaries, then the rest', async () => {
  const replay = [
    [4, 6],
    [7, 12],
  ] as const;
  expect(
    await follow(
      [
        [1, 10],
        [11, 10],
      ],
      { replay, next: 13 },
    ),
  ).toEqual(['insert 4-6 (4-6)', 'insert 7-12 (7-12)', 'insert 13-20 (13-20)']);
});

test('what the folds lack and history has is read for the folds only', async () => {
  expect(await follow([[1, 20]], { foldsNext: 3, replay: [[8, 9]], next: 10 })).toEqual([
    'fold 3-7 (3-7)',
    'insert 8-9 (8-9)',
    'insert 10-20 (10-20)',
  ]);
});

test('a block that the log has lost in part keeps its boundaries; one lost whole is told', async () => {
  const replay = [
    [1, 4],
    [5, 12],
  ] as const;
  expect(await follow([[9, 12]], { replay, next: 13 })).toEqual([
    'lost 1-4',
    'insert 5-12 (9-12)',
    'insert 13-20 (13-20)',
  ]);
});

test('a block has no gap', async () => {
  expect(
    await follow(
      [
        [1, 5],
        [9, 2],
      ],
      {},
    ),
  ).toEqual(['insert 1-5 (1-5)', 'insert 9-10 (9-10)']);
});

test('an empty log, or one trimmed to its head, gives nothing and does not stall', async () => {
  expect(await follow([], {})).toEqual([]);
  expect(await follow([[30, 3]], { next: 1 })).toEqual(['insert 30-32 (30-32)']);
});
