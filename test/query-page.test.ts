import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseTime } from '../src/event/time.ts';
import { type ChdbHistory, openChdbHistory } from '../src/history/chdb/open.ts';
import { type Sent, insertEvents } from '../src/history/insert-events.suite.ts';
import type { Query } from '../src/server/api/contract.ts';
import { planQuery } from '../src/server/api/query-plan.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/reference/query.md'), 'utf8');
const limits = { timeoutMs: 20_000, memoryBytes: 300 << 20 };
const now = Date.parse('2026-11-22T12:00:00Z');

/** What stands in the fenced blocks of a kind. */
function blocks(kind: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${kind}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}

const dir = mkdtempSync(join(tmpdir(), 'territory-query-page-'));
let history: ChdbHistory;
beforeAll(async () => {
  history = await openChdbHistory({ dir });
  const lines = blocks('ndjson').join('').trim().split('\n');
  const events = lines.map((line): Sent => {
    const event = JSON.parse(line) as Sent & { readonly time: string };
    return { ...event, id: '', time: parseTime(event.time) ?? 0 };
  });
  await insertEvents(history, events);
});
afterAll(async () => {
  await history.close();
  rmSync(dir, { recursive: true });
});

const examples = blocks('json query').map((query, i) => [query, blocks('json answer')[i] ?? '']);

test('every question on the page has an answer', () => {
  expect(examples.length).toBeGreaterThan(4);
  expect(blocks('json answer')).toHaveLength(examples.length);
});

test.each(examples)('%s', async (query = '', answer = '') => {
  const plan = planQuery(JSON.parse(query) as Query, now);
  const found =
    plan.kind === 'events'
      ? await history.events(plan.query, limits)
      : await history.series(plan.query, limits);
  expect(found).toMatchObject(JSON.parse(answer) as object);
});
