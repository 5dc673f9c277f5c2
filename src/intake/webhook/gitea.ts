import { about, items } from './github/about.ts';
import { rows } from './github/rows.ts';
import type { Product } from './product.ts';
import { headerOf, signedBody } from './signature.ts';

/** Of GitHub's events those that Gitea has as well, and its own about reviews. */
const known: ReadonlySet<string> = new Set(
  `push create delete pull_request pull_request_approved pull_request_rejected pull_request_comment
   release package issues issue_comment workflow_run workflow_job status`.split(/\s+/),
);

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
  rows: rows('gitea').filter(({ event }) => known.has(event)),
  others: 'Any other event becomes `dev.cdeventsx.gitea-<event>.<action>.0.1.0`.',
};
