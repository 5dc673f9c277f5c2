import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timers } from './timers.ts';

test('wakes by time, of one time by rank, and of one rank in the order of asking', () => {
  const wish = fc.record({ at: fc.nat(20), rank: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(wish), fc.nat(10), (wishes, early) => {
      const timers = new Timers<{ readonly rank: number; readonly asked: number }>(
        (who) => who.rank,
      );
      const woken: unknown[] = [];
      const take = (): void => {
        const { next } = timers;
        for (const who of timers.take()) woken.push([next, who.rank, who.asked]);
      };
      const all = wishes.map(({ at, rank }, asked) => [at, rank, asked] as const);
      for (const [at, rank, asked] of all) timers.add(at, { rank, asked });
      expect(timers.entries().map(({ at }) => at)).toEqual(
        all.map(([at]) => at).toSorted((a, b) => a - b),
      );
      for (let i = 0; i < early && timers.next < Infinity; i++) take();
      // Asked for while others are woken: at a time that is not over.
      const now = timers.next;
      if (now < Infinity) timers.add(now, { rank: 9, asked: 999 });
      while (timers.next < Infinity) take();
      const wanted = now < Infinity ? [...all, [now, 9, 999] as const] : all;
      expect(woken).toEqual(
        wanted.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).map((one) => [...one]),
      );
    }),
  );
});
