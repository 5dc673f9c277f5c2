import { test, world, type World } from 'territory/rules/test';

function searches(w: World, quarter: number, inVain: number, found: number): void {
  for (let i = 0; i < inVain + found; i++)
    w.at(`${quarter * 15}m`, {
      name: 'search',
      attributes: { query: i < inVain ? 'red shoes' : 'shoes', results: i < inVain ? '0' : '12' },
    });
}

test('what is searched in vain is listed, and a rising share alerts', () => {
  const w = world('./searches-without-result.ts');
  for (let q = 0; q < 4; q++) searches(w, q, 1, 9);
  for (let q = 4; q < 8; q++) searches(w, q, 6, 4);
  w.advance('2h');
  const [alert] = w.actions('alert').filter((one) => one.severity !== 'ok');
  if (alert?.severity !== 'critical') throw new Error('an alert expected');
  if (!w.out('search.in_vain').some((one) => one.attributes?.['query'] === 'red shoes'))
    throw new Error('"red shoes" expected in the list');
});

test('a few that find nothing are usual', () => {
  const w = world('./searches-without-result.ts');
  for (let q = 0; q < 8; q++) searches(w, q, 1, 9);
  w.advance('1h');
  if (w.actions('alert').some((one) => one.severity !== 'ok')) throw new Error('no alert expected');
});
