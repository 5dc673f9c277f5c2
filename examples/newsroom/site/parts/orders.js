// @ts-check
import { randomUUID } from 'node:crypto';
import { priceOf } from '../src/cards.js';
import { isEmail } from '../src/email.js';
import { html } from '../src/html.js';
import { PaymentRefused } from '../src/payments.js';
import { Refused, json, seeOther } from '../src/web.js';

/** What a visitor reads when it did not work, and the status. */
const refusals = {
  declined: [402, 'Your payment was declined. Nothing was ordered.'],
  'payment-timeout': [503, 'The payment takes too long. Please try again in a few minutes.'],
  'payment-unavailable': [503, 'Payments do not work just now. Please try again in a few minutes.'],
};

/** @param {import('../src/site.js').Site} site @returns {Record<string, import('../src/site.js').Handler>} */
export const routes = (site) => ({
  'POST /orders': async (visit) => {
    const wish = await visit.fields();
    const item = site.items.named(wish['item'] ?? '');
    if (item === undefined) throw new Refused(404, 'This clip is not sold any more.');
    const offer = site.words.offers[wish['kind'] ?? ''];
    if (offer === undefined) throw new Refused(400, 'Which of the offers is it?');
    const email = (wish['email'] ?? '').toLowerCase();
    if (!isEmail(email)) throw new Refused(400, 'We can not send anything to that address.');
    const order = {
      id: randomUUID(),
      item: item.id,
      kind: wish['kind'] ?? '',
      email,
      amount: offer.price,
    };
    await place(site, order, visit.agent);
    return visit.wantsJson
      ? json(201, { order: order.id, amount: order.amount, url: `/orders/${order.id}` })
      : seeOther(`/orders/${order.id}`);
  },
  'GET /orders/:id': (visit) => {
    const order = site.database.order(visit.params['id'] ?? '');
    if (order === undefined) throw new Refused(404, 'There is no such order.');
    const title = site.items.named(order.item)?.title ?? order.item;
    return visit.page({
      title: 'Your order',
      main: html`<section class="message ${order.state === 'paid' ? 'good' : 'bad'}">
        <h1>${order.state === 'paid' ? 'Thank you' : 'Not ordered'}</h1>
        <p>
          ${site.words.offers[order.kind]?.title ?? order.kind} of
          <a href="/items/${encodeURIComponent(order.item)}">${title}</a>,
          ${priceOf(order.amount)}${order.state === 'paid' && html`, on its way to ${order.email}`}.
        </p>
        <p class="about">order ${order.id}</p>
        <p><a href="/support?order=${order.id}">Is something wrong with it?</a></p>
      </section>`,
    });
  },
});

/**
 * It is written down before anybody is asked for money: nothing is paid that we do not know of.
 * @param {import('../src/site.js').Site} site
 * @param {import('../src/database.js').NewOrder} order
 * @param {string} agent
 */
async function place(site, order, agent) {
  const attributes = { item: order.item, kind: order.kind, 'user_agent.name': agent };
  site.database.beginOrder(order);
  try {
    const payment = await site.payments.pay({ order: order.id, amount: order.amount });
    site.database.endOrder(order.id, { state: 'paid', payment });
  } catch (error) {
    if (!(error instanceof PaymentRefused)) throw error;
    const { reason } = error;
    // Who did not answer may have taken the money: that is no refusal, and somebody has to look.
    const state = reason === 'payment-timeout' ? 'unknown' : 'refused';
    site.database.endOrder(order.id, { state });
    site.tell({ type: 'order.refused', subject: order.id, attributes: { ...attributes, reason } });
    const [status, words] = refusals[reason];
    throw new Refused(Number(status), `${words}`);
  }
  site.tell({ type: 'order.placed', subject: order.id, metric: order.amount, attributes });
}
