import { about, items } from './github/about.ts';
import { rows } from './github/rows.ts';
import type { Product } from './product.ts';
import { headerOf, signedBody } from './signature.ts';

/** Gitea and Forgejo, which send GitHub's shapes: docs.gitea.com, "Webhooks". */
export const gitea: Product = {
  title: 'Gitea, Forgejo',
  tool: 'gitea',
  proof: '`X-Gitea-Signature`: HMAC-SHA256 of the body, hex',
  verify: signedBody('X-Gitea-Signature'),
  secretFrom: 'here',
  idOf: ({ headers }) =>
    headerOf(headers, 'X-Gitea-Delivery') ?? headerOf(headers, 'X-Forgejo-Delivery'),
  items,
  about,
  rows: rows('gitea'),
  others: 'Any other event becomes `dev.cdeventsx.gitea-<event>.<action>.0.1.0`.',
};
