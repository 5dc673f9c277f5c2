import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Log } from './log.ts';

const refused = { code: 'TERR_LOG_NOTE' };

/** The part of the contract about notes. */
export function notesSuite(name: string, open: () => Promise<Log>): void {
  describe(`${name}: notes`, () => {
    test('are set, listed by prefix in key order, and removed', async () => {
      const log = await open();
      await log.notes.set('i:20', { to: 30 });
      await log.notes.set('i:10', { to: 20 });
      await log.notes.set('cursor', 7);
      expect(log.notes.list('i:')).toEqual([
        ['i:10', { to: 20 }],
        ['i:20', { to: 30 }],
      ]);
      expect(log.notes.get('cursor')).toBe(7);
      await log.notes.remove('i:10');
      await log.notes.remove('never there');
      expect(log.notes.list('i:')).toEqual([['i:20', { to: 30 }]]);
      expect(log.notes.get('i:10')).toBeUndefined();
    });

    test('refuse what cannot be a key or a value', async () => {
      const log = await open();
      await expect(log.notes.set('', 1)).rejects.toMatchObject(refused);
      await expect(log.notes.set('k'.repeat(513), 1)).rejects.toMatchObject(refused);
      await expect(log.notes.set('k', undefined)).rejects.toMatchObject(refused);
    });

    test('keep any JSON value under any key', async () => {
      const log = await open();
      const key = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
      await fc.assert(
        fc.asyncProperty(key, fc.jsonValue(), async (k, value) => {
          await log.notes.set(k, value);
          expect(log.notes.get(k)).toEqual(JSON.parse(JSON.stringify(value)));
        }),
        { numRuns: 50 },
      );
    });
  });
}
