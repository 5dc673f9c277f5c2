import type { IncomingHttpHeaders } from 'node:http';
import type { Mapping } from './generic/mapping.ts';
import { type ProductKind, products } from './products.ts';
import {
  type Algorithm,
  type Verify,
  authorized,
  signedBody,
  tokenIn,
  tokenInAddress,
} from './signature.ts';

/** How a product that we do not know proves who it is. */
export type Proof =
  /** The secret as bearer token, or as the password of Basic. */
  | { readonly by: 'bearer' }
  /** The secret in a header of its own. */
  | { readonly by: 'header'; readonly header: string }
  /** The secret as `?token=`: it ends up in the logs of proxies. */
  | { readonly by: 'address' }
  /** HMAC of the body in a header, by the secret. */
  | {
      readonly by: 'hmac';
      readonly header: string;
      readonly algorithm: Algorithm;
      readonly encoding: 'hex' | 'base64';
      /** Before the digest: `sha256=`. */
      readonly prefix: string;
    };

/** One address that takes webhooks, ready for use. */
export type Webhook = {
  readonly name: string;
  readonly secret: string;
} & (
  | { readonly kind: ProductKind }
  | { readonly kind: 'generic'; readonly proof: Proof; readonly mappings: readonly Mapping[] }
);

/** The webhooks that were added, as the protocol asks for them. */
export interface Webhooks {
  readonly find: (name: string) => Webhook | undefined;
  /** Keeps a body for a while to try mappings on; its sender is known. */
  readonly record: (
    name: string,
    posted: { readonly headers: IncomingHttpHeaders; readonly body: Buffer; readonly now: number },
  ) => void;
}

/** How the deliveries of a webhook are proved. */
export function verifierOf(webhook: Webhook): Verify {
  if (webhook.kind !== 'generic') return products[webhook.kind].verify;
  const { proof } = webhook;
  switch (proof.by) {
    case 'bearer':
      return authorized;
    case 'header':
      return tokenIn(proof.header);
    case 'address':
      return tokenInAddress;
    case 'hmac':
      return signedBody(proof.header, proof);
  }
}
