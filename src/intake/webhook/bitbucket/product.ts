import type { Product } from '../product.ts';
import { headerOf, signedBody } from '../signature.ts';
import { about, items } from './about.ts';
import { rows } from './rows.ts';

/** Bitbucket Cloud and Data Center: "Event payloads" of support.atlassian.com and confluence. */
export const bitbucket: Product = {
  title: 'Bitbucket',
  tool: 'bitbucket',
  proof: '`X-Hub-Signature`: HMAC-SHA256 of the body, hex after `sha256=`',
  verify: signedBody('X-Hub-Signature', { prefix: 'sha256=' }),
  secretFrom: 'here',
  idOf: ({ headers }) =>
    headerOf(headers, 'X-Request-UUID')?.replace(/[{}]/g, '') ?? headerOf(headers, 'X-Request-Id'),
  items,
  about,
  rows,
  others: 'Any other event becomes `dev.cdeventsx.bitbucket-<entity>.<event>.0.1.0`.',
};
