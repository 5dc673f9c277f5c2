import { alertmanager } from './alerts/alertmanager.ts';
import { grafana } from './alerts/grafana.ts';
import { pagerduty } from './alerts/pagerduty.ts';
import { sentry } from './alerts/sentry.ts';
import { bitbucket } from './bitbucket/product.ts';
import { gitea } from './gitea.ts';
import { github } from './github/product.ts';
import { gitlab } from './gitlab/product.ts';
import { jenkins } from './jenkins.ts';
import type { Product } from './product.ts';
import { stripe } from './stripe.ts';
import { zendesk } from './zendesk.ts';

/** The products whose webhooks are understood, by their kind. One line each. */
export const products = {
  github,
  gitlab,
  gitea,
  bitbucket,
  jenkins,
  alertmanager,
  grafana,
  pagerduty,
  sentry,
  zendesk,
  stripe,
} as const satisfies Readonly<Record<string, Product>>;

export type ProductKind = keyof typeof products;

export const productKinds = Object.keys(products) as readonly ProductKind[];
