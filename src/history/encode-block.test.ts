import { tableFromIPC } from 'apache-arrow';
import { expect, test } from 'vitest';
import type { Batch } from '../event/batch.ts';
import { BlockBuilder } from './block-builder.ts';
import { encodeBlock } from './encode-block.ts';

const received = Date.UTC(2026, 2, 1);

function batchOf(lines: readonly string[], first = 1): Batch {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return { stream: 'readings', first, count: lines.length, received, source: 'agent/1', bytes };
}

const decoded = (lines: readonly string[]) =>
  tableFromIPC(encodeBlock([batchOf(lines)]).bytes)
    .toArray()
    .map((row) =>
      JSON.parse(JSON.stringify(row, (_, v) => (typeof v === 'bigint' ? Number(v) : v))),
    );

test('a line becomes a row, with what it does not say itself filled in', () => {
  expect(decoded(['{"type":"metric","name":"load","metric":0.5}'])).toEqual([
    {
      off: 1,
      time: received,
      received,
      type: 'metric',
      source: 'agent/1',
      name: 'load',
      metric: 0.5,
    },
  ]);
});

test('columns without any value are left out, and a missing number beside others is null', () => {
  const rows = decoded([
    '{"type":"log","state":"ok","tags":["web","eu"],"attributes":{"code":"200"},"data":{"a":[1]}}',
    '{"type":"metric","metric":-0.25,"time":1772323200001}',
  ]);
  expect(rows[0]).toMatchObject({ metric: null, data: '{"a":[1]}', tags: ['web', 'eu'] });
  expect(rows[0].attributes).toEqual({ code: '200' });
  expect(rows[1]).toMatchObject({ metric: -0.25, state: '', time: 1772323200001, data: '' });
  expect(rows[0]).not.toHaveProperty('ttl');
});

test('an unusual line takes the slow way to the same columns', () => {
  const plain =
    '{"type":"log","name":"a/b","tags":["t"],"attributes":{"k":"v"},"data":"d","ttl":3}';
  const escaped = plain.replace('a/b', String.raw`a\/b`);
  expect(decoded([escaped])).toEqual(decoded([plain]));
});

test('a line that is no event stays a row, so that rows and offsets agree', () => {
  const builder = new BlockBuilder('readings');
  builder.add(batchOf(['{"type":"a"}', 'broken', '{"type":"b"}'], 7));
  expect(builder.undecodable).toBe(1);
  expect([builder.first, builder.last, builder.rows]).toEqual([7, 9, 3]);
  const rows = tableFromIPC(builder.encode()).toArray();
  expect(rows.map((row) => [Number(row.off), row.type, row.data])).toEqual([
    [7, 'a', ''],
    [8, '', '"broken"'],
    [9, 'b', ''],
  ]);
});

test('a full block leaves the rest of the batch for the next', () => {
  const builder = new BlockBuilder('readings', { rows: 2, bytes: 1 << 20, distinct: 100 });
  const lines = ['a', 'b', 'c', 'd', 'e'].map((type) => `{"type":"${type}"}`);
  let rest: Batch | undefined = batchOf(lines, 11);
  const blocks: string[] = [];
  while (rest) {
    rest = builder.add(rest);
    const types = tableFromIPC(builder.encode())
      .toArray()
      .map((row) => row.type);
    blocks.push(`${builder.first}-${builder.last} ${types.join('')}`);
    builder.clear();
  }
  expect(blocks).toEqual(['11-12 ab', '13-14 cd', '15-15 e']);
});

test('the line of any row is found again, across batches', () => {
  const builder = new BlockBuilder('readings');
  builder.add(batchOf(['{"type":"a"}', '{"type":"bb"}'], 1));
  builder.add(batchOf(['{"type":"ccc"}'], 3));
  expect([0, 1, 2].map((row) => builder.lineOf(row).text)).toEqual([
    '{"type":"a"}',
    '{"type":"bb"}',
    '{"type":"ccc"}',
  ]);
});

test('a million distinct label values are cut into blocks of bounded size', () => {
  const builder = new BlockBuilder('readings');
  let label = 0;
  let most = 0;
  let rows = 0;
  while (label < 1_000_000) {
    const lines = Array.from({ length: 10_000 }, () => {
      const id = label++;
      return `{"type":"log","name":"n${id}","attributes":{"user-${id}":"${id}"}}`;
    });
    let rest: Batch | undefined = batchOf(lines, label - 9999);
    while (rest) {
      rest = builder.add(rest);
      most = Math.max(most, builder.columns.distinct());
      if (!builder.full) continue;
      rows += builder.rows;
      builder.clear();
    }
  }
  expect(rows + builder.rows).toBe(1_000_000);
  // The limit, and what the 64 rows between two looks may add.
  expect(most).toBeLessThan(65_536 + 65);
});
