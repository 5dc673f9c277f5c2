// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { startService } from 'newsroom-service';
import { openLedger } from './ledger.js';
import { priceOf } from './prices.js';

/** A provider on the other side of the internet does not answer at once: ms for each request. */
const distance = Number(process.env['DISTANCE_MS'] ?? '12');

/** @typedef {'none' | 'refuses' | 'hangs'} Outage */
/** @type {Outage} */
let outage = 'none';

/** @type {ReturnType<typeof openLedger> | undefined} */
let opened;
const ledger = () =>
  (opened ??= openLedger(
    process.env['STORE'] ?? '.',
    Number(process.env['DECLINES_ONE_IN'] ?? '50'),
  ));

const service = await startService({
  name: 'payments',
  help: `The payment provider of the newsroom: somebody else's company, so no part of its repositories.

POST /charges           {"order", "amount", "currency"} → 201 {"id", "state": "paid"}; 402 when declined.
                        The same order is never charged twice: it gets the same answer again.
GET  /charges           what was charged: how many, and the sum
GET  /prices/:item      price of a clip, with VAT
PUT  /outage            {"mode": "refuses" | "hangs"}: how it fails from now on (for the chaos panel)
DELETE /outage          works again

DISTANCE_MS             how long an answer is on its way, ms (12)
DECLINES_ONE_IN         how many orders there are to one that is declined; 0 declines none (50)`,
  variables: { STORE: 'folder of its ledger' },
  checks: {
    ledger: () => ({ status: 'pass', output: `${ledger().sum().charges} charges` }),
    open: () =>
      outage === 'none'
        ? { status: 'pass', output: 'takes payments' }
        : { status: 'fail', output: `an outage: it ${outage}` },
  },
  routes: {
    'POST /charges': async (request, response) => {
      if (!(await isOpen(response))) return;
      const wish = await bodyOf(request);
      const { order, amount, currency } = wish;
      if (typeof order !== 'string' || typeof amount !== 'number' || !(amount > 0)) {
        answer(response, 400, { reason: 'order and amount are needed' });
        return;
      }
      await pause(distance);
      const charge = ledger().charge({
        order,
        amount,
        currency: typeof currency === 'string' ? currency : 'EUR',
      });
      service.log.info(charge.state, { order, amount });
      answer(response, charge.state === 'paid' ? 201 : 402, charge);
    },
    'GET /charges': (_, response) => answer(response, 200, ledger().sum()),
    'GET /prices/:item': async (_, response, { params }) => {
      if (!(await isOpen(response))) return;
      await pause(distance);
      answer(response, 200, priceOf(params['item'] ?? ''));
    },
    'PUT /outage': async (request, response) => {
      const { mode } = await bodyOf(request);
      if (mode !== 'refuses' && mode !== 'hangs') {
        answer(response, 400, { reason: 'mode is "refuses" or "hangs"' });
        return;
      }
      outage = mode;
      service.log.error('outage', { mode });
      answer(response, 200, { mode });
    },
    'DELETE /outage': (_, response) => {
      outage = 'none';
      service.log.info('outage is over');
      answer(response, 200, { mode: outage });
    },
  },
  drain: async () => {
    opened?.close();
  },
});

/**
 * Whether it works; otherwise it fails in the way that was asked for.
 * @param {import('node:http').ServerResponse} response
 */
async function isOpen(response) {
  if (outage === 'none') return true;
  // Whoever asks without a time-out waits as long as this: it is what hanging providers do.
  if (outage === 'hangs')
    await pause(60_000, undefined, { signal: service.signal }).catch(() => {});
  answer(response, 503, { reason: 'the provider is down' });
  return false;
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Record<string, unknown>>}
 */
async function bodyOf(request) {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) {
    text += piece;
    if (text.length > 10_000) throw new Error('a body of more than 10,000 characters');
  }
  try {
    const value = /** @type {unknown} */ (JSON.parse(text));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {object} body
 */
function answer(response, status, body) {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
