import { describe, expect, test, vi } from 'vitest';
import { type Decoded, isRefused, type Refused } from '../decoded.ts';
import { Interval } from './interval.ts';
import { MetricLine } from './metric-line.ts';

function made(maxNumbers?: number) {
  const taken: Decoded[] = [];
  const interval = new Interval({
    maxKeys: 100_000,
    signedGauges: 'auto',
    ...(maxNumbers !== undefined && { maxNumbers }),
    now: () => Date.UTC(2026, 0, 1),
    take: (decoded) => void taken.push(...decoded),
  });
  const line = new MetricLine();
  const sample = (text: string): Refused | undefined => {
    const bytes = Buffer.from(text);
    expect(line.read(bytes, 0, bytes.length)).toBeUndefined();
    return interval.sample(bytes, line);
  };
  return { interval, sample, taken };
}

describe('a flush', () => {
  test('comes in slices; what is sent meanwhile belongs to the next interval', async () => {
    const { interval, sample, taken } = made();
    for (let i = 0; i < 1_000; i++) sample(`a:1|c|#id:${i}`);
    interval.flush();
    expect(taken.length).toBeLessThan(100);
    for (let i = 0; i < 1_000; i++) sample(`a:10|c|#id:${i}`);
    // The one before is not through: this interval goes on.
    interval.flush();
    await vi.waitUntil(() => taken.length >= 1_000, { timeout: 10_000 });
    expect(total(taken)).toBe(1_000);
    interval.finish();
    expect(total(taken)).toBe(11_000);
    expect(taken).toHaveLength(2_000);
  });

  test('that is the last leaves nothing', () => {
    const { interval, sample, taken } = made();
    for (let i = 0; i < 1_000; i++) sample(`a:1|c|#id:${i}`);
    interval.flush();
    for (let i = 0; i < 1_000; i++) sample(`a:1|c|#id:${i}`);
    interval.finish();
    expect(total(taken)).toBe(2_000);
  });
});

describe('memory of timers and sets', () => {
  test('is bounded; what needs more is refused, all else is counted', () => {
    const { interval, sample, taken } = made(100);
    let refused = 0;
    for (let i = 0; i < 1_000; i++) if (sample(`t:${1.02 ** i}|ms`)) refused++;
    expect(refused).toBeGreaterThan(800);
    expect(sample('t:1|ms')).toBeUndefined();
    expect(sample('s:a|s')).toMatchObject({ code: 'TERR_INTAKE_KEYS' });
    expect(sample('c:1|c')).toBeUndefined();
    interval.finish();
    expect(named(taken)['t.count']).toBe(1_001 - refused);
    // The next interval begins with all of it.
    expect(sample('s:a|s')).toBeUndefined();
  });
});

function total(taken: readonly Decoded[]): number {
  return taken.reduce((sum, one) => sum + (isRefused(one) ? 0 : (one.metric ?? 0)), 0);
}

function named(taken: readonly Decoded[]): Record<string, number | undefined> {
  return Object.fromEntries(
    taken.flatMap((one) => (isRefused(one) ? [] : [[one.name ?? '', one.metric]])),
  );
}
