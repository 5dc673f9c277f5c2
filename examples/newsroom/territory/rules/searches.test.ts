import { test, world, type World } from 'territory/rules/test';

/** Ten searches in a minute, so many of which find nothing. */
function minute(w: World, n: number, inVain: number): void {
  for (let i = 0; i < 10; i++)
    w.at(`${n * 60 + i}s`, {
      type: 'search.performed',
      service: 'site',
      environment: 'production',
      metric: i < inVain ? 0 : 4,
      attributes: { query: i < inVain ? 'unicorn' : 'river' },
    });
}

test('what is searched in vain is listed, and a share that rises alerts', () => {
  const w = world('./searches.ts');
  for (let n = 0; n < 10; n++) minute(w, n, 2);
  for (let n = 10; n < 20; n++) minute(w, n, 9);
  w.advance('2m');
  const [alert] = w.actions('alert').filter(({ severity }) => severity !== 'ok');
  if (alert?.rule !== 'searches-without-result') throw new Error('an alert expected');
  if (!w.out('newsroom.search.invain').some((one) => one.attributes?.['query'] === 'unicorn'))
    throw new Error('"unicorn" expected in the list');
});

test('some that find nothing are usual', () => {
  const w = world('./searches.ts');
  for (let n = 0; n < 20; n++) minute(w, n, 3);
  if (w.actions('alert').some(({ severity }) => severity !== 'ok'))
    throw new Error('no alert expected');
});
