import type { Decoded } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import { problemOf } from '../http/answer.ts';
import type { Answer, HttpProtocol, Outcome, Received } from '../http/protocol.ts';
import type { Sender } from '../intake.ts';
import { digestOf, draftsOfDelivery, readJson } from './deliver.ts';
import { applyMappings } from './generic/apply.ts';
import { products } from './products.ts';
import { unsigned } from './signature.ts';
import { type Webhook, type Webhooks, verifierOf } from './webhook.ts';

const path = '/webhooks/';

/** Bytes of a body; GitHub sends no more. Intakes of many events are not meant to come this way. */
export const maxWebhookBody = 25 * 1024 * 1024;

/** Where a webhook is sent to, without the server's address. */
export function pathOfWebhook(name: string): string {
  return path + name;
}

/**
 * Webhooks of products: `POST /webhooks/<name>`. The signature is checked over the body as it was
 * sent; the answer is given when the log has the events, and says what became of them, since that is
 * what a product shows of a delivery.
 */
export function webhookProtocol(webhooks: Webhooks): HttpProtocol {
  const called = (request: Received): Webhook => {
    const name = request.path.slice(path.length);
    const webhook = webhooks.find(name);
    if (webhook !== undefined) return webhook;
    const shown = JSON.stringify(name.slice(0, 64));
    throw unsigned(
      `there is no webhook ${shown}; \`territory webhook list\` shows those there are`,
    );
  };
  return {
    name: 'webhook',
    title: 'Webhooks of GitHub, GitLab, Alertmanager, Stripe, … and by mapping',
    path: `${path}<name>`,
    takes: (given) => given.startsWith(path) && /^[^/]+$/.test(given.slice(path.length)),
    senderAt: (given) => webhooks.find(given.slice(path.length))?.name,
    authorise: (request) => authorise(called(request), request),
    decode: (request, sender) => {
      const { headers, body, now } = request;
      webhooks.record(sender.name, { headers, body, now });
      return eventsOf(called(request), request);
    },
    answer,
  };
}

function authorise(webhook: Webhook, { headers, query, raw, now }: Received): Sender {
  if (raw.length > maxWebhookBody)
    throw intakeErrors('TOO_LARGE', `a webhook has at most ${maxWebhookBody} bytes`);
  verifierOf(webhook)({ headers, query, raw, now }, webhook.secret);
  const { name } = webhook;
  // Who may add a webhook says with its mapping what it may send.
  return { name, source: path + name, maySend: () => true, unrestricted: true };
}

/**
 * The events that a delivery to a webhook becomes, its sender being known.
 * Throws TERR_INTAKE_DECODE for what is no JSON.
 */
export function eventsOf(
  webhook: Webhook,
  { headers, body, now }: Pick<Received, 'headers' | 'body' | 'now'>,
): Iterable<Decoded> {
  const source = path + webhook.name;
  if (webhook.kind !== 'generic')
    return draftsOfDelivery(products[webhook.kind], { headers, body, source, now });
  const given = { body: readJson(body, headers), headers, id: digestOf(body) };
  return applyMappings(webhook.mappings, given);
}

/** 400 when nothing of it could be taken, so that the product shows that something is wrong. */
function answer(outcome: Outcome, _request: Received): Answer {
  const { accepted, duplicates, refused, errors, failure } = outcome;
  if (failure !== undefined) {
    const text = JSON.stringify(problemOf(failure));
    return { status: failure.status, headers: problemType, body: text };
  }
  const nothing = accepted + duplicates === 0 && refused > 0;
  const text = JSON.stringify({ accepted, duplicates, refused, errors });
  return {
    status: nothing ? 400 : 200,
    headers: { 'content-type': 'application/json' },
    body: text,
  };
}

const problemType = { 'content-type': 'application/problem+json' };
