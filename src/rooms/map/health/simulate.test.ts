import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HealthState } from '../health.ts';
import { criticalityOf } from './criticality.ts';
import { mapOf, seen, shop } from './map.suite.ts';
import { rankOf } from './order.ts';
import { sentenceOf, simulate } from './simulate.ts';

const all = [...shop.nodes.keys(), 'process:checkout', 'process:browse', 'process:support'];
const good = Object.fromEntries(all.map((id) => [id, 'ok' as const]));

const sentence = (down: readonly string[], now: Readonly<Record<string, HealthState>> = good) =>
  sentenceOf(shop, down, simulate(shop, seen(now), down));

describe('what would be if something went down', () => {
  // All of it is seen to be ok now, which must not cap what would follow.
  test.each([
    [['db'], 'if db went down: checkout down, browse down'],
    [['payments'], 'if payments went down: checkout down'],
    [['mail'], 'if mail went down: support down, checkout at risk'],
    [['search'], 'if search went down: checkout at risk, browse at risk'],
    [['web1'], 'if web1 went down: checkout at risk, browse at risk'],
    [['web1', 'web2'], 'if web1 and web2 went down: checkout down, browse down'],
    [['lb'], 'if lb went down: checkout down, browse down'],
  ])('%j', (down, said) => {
    expect(sentence(down)).toBe(said);
  });

  test('the example of the design: what is hard and what is soft', () => {
    const small = mapOf(['checkout => orders-db', 'browse ~> orders-db'], {
      checkout: 1,
      browse: 2,
    });
    const changes = simulate(small, seen({}), ['orders-db']);
    expect(sentenceOf(small, ['orders-db'], changes)).toBe(
      'if orders-db went down: checkout down, browse at risk',
    );
  });

  test('what is bad now stays so, and only what gets worse is said', () => {
    const now = { ...good, api: 'degraded' } as const;
    const changes = simulate(shop, seen(now), ['search']);
    expect(changes).toEqual([]);
    expect(sentence(['search'], now)).toBe('if search went down: nothing else would change');
    expect(sentence(['db'], { ...good, db: 'down' })).toContain('nothing else would change');
  });

  test('what is at risk only because it is seen to be ok is not blamed on what is simulated', () => {
    const now = { ...good, payments: 'down' } as const;
    const of = (down: string) => simulate(shop, seen(now), [down]).map(({ id }) => id);
    expect(of('mail')).toEqual(['process:support']);
    expect(of('db')).not.toContain('process:checkout');
  });

  test('a need of a group with another spare changes nothing', () => {
    const spare = mapOf(['lb => 1 of a, b, c', 'shop => lb'], { shop: 1 });
    const now = { a: 'ok', b: 'ok', c: 'ok', lb: 'ok', 'process:shop': 'ok' } as const;
    expect(simulate(spare, seen(now), ['a'])).toMatchObject([]);
    expect(simulate(spare, seen(now), ['a', 'b'])).toMatchObject([
      { id: 'process:shop', from: 'ok', to: 'at-risk', because: ['process:shop', 'lb', 'a'] },
      { id: 'lb', from: 'ok', to: 'at-risk' },
    ]);
  });

  test('nodes of which no process knows are counted', () => {
    const changes = simulate(mapOf(['a => b', 'c => a']), seen({}), ['b']);
    expect(sentenceOf(mapOf(['a => b', 'c => a']), ['b'], changes)).toBe(
      'if b went down: no process would change, 2 nodes would get worse',
    );
  });

  test('whatever is observed, things get only worse, and because of what went down', () => {
    const states = fc.constantFrom<HealthState>('ok', 'at-risk', 'degraded', 'down', 'no-evidence');
    const now = fc.record(Object.fromEntries(all.map((id) => [id, states])));
    const down = fc.subarray([...shop.nodes.keys()], { minLength: 1 });
    fc.assert(
      fc.property(now, down, (observed, gone) => {
        for (const { id, from, to, because } of simulate(shop, seen(observed), gone)) {
          expect(rankOf(to)).toBeGreaterThan(rankOf(from));
          expect(gone).not.toContain(id);
          expect(because[0]).toBe(id);
        }
      }),
    );
  });
});

describe('criticality', () => {
  test('is the least of the processes that need it, however indirectly', () => {
    const found = criticalityOf(shop);
    expect(found.get('db')).toEqual({ criticality: 1, processes: ['checkout', 'browse'] });
    expect(found.get('mail')).toEqual({ criticality: 1, processes: ['checkout', 'support'] });
    expect(found.get('web3')?.processes).toEqual(['checkout', 'browse']);
  });

  test('what no process needs has none, and a ring ends', () => {
    const found = criticalityOf(mapOf(['p => a', 'a => b', 'b => a', 'c => a'], { p: 3 }));
    expect(found.get('b')).toEqual({ criticality: 3, processes: ['p'] });
    expect(found.has('c')).toBe(false);
  });

  test('a process that a more critical one needs is as critical', () => {
    const found = criticalityOf(mapOf(['pay => ledger', 'ledger => db'], { pay: 1, ledger: 4 }));
    expect(found.get('process:ledger')).toEqual({ criticality: 1, processes: ['pay', 'ledger'] });
    expect(found.get('db')?.criticality).toBe(1);
  });
});
