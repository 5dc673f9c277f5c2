import { test, world, type World } from 'territory/rules/test';

/** An order every 5 s, refused for a reason or placed. */
function orders(w: World, from: number, to: number, reason?: string): void {
  for (let s = from; s < to; s += 5)
    w.at(`${s}s`, {
      type: reason === undefined ? 'order.placed' : 'order.refused',
      service: 'site',
      environment: 'production',
      ...(reason === undefined ? { metric: 20 } : { attributes: { reason } }),
    });
}

test('orders that are refused alert with their reason, and end', () => {
  const w = world('./orders.ts');
  orders(w, 0, 60);
  orders(w, 60, 120, 'payment-timeout');
  orders(w, 120, 240);
  const said = w.actions('alert').filter((one, i, all) => one.severity !== all[i - 1]?.severity);
  const worst = said.find(({ severity }) => severity === 'critical');
  if (!worst?.title.endsWith('of the orders are refused: payment-timeout'))
    throw new Error(`it said ${worst?.title}`);
  if (said.at(-1)?.severity !== 'ok') throw new Error('an end expected');
});

test('what is earned in a minute is a reading', () => {
  const w = world('./orders.ts');
  orders(w, 0, 60);
  w.advance('1m');
  const [earned] = w.out('newsroom.earned');
  if (earned?.metric !== 240) throw new Error(`240 EUR expected, not ${earned?.metric}`);
});

test('cards that are declined are no trouble of ours', () => {
  const w = world('./orders.ts');
  orders(w, 0, 120, 'declined');
  if (w.actions('alert').some(({ severity }) => severity !== 'ok'))
    throw new Error('no alert expected');
});

test('one refused order is no trend', () => {
  const w = world('./orders.ts');
  orders(w, 0, 5, 'payment-timeout');
  w.advance('5m');
  if (w.actions('alert').some(({ severity }) => severity !== 'ok'))
    throw new Error('no alert expected');
});
