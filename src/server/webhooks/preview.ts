import { CodedError } from '../../errors/coded-error.ts';
import { markFact } from '../../event/cdevents/cdevent.ts';
import { checkDraft } from '../../event/check.ts';
import { streamOf } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type Decoded, isRefused } from '../../intake/decoded.ts';
import { readMapping } from '../../intake/webhook/generic/read.ts';
import { eventsOf } from '../../intake/webhook/protocol.ts';
import type { Webhook } from '../../intake/webhook/webhook.ts';
import type { PreviewAnswer, WebhookPreview } from '../api/contract-webhooks.ts';

type Problem = PreviewAnswer['errors'][number];

/** Events and problems that are told. */
const maxTold = 100;

/**
 * What a delivery would become, without taking it. Problems are told with the line and column of the
 * mapping or the body.
 *
 * @param now ms since the epoch, UTC
 */
export function preview(wanted: WebhookPreview, now: number): PreviewAnswer {
  const { kind, mapping = '', headers = {}, body } = wanted;
  const about = { name: 'preview', secret: '' };
  let webhook: Webhook;
  if (kind === 'generic') {
    const read = readMapping(mapping);
    if ('problems' in read) {
      const told = (one: (typeof read.problems)[number]): Problem => ({
        code: 'TERR_WEBHOOK_MAPPING',
        in: 'mapping',
        ...one,
      });
      return { events: [], count: 0, errors: read.problems.slice(0, maxTold).map(told) };
    }
    webhook = { ...about, kind, proof: { by: 'bearer' }, mappings: read.mappings };
  } else webhook = { ...about, kind };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const posted = { headers: Object.fromEntries(lower), body: Buffer.from(text ?? ''), now };
  try {
    return checked(eventsOf(webhook, posted), now);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const { line, column } = error.details;
    const place = { ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
    const problem: Problem = { code: error.code, message: error.message, in: 'body', ...place };
    return { events: [], count: 0, errors: [problem] };
  }
}

function checked(decoded: Iterable<Decoded>, now: number): PreviewAnswer {
  const events: unknown[] = [];
  const errors: Problem[] = [];
  let count = 0;
  let index = -1;
  for (const one of decoded) {
    index++;
    if (isRefused(one)) {
      const { code, message, field, index: element = index } = one.refused;
      errors.push({ code, message, in: 'body', ...(field && { field }), index: element });
      continue;
    }
    const result = checkDraft(one, defaultLimits, now);
    if ('refusal' in result) {
      const { code, message, field } = result.refusal;
      errors.push({ code, message, in: 'body', ...(field && { field }), index });
      continue;
    }
    count++;
    const { draft } = result;
    if (events.length < maxTold)
      events.push(streamOf(draft.type) === 'facts' ? markFact(draft) : draft);
  }
  return { events, count, errors: errors.slice(0, maxTold) };
}
