import { essential } from './essential.ts';
import { type Part, custom } from './fact.ts';
import type { Item, Product, Row } from './product.ts';
import { headerOf, hmac, sameText, tolerance, unsigned, type Verify, wrong } from './signature.ts';

const header = 'Stripe-Signature';

/** `t=<seconds>,v1=<hex>,…`: docs.stripe.com/webhooks, "Verify webhook signatures manually". */
const verify: Verify = ({ headers, raw, now }, secret) => {
  const given = headerOf(headers, header);
  if (given === undefined) throw unsigned(`${header} is missing: is this sent by Stripe?`);
  const pairs = given.split(',').slice(0, 20);
  const valuesOf = (name: string): string[] =>
    pairs.flatMap((pair) =>
      pair.trim().startsWith(`${name}=`) ? pair.trim().slice(name.length + 1) : [],
    );
  const [time = ''] = valuesOf('t');
  const right = hmac('sha256', secret, `${time}.`, raw).toString('hex');
  if (!valuesOf('v1').some((one) => sameText(one.toLowerCase(), right))) throw wrong(header);
  if (!(Math.abs(now - Number(time) * 1000) <= tolerance))
    throw unsigned('it was signed more than 5 minutes ago: is the clock of this server right?');
};

function about({ event, body }: Item): Part {
  const thing = body.at('data.object');
  const live = body.is('livemode');
  return {
    source: 'https://api.stripe.com',
    subject: `${event}/${thing.text('id') ?? 'unknown'}`,
    time: body.time('created'),
    state: thing.text('status'),
    ...(!live && { environment: 'test' }),
    attributes: {
      'stripe.event.type': body.text('type'),
      'stripe.account.id': body.text('account'),
      'customer.id': thing.first('customer', 'customer.id'),
      'payment.amount': thing.first('amount', 'amount_due', 'total'),
      'payment.currency': thing.text('currency'),
    },
    data: essential(thing.value, personal),
  };
}

/** Who pays, and with what, stays at Stripe. */
const personal: ReadonlySet<string> = new Set(
  `name description receipt_email source sources payment_method_options owner
   individual customer_name customer_details customer_shipping customer_address
   tax_ids last4 fingerprint bank_account statement_descriptor outcome`.split(/\s+/),
);

/** The events that say how business goes; all others are taken in the same way. */
const told: Readonly<Record<string, readonly string[]>> = {
  charge: ['succeeded', 'failed', 'refunded', 'captured', 'expired', 'updated'],
  'charge.dispute': ['created', 'closed', 'funds_withdrawn'],
  payment_intent: ['created', 'succeeded', 'payment_failed', 'canceled', 'processing'],
  customer: ['created', 'updated', 'deleted'],
  'customer.subscription': ['created', 'updated', 'deleted', 'trial_will_end', 'paused', 'resumed'],
  invoice: ['created', 'finalized', 'paid', 'payment_failed', 'payment_succeeded', 'voided'],
  'checkout.session': ['completed', 'expired'],
  payout: ['created', 'paid', 'failed'],
};

const rows: readonly Row[] = Object.entries(told).flatMap(([event, actions]) =>
  actions.map((action) => ({
    event,
    actions: [action],
    type: custom('stripe', event, action),
    part: (): Part => ({}),
  })),
);

/** Stripe: docs.stripe.com/api/events/types. CDEvents has no words for money. */
export const stripe: Product = {
  title: 'Stripe',
  tool: 'stripe',
  proof: '`Stripe-Signature`: HMAC-SHA256 of `t.body`, hex in `v1`, not older than 5 minutes',
  verify,
  secretFrom: 'product',
  idOf: ({ body }) => body.text('id'),
  items: ({ headers, body }) => {
    const parts = (body.text('type') ?? '').split('.');
    const action = parts.pop() ?? '';
    return [{ event: parts.join('.'), action, body, delivery: { headers, body } }];
  },
  about,
  rows,
  others:
    'Any other event becomes `dev.cdeventsx.stripe-<object>.<event>.0.1.0`, its object without points.',
};
