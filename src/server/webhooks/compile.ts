import type { CodedError } from '../../errors/coded-error.ts';
import type { MappingProblem } from '../../intake/webhook/generic/mapping.ts';
import { readMapping } from '../../intake/webhook/generic/read.ts';
import type { Webhook } from '../../intake/webhook/webhook.ts';
import { webhookErrors } from './errors.ts';
import type { WebhookRecord } from './file.ts';

/** The first problem of a mapping as an error, with its place. */
export function mappingError({ message, field, line, column }: MappingProblem): CodedError {
  const place = { line, column, ...(field !== undefined && { field: `mapping ${field}` }) };
  return webhookErrors('MAPPING', message, { field: 'mapping', ...place });
}

/** A webhook ready for use. Throws TERR_WEBHOOK_MAPPING with line and column. */
export function compile(record: WebhookRecord): Webhook {
  const { name, secret, kind, mapping, verify = { by: 'bearer' } } = record;
  if (kind !== 'generic') return { name, secret, kind };
  if (mapping === undefined)
    throw webhookErrors('MAPPING', 'a generic webhook needs a mapping: what its bodies mean', {
      field: 'mapping',
    });
  const read = readMapping(mapping);
  if ('mappings' in read) return { name, secret, kind, proof: verify, mappings: read.mappings };
  const [first] = read.problems;
  throw first === undefined ? webhookErrors('MAPPING', 'it is empty') : mappingError(first);
}
