/**
 * How many of those who begin also end: baskets and orders, visits and sign-ups. The first thing to look
 * at when everything technical is green.
 *
 * Needs: a reading for each beginning and each end.
 * Change: the two names, the limit, the quarter of an hour when fewer visitors come.
 */
import { events, ratio, rule } from 'territory/rules';

rule('business-ratio', () => {
  const orders = events.where('name = "orders.placed"').window({ every: '15m' }).sum();
  const baskets = events.where('name = "baskets.opened"').window({ every: '15m' }).sum();
  const conversion = ratio(orders, baskets).map(() => ({ name: 'checkout.conversion' }));
  return [
    conversion.emit({ name: 'checkout.conversion', ttl: '45m' }),
    conversion
      .level({ critical: 'metric < 0.05', warning: 'metric < 0.1', clear: 'metric > 0.12' })
      .consecutive(2)
      .changed('state', { from: 'ok' })
      .suspects()
      .alert({ title: 'only {metric:percent} of baskets become orders' }),
  ];
});
