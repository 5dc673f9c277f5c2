import { expect } from 'vitest';
import type { Event } from '../event/event.ts';
import { compileWhere } from '../event/where/compile.ts';
import { parseField } from '../event/where/parse.ts';
import { getterOf } from '../event/where/scalar.ts';
import type { SeriesAnswer, SeriesQuery } from './history.ts';

/** What a series query should answer, computed by the plainest loops. */
export function bruteForce(events: readonly Event[], query: SeriesQuery) {
  const matches = compileWhere(query.where);
  const divides = compileWhere(query.ratio ?? { kind: 'literal', value: false });
  const counts = query.aggregate === 'count' || query.aggregate === 'rate';
  const used = events.filter(
    (event) =>
      event.time >= query.from &&
      event.time < query.to &&
      (counts || event.metric !== undefined) &&
      (matches(event) || divides(event)),
  );
  const value = (some: readonly Event[], seconds: number): Allowed => {
    const above = aggregate(query, some.filter(matches), seconds);
    if (!query.ratio) return above;
    const below = aggregate(query, some.filter(divides), seconds);
    // The suite asks for no ratio of quantiles.
    return typeof above === 'number' && typeof below === 'number' && below !== 0
      ? above / below
      : null;
  };
  const groups = groupBy(used, (event) =>
    JSON.stringify(query.by.map((name) => label(event, name))),
  );
  return { check };

  function check(answer: SeriesAnswer): void {
    const seconds = (query.to - query.from) / 1000;
    expect(answer.matched).toBe(used.length);
    near(
      answer.total,
      used.length === 0 && !(query.aggregate === 'count' && !query.ratio)
        ? null
        : value(used, seconds),
    );
    expect(answer.series).toHaveLength(
      Math.min(groups.size, query.by.length === 0 ? 1 : query.top),
    );
    expect(answer.omitted).toBe(groups.size - answer.series.length);
    const totals = answer.series.map((series) => series.total ?? -Infinity);
    expect(totals).toEqual(totals.toSorted((a, b) => b - a));
    for (const series of answer.series) {
      const key = JSON.stringify(query.by.map((name) => series.labels[name]));
      const group = groups.get(key) ?? [];
      expect(group).not.toEqual([]);
      near(series.total, value(group, seconds));
      checkPoints(series.points, group);
      groups.delete(key);
    }
    // What top left out is not larger than what it kept.
    for (const group of groups.values()) {
      const total = value(group, seconds);
      if (typeof total === 'number')
        expect(total).toBeLessThanOrEqual(
          (totals.at(-1) ?? 0) + 1e-5 * Math.max(1, Math.abs(total)),
        );
    }
  }

  function checkPoints(
    points: readonly (readonly [number, number | null])[],
    group: readonly Event[],
  ): void {
    const every = query.every;
    if (every === undefined) return expect(points).toEqual([]);
    const starts: number[] = [];
    for (let t = Math.floor(query.from / every) * every; t < query.to; t += every) starts.push(t);
    expect(points.map(([start]) => start)).toEqual(starts);
    for (const [start, got] of points) {
      const within = group.filter((event) => event.time >= start && event.time < start + every);
      const overlap = Math.min(start + every, query.to) - Math.max(start, query.from);
      near(got, within.length === 0 ? null : value(within, overlap / 1000));
    }
  }
}

function label(event: Event, name: string): string {
  const held = getterOf(parseField(name))(event);
  return held === undefined || typeof held === 'object' ? '' : String(held);
}

/** What the answer may be: one number, or for a quantile the numbers one rank below and above. */
type Allowed = number | null | readonly [least: number, most: number];

function aggregate(
  { aggregate: how, ratio }: SeriesQuery,
  events: readonly Event[],
  seconds: number,
): Allowed {
  if (how === 'count') return events.length;
  if (how === 'rate') return events.length > 0 || ratio ? events.length / seconds : null;
  const metrics = events.flatMap((event) => event.metric ?? []).toSorted((a, b) => a - b);
  if (metrics.length === 0) return null;
  if (how.startsWith('p')) return aroundRank(metrics, Number(`0.${how.slice(1)}`));
  const sum = metrics.reduce((a, b) => a + b, 0);
  const of = { sum, mean: sum / metrics.length, min: metrics[0], max: metrics.at(-1) };
  return of[how as keyof typeof of] ?? null;
}

function aroundRank(metrics: readonly number[], level: number): Allowed {
  const rank = level * metrics.length;
  const least = metrics[Math.max(0, Math.ceil(rank) - 2)] ?? 0;
  return [least, metrics[Math.min(metrics.length - 1, Math.floor(rank) + 1)] ?? 0];
}

function near(got: number | null, allowed: Allowed): void {
  if (got === null || allowed === null) return expect(got).toBe(allowed);
  const [least, most] = typeof allowed === 'number' ? [allowed, allowed] : allowed;
  // Sums depend on their order, and the engine's t-digest computes in single precision.
  expect(got).toBeGreaterThanOrEqual(least - 1e-5 * Math.max(1e-3, Math.abs(least)));
  expect(got).toBeLessThanOrEqual(most + 1e-5 * Math.max(1e-3, Math.abs(most)));
}

function groupBy(events: readonly Event[], key: (event: Event) => string): Map<string, Event[]> {
  const groups = new Map<string, Event[]>();
  for (const event of events) {
    const group = groups.get(key(event));
    if (group === undefined) groups.set(key(event), [event]);
    else group.push(event);
  }
  return groups;
}
