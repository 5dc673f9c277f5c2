import { expect, test } from 'vitest';
import type { Lines } from '../../event/batch.ts';
import { checkDraft } from '../../event/check.ts';
import { decodeBatch, type PlacedEvent } from '../../event/codec.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type HostProbeOptions, startHostProbe } from './host-probe.ts';
import { readSample } from './sample.ts';

const now = Date.UTC(2026, 10, 23);
const eventsOf = (lines: Lines): PlacedEvent[] =>
  decodeBatch({ ...lines, stream: 'readings', first: 1, received: now });

/** Runs a probe until `looks` looks were appended; `fail` throws in the place of the first. */
async function looksOf(looks: number, more: Partial<HostProbeOptions> = {}, fail = false) {
  const stop = new AbortController();
  const batches: Lines[] = [];
  let left = fail ? 1 : 0;
  const append: HostProbeOptions['append'] = async (_, lines) => {
    if (left-- > 0) throw new Error('no room');
    batches.push(lines);
    if (batches.length === looks) stop.abort();
    return { first: 1, count: lines.count, duplicates: [] };
  };
  const base = { append, intervalMs: 20, signal: stop.signal, now: () => now, host: 'h1' };
  const running = startHostProbe({ ...base, ...more });
  await running.done;
  return { looks: batches.map(eventsOf), counters: running.counters() };
}

test('on this machine: a heartbeat and valid readings, increments from the second look on', async () => {
  const { looks, counters } = await looksOf(2);
  const [first = [], second = []] = looks;
  expect(first[0]).toMatchObject({
    type: 'heartbeat',
    source: '/host-probe',
    host: 'h1',
    ttl: 0.06,
  });
  for (const { stream: _s, offset: _o, received: _r, ...event } of second)
    expect(checkDraft(event, defaultLimits, now)).toHaveProperty('draft');
  expect(first.some(({ name }) => name === 'system.cpu.utilization')).toBe(false);
  expect(second.some(({ name }) => name === 'system.memory.usage')).toBe(true);
  expect(counters).toMatchObject({
    protocol: 'host-probe',
    accepted: first.length + second.length,
  });
});

test('a look that could not be stored is counted and told, and the next one comes', async () => {
  const told: unknown[] = [];
  const { looks, counters } = await looksOf(1, { onError: (error) => told.push(error) }, true);
  expect(told).toEqual([new Error('no room')]);
  expect(looks.length).toBe(1);
  expect(counters.refusedBy['TERR_INTAKE_FAILED']).toBeGreaterThan(0);
});

test('a machine without /proc still has a heartbeat', async () => {
  const read = () => readSample('/nowhere', '/nowhere');
  const { looks } = await looksOf(1, { read });
  expect(looks[0]?.map(({ type }) => type)).toEqual(['heartbeat']);
});
