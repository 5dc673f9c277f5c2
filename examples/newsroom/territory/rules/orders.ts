/**
 * Orders that are refused because the payment provider does not answer, and what is earned: the first
 * thing to look at when everything technical is green. That a card is declined is no trouble of ours.
 *
 * Needs: readings of the types "order.placed" (its metric is the amount, EUR) and "order.refused"
 * (attribute "reason").
 */
import { events, rule, type RuleEvent } from 'territory/rules';

/** Orders, and those refused by their reasons. */
interface Orders {
  readonly all: number;
  readonly refused: Readonly<Record<string, number>>;
}

function counted({ all, refused }: Orders, event: RuleEvent): Orders {
  if (event.type !== 'order.refused') return { all: all + 1, refused };
  const reason = event.attributes?.['reason'] ?? 'unknown';
  if (reason === 'declined') return { all: all + 1, refused };
  return { all: all + 1, refused: { ...refused, [reason]: (refused[reason] ?? 0) + 1 } };
}

/** The share that was refused, with its most frequent reason; nothing for fewer than two orders. */
function judged({ all, refused }: Orders): Partial<RuleEvent> | undefined {
  if (all < 2) return undefined;
  const reasons = Object.entries(refused).toSorted(([, a], [, b]) => b - a);
  const count = reasons.reduce((sum, [, n]) => sum + n, 0);
  return { metric: count / all, attributes: { reason: reasons[0]?.[0] ?? 'none' } };
}

const orders = events.where(
  '(type = "order.placed" or type = "order.refused") and environment = "production"',
);

rule('refused-orders', () =>
  orders
    // Of the provider: it is not the site that is ill.
    .map(() => ({ service: 'payments' }))
    .by('service', 'environment')
    .window({ every: '5s', size: '1m' })
    .fold({ all: 0, refused: {} } as Orders, counted, judged)
    .level({ critical: 'metric > 0.5', warning: 'metric > 0.2', clear: 'metric < 0.1' })
    .stable('10s')
    .changed('state', { from: 'ok' })
    .suspects({ before: '10m', late: '30s', upstream: { payments: ['site'] } })
    .alert({ title: '{metric:percent} of the orders are refused: {reason}', team: 'web' }),
);

rule('earned', () =>
  orders
    .where('type = "order.placed"')
    .by('environment')
    .window({ every: '1m' })
    .sum()
    .emit({ name: 'newsroom.earned', ttl: '3m' }),
);
