import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { WebhookKind, WebhookProof } from '../api/contract-webhooks.ts';
import { webhookErrors } from './errors.ts';

/** One webhook as kept. The secret is kept as it is: a signature can be checked in no other way. */
const WebhookRecord = Type.Object({
  name: Type.String(),
  kind: WebhookKind,
  secret: Type.String(),
  created: Type.Number(),
  createdBy: Type.String(),
  mapping: Type.Optional(Type.String()),
  verify: Type.Optional(WebhookProof),
});
export type WebhookRecord = Static<typeof WebhookRecord>;

const WebhooksFile = Type.Object({
  version: Type.Literal(1),
  webhooks: Type.Array(WebhookRecord),
});

/** None when there is no such file yet. Throws TERR_WEBHOOK_FILE when it is unusable. */
export function readWebhooks(path: string): readonly WebhookRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw webhookErrors('FILE', `${path} cannot be read; restore it from a copy`, { cause: error });
  }
  if (Value.Check(WebhooksFile, value)) return value.webhooks;
  const wrong = Value.Errors(WebhooksFile, value)[0];
  const where = wrong ? `${wrong.instancePath || '/'} ${wrong.message}` : 'unknown shape';
  throw webhookErrors('FILE', `${path}: ${where}; it may be of a newer version of Territory`);
}
