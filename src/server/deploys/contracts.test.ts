import { expect, test } from 'vitest';
import { maxContracts, type SchemaSeen } from '../../rooms/where/evidence/evidence.ts';
import { LookingWorld, found } from '../../rooms/where/evidence/evidence.suite.ts';
import { contractsThere } from './contracts.ts';

const drop = { db: 'orders', id: '0007_drop' };
const looked = (...contracts: readonly string[]): SchemaSeen => ({
  db: 'orders',
  drift: [],
  contracts: [...contracts],
});
const many = Array.from({ length: maxContracts }, (_, n) => `0${100 + n}_more`);

test.each<
  [string, readonly (readonly SchemaSeen[])[], keyof ReturnType<typeof contractsThere> | 'pending']
>([
  ['was run', [[looked('0003_old', '0007_drop')]], 'applied'],
  ['was left for later', [[looked('0003_old')]], 'pending'],
  ['was left for later, and nothing else was run', [[looked()]], 'pending'],
  ['was run, as one of two runners saw', [[looked()], [looked('0007_drop')]], 'applied'],
  ['is older than all that are told', [[looked(...many)]], 'applied'],
  ['is of a database that nobody looks at', [[{ ...looked(), db: 'stock' }]], 'unseen'],
  ['is not told by an older runner', [[{ db: 'orders', drift: [], applied: 7 }]], 'unseen'],
  ['is nowhere looked for', [], 'unseen'],
])('a contract migration that %s', (_, looks, word) => {
  const world = new LookingWorld();
  for (const [n, schema] of looks.entries())
    world.look(0, { schema: found([...schema]) }, `box${n}`);
  const { watched, now } = world.known(1_000);
  const there = contractsThere([drop], watched, now);
  expect(there).toEqual({
    applied: [],
    unseen: [],
    ...(word !== 'pending' && { [word]: ['orders 0007_drop'] }),
  });
});

test('what was seen too long ago says nothing of now', () => {
  const world = new LookingWorld();
  world.look(0, { schema: found([looked()]) });
  const { watched, now } = world.known(3_600_000);
  const there = contractsThere([drop], watched, now);
  expect(there).toEqual({ applied: [], unseen: ['orders 0007_drop'] });
});
