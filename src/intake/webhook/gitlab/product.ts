import type { Product } from '../product.ts';
import { headerOf, hmac, sameText, tokenIn, unsigned, type Verify, wrong } from '../signature.ts';
import { about, items } from './about.ts';
import { rows } from './rows.ts';

const token = tokenIn('X-Gitlab-Token');

/**
 * The signing token (GitLab 19 and later, by the Standard Webhooks specification) where a signature
 * is there, else the older secret token.
 */
const verify: Verify = (signed, secret) => {
  const { headers, raw } = signed;
  const signature = headerOf(headers, 'webhook-signature');
  if (signature === undefined) return token(signed, secret);
  const id = headerOf(headers, 'webhook-id');
  const time = headerOf(headers, 'webhook-timestamp');
  if (id === undefined || time === undefined)
    throw unsigned('webhook-id or webhook-timestamp is missing beside webhook-signature');
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const digest = hmac('sha256', key, `${id}.${time}.`, raw).toString('base64');
  // Several signatures are there while a secret is being changed.
  const given = signature.split(' ').slice(0, 10);
  if (!given.some((one) => sameText(one, `v1,${digest}`))) throw wrong('webhook-signature');
};

/** GitLab: docs.gitlab.com, "Webhook events". */
export const gitlab: Product = {
  title: 'GitLab',
  tool: 'gitlab',
  proof:
    '`webhook-signature` (signing token): HMAC-SHA256 of id, time and body, base64; else `X-Gitlab-Token`: the secret token itself',
  verify,
  secretFrom: 'either',
  idOf: ({ headers }) =>
    headerOf(headers, 'webhook-id') ??
    headerOf(headers, 'Idempotency-Key') ??
    headerOf(headers, 'X-Gitlab-Event-UUID'),
  items,
  about,
  rows,
  others: 'Any other event becomes `dev.cdeventsx.gitlab-<object_kind>.<action>.0.1.0`.',
};
