import { test, world, type World } from 'territory/rules/test';

/** Fifty baskets a quarter of an hour, and so many orders. */
function quarters(w: World, from: number, to: number, orders: number): void {
  for (let q = from; q < to; q++) {
    w.at(`${q * 15}m`, { name: 'baskets.opened', metric: 50 });
    if (orders > 0) w.at(`${q * 15 + 1}m`, { name: 'orders.placed', metric: orders });
  }
}

test('a share of orders that falls alerts after two quarters of an hour', () => {
  const w = world('./business-ratio.ts');
  quarters(w, 0, 4, 10);
  quarters(w, 4, 8, 2);
  w.advance('1h');
  const [alert] = w.actions('alert').filter((one) => one.severity !== 'ok');
  if (alert?.severity !== 'critical') throw new Error('critical expected');
  const [first] = w.out('checkout.conversion');
  if (first?.metric !== 0.2) throw new Error(`a conversion of 0.2 expected, not ${first?.metric}`);
});

test('a night without visitors is no alert', () => {
  const w = world('./business-ratio.ts');
  quarters(w, 0, 4, 10);
  w.advance('8h');
  if (w.actions('alert').some((one) => one.severity !== 'ok')) throw new Error('no alert expected');
});
