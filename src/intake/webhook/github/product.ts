import { headerOf, signedBody } from '../signature.ts';
import type { Product } from '../product.ts';
import { about, items } from './about.ts';
import { rows } from './rows.ts';

/** GitHub and GitHub Enterprise Server: docs.github.com, "Webhook events and payloads". */
export const github: Product = {
  title: 'GitHub',
  tool: 'github',
  proof: '`X-Hub-Signature-256`: HMAC-SHA256 of the body, hex after `sha256=`',
  verify: signedBody('X-Hub-Signature-256', { prefix: 'sha256=' }),
  secretFrom: 'here',
  idOf: ({ headers }) => headerOf(headers, 'X-GitHub-Delivery'),
  items,
  about,
  rows: rows('github'),
  others: 'Any other event becomes `dev.cdeventsx.github-<event>.<action>.0.1.0`.',
};
