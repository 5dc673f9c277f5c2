import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Applied } from './migrator.ts';
import { drift, mayContract, plan, stepsBack } from './plan.ts';

type Phase = Applied['phase'];
const one = (id: string, phase: Phase = 'expand', sha256 = `sha-${id}`) => ({ id, phase, sha256 });
const ran = (id: string, phase: Phase = 'expand', sha256 = `sha-${id}`): Applied => ({
  ...one(id, phase, sha256),
  at: 0,
  version: 'release_1',
});

describe('drift', () => {
  test('none when all ran, none when the rest is to come', () => {
    expect(drift([ran('0001')], [one('0001'), one('0002')])).toEqual([]);
    expect(drift([], [one('0001')])).toEqual([]);
  });

  test('a file that was changed after it ran', () => {
    expect(drift([ran('0001')], [one('0001', 'expand', 'other')])).toEqual([
      { kind: 'changed', id: '0001', text: '0001 has other bytes than the one that release_1 ran' },
    ]);
  });

  test('one that ran and is not known, among those that are', () => {
    expect(drift([ran('0001'), ran('0002'), ran('0003')], [one('0001'), one('0003')])).toEqual([
      {
        kind: 'unknown',
        id: '0002',
        text: '0002 was run by release_1, and this artefact does not know it',
      },
    ]);
  });

  test('a database that is ahead of older code is none, unless something was taken away', () => {
    expect(drift([ran('0001'), ran('0002')], [one('0001')])).toEqual([]);
    expect(drift([ran('0001'), ran('0002', 'contract')], [one('0001')])).toMatchObject([
      { kind: 'unknown', id: '0002', text: expect.stringContaining('took away') },
    ]);
  });

  test('a gap in the order; a contract migration that waits is none', () => {
    expect(drift([ran('2'), ran('10')], [one('2'), one('9'), one('10')])).toEqual([
      { kind: 'missing', id: '9', text: '9 did not run, although 10 did, which comes after it' },
    ]);
    expect(drift([ran('1'), ran('3')], [one('1'), one('2', 'contract'), one('3')])).toEqual([]);
  });
});

describe('plan', () => {
  test('a deploy runs what expands, in the order of the numbers', () => {
    const all = [one('10'), one('9', 'contract'), one('2'), one('1')];
    expect(plan([ran('1')], all, 'expand')).toEqual({
      run: [one('2'), one('10')],
      later: [one('9', 'contract')],
    });
  });

  test('what ran and what is to run never overlap, and nothing is forgotten', () => {
    const ids = fc.uniqueArray(fc.nat(99).map(String), { maxLength: 12 });
    fc.assert(
      fc.property(
        ids,
        ids,
        fc.func(fc.constantFrom<Phase>('expand', 'contract')),
        (done, of, phaseOf) => {
          const applied = done.map((id) => ran(id));
          const all = of.map((id) => one(id, phaseOf(id)));
          const { run, later } = plan(applied, all, 'expand');
          expect(new Set([...run, ...later].map(({ id }) => id))).toEqual(
            new Set(of.filter((id) => !done.includes(id))),
          );
          expect(run.every(({ phase }) => phase === 'expand')).toBe(true);
        },
      ),
    );
  });
});

describe('taking away what older code needs', () => {
  const contract = [{ db: 'orders', id: '0003' }];
  const instance = (version: string | null, ids: readonly string[] | null) => ({
    instance: 'production shop/blue-1',
    version,
    migrations: ids?.map((id) => ({ db: 'orders', id })) ?? null,
  });

  test('may be done when all that runs was written without it', () => {
    expect(mayContract(contract, [instance('r3', ['0001', '0003'])])).toEqual({ allowed: true });
    expect(mayContract(contract, [])).toEqual({ allowed: true });
    expect(mayContract([], null)).toEqual({ allowed: true });
  });

  test.each([
    [
      [instance('r2', ['0001'])],
      'production shop/blue-1 runs r2, which may need what 0003 takes away',
    ],
    [[instance(null, null)], 'production shop/blue-1 does not say what it runs'],
    [[instance('r9', null)], 'production shop/blue-1 runs r9, of which no artefact is known'],
    [null, 'nobody knows what runs on this database now'],
    [
      [
        instance('r3', ['0003']),
        { ...instance('r3', []), migrations: [{ db: 'other', id: '0003' }] },
      ],
      'production shop/blue-1 runs r3, which may need what 0003 takes away',
    ],
  ])('is refused: %#', (running, reason) => {
    expect(mayContract(contract, running)).toEqual({ allowed: false, reason });
  });
});

test('steps back say first what they lose', () => {
  const downs = new Map([
    ['0002', 'drop table carts;'],
    ['0003', 'drop index carts_by_day;'],
  ]);
  expect(stepsBack([ran('0001'), ran('0002'), ran('0003'), ran('0004')], downs, '0001')).toEqual([
    { id: '0004', down: null, loses: [] },
    { id: '0003', down: 'drop index carts_by_day;', loses: [] },
    { id: '0002', down: 'drop table carts;', loses: ['drop table carts'] },
  ]);
});
