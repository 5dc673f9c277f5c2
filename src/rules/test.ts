/**
 * Virtual time for tests of rules, `territory/rules/test`:
 *
 *     import { world } from 'territory/rules/test';
 *
 *     const w = world('./checkout.ts');
 *     w.at('0s', { name: 'orders.placed', metric: 1 });
 *     w.advance('2m');
 *     if (w.out('checkout.conversion').length !== 0) throw new Error('no baskets, no ratio');
 *
 * A file of tests is a script: what it throws is its failure. `test('name', () => …)` makes several
 * of one file.
 */
export { test } from './world/named-test.ts';
export { type Moment, type Rules, type TestEvent, world, type World } from './world/world.ts';
