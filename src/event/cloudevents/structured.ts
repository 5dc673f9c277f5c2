import type { Checked } from '../check.ts';
import type { Refusal } from '../errors.ts';
import type { Draft, Json } from '../event.ts';
import { isRecord, notJson } from '../json.ts';
import type { EventLimits } from '../limits.ts';
import { refusal, wrongContext } from './context.ts';
import { isBase64, type Parts, type Scalar } from './mapping.ts';
import { acceptParts, restoreParts } from './original.ts';

/**
 * A CloudEvent in the JSON format (structured mode, or one of a batch), checked against
 * CloudEvents 1.0.2 and then as any event.
 *
 * @param value as `JSON.parse` gave it
 * @param now ms since the epoch, UTC
 */
export function fromCloudEvent(value: unknown, limits: EventLimits, now: number): Checked {
  const parts = partsOfJson(value, limits);
  return 'refusal' in parts ? parts : acceptParts(parts, true, limits, now);
}

/**
 * The CloudEvent of an event in the JSON format. `fromCloudEvent` gives the same draft back, and an
 * event that came as a CloudEvent leaves as it came. CloudEvents require `id` and `source`, which
 * every event of the log has.
 */
export function toCloudEvent(event: Draft): Readonly<Record<string, Json>> {
  const { attributes, data, base64 } = restoreParts(event);
  const json: Record<string, Json> = Object.fromEntries(attributes);
  if (data !== undefined) json['data'] = data;
  if (base64 !== undefined) json['data_base64'] = base64;
  return json;
}

function partsOfJson(value: unknown, limits: EventLimits): Parts | { readonly refusal: Refusal } {
  if (!isRecord(value)) return { refusal: refusal('', 'a CloudEvent is a JSON object') };
  const attributes = new Map<string, Scalar>();
  for (const [name, given] of Object.entries(value)) {
    // null means absent (JSON Event Format 1.0.2, 2.2), but for data, which may be null.
    if (name === 'data' || name === 'data_base64' || given === null) continue;
    attributes.set(name, given as Scalar); // `wrongContext` looks at each
  }
  const wrong = wrongContext(attributes);
  if (wrong) return { refusal: wrong };
  const { data, data_base64: base64 } = value;
  if (base64 === undefined || base64 === null)
    return data === undefined ? { attributes } : withData(attributes, data, limits);
  if (data !== undefined)
    return { refusal: refusal('data', 'data and data_base64 must not both be there') };
  if (!isBase64(base64))
    return {
      refusal: refusal('data_base64', 'data_base64 is not base64 (RFC 4648, with padding)'),
    };
  return { attributes, base64 };
}

function withData(
  attributes: Map<string, Scalar>,
  data: unknown,
  limits: EventLimits,
): Parts | { readonly refusal: Refusal } {
  const wrong = notJson(data, limits.dataDepth);
  if (wrong !== undefined) return { refusal: refusal('data', `data${wrong}`) };
  return { attributes, data: data as Json }; // just looked at
}
