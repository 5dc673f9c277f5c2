import type { EventCode, Refusal } from './errors.ts';
import { type Draft, type Json, streamOf } from './event.ts';
import { isRecord, mostBytes, notJson } from './json.ts';
import type { EventLimits } from './limits.ts';
import { suggest } from './suggest.ts';
import { parseTime } from './time.ts';
import { isWellFormed } from './well-formed.ts';

export type Checked = { readonly draft: Draft } | { readonly refusal: Refusal };

type Mutable = { -readonly [K in keyof Draft]?: unknown };
type Check = (value: unknown, field: keyof Draft, limits: EventLimits) => Refusal | undefined;

/** Fields that may not be empty: an empty one would look like an identity, and is none. */
const neverEmpty: ReadonlySet<string> = new Set(['id', 'type', 'source', 'subject']);

/** The fields of a draft in the order in which they are stored. */
const checks: Readonly<Record<keyof Draft, Check>> = {
  id: checkText,
  time: () => undefined,
  type: checkText,
  source: checkText,
  subject: checkText,
  service: checkText,
  host: checkText,
  environment: checkText,
  name: checkText,
  state: checkText,
  metric: checkNumber,
  ttl: checkNumber,
  tags: checkTags,
  attributes: checkAttributes,
  data: checkData,
};

/** What other systems call our fields: too far from our names to be found by their letters. */
const otherNames: ReadonlyMap<string, keyof Draft> = new Map([
  ['timestamp', 'time'],
  ['@timestamp', 'time'],
  ['ts', 'time'],
  ['date', 'time'],
  ['kind', 'type'],
  ['event', 'type'],
  ['value', 'metric'],
  ['gauge', 'metric'],
  ['hostname', 'host'],
  ['env', 'environment'],
  ['status', 'state'],
  ['severity', 'state'],
  ['level', 'state'],
  ['labels', 'attributes'],
  ['fields', 'attributes'],
  ['properties', 'attributes'],
  ['payload', 'data'],
  ['body', 'data'],
  ['message', 'data'],
]);

/** The names of a draft's fields, in the order in which they are stored. */
export const draftFields = Object.keys(checks) as readonly (keyof Draft)[];

/**
 * Whether a value, as `JSON.parse` gives it, is an event as a sender may hand it over. The draft
 * is a new object with its fields in the stored order and `time` in ms. Never throws.
 *
 * @param now ms since the epoch, UTC: what the event's time is measured against
 */
export function checkDraft(value: unknown, limits: EventLimits, now: number): Checked {
  if (!isRecord(value))
    return refuse('', `an event is a JSON object, and this is ${nameOf(value)}`, 'TERR_EVENT_JSON');
  for (const field of Object.keys(value))
    if (!Object.hasOwn(checks, field)) return unknownField(field);
  if (value['type'] === undefined)
    return refuse('type', 'type is missing: say what kind of event this is, e.g. "metric"');
  const draft: Mutable = {};
  for (const field of draftFields) {
    const given = value[field];
    if (given === undefined) continue;
    const refusal = checks[field](given, field, limits);
    if (refusal) return { refusal };
    draft[field] = given === 0 ? 0 : given; // -0 has no JSON form
  }
  if (draft.time !== undefined) {
    const time = timeOf(draft.time);
    const wrong =
      time === undefined ? notATime(draft.time) : wrongTime(time, value['type'], limits, now);
    if (wrong !== undefined) return refuse('time', wrong, 'TERR_EVENT_TIME');
    draft.time = time;
  }
  // Every field was checked above.
  return checkSize(draft as Draft, limits);
}

/** What is wrong with an event's time, in words; undefined when nothing is. All in ms, UTC. */
export function wrongTime(
  time: number,
  type: unknown,
  limits: EventLimits,
  now: number,
): string | undefined {
  const reading = streamOf(String(type)) === 'readings';
  const oldest = reading ? now - limits.readingAge : limits.oldestFact;
  const newest = now + limits.future;
  if (time >= oldest && time <= newest) return undefined;
  const fits = (t: number): boolean => t >= oldest && t <= newest;
  if (fits(time * 1000)) return `${time} looks like seconds; send milliseconds`;
  if (fits(time / 1000)) return `${time} looks like microseconds; send milliseconds`;
  if (fits(time / 1e6)) return `${time} looks like nanoseconds; send milliseconds`;
  const shown = Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
  if (time > newest)
    return `${shown} is more than ${hours(limits.future)} ahead of this server's clock (${new Date(now).toISOString()}): is the sender's clock right?`;
  return reading
    ? `${shown} is more than ${hours(limits.readingAge)} ago, too old for a reading: is the sender's clock right?`
    : `${shown} is before ${new Date(oldest).toISOString()}, too old for a fact: is the sender's clock right?`;
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  return typeof value === 'string' ? parseTime(value) : undefined;
}

function notATime(value: unknown): string {
  const what =
    'send milliseconds since the epoch as a number, or RFC 3339 such as "2026-01-31T10:00:00.000Z"';
  if (typeof value !== 'string') return `time is ${nameOf(value)}: ${what}`;
  const shown = JSON.stringify(value.slice(0, 64));
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return `${shown} is a day and no time: ${what}`;
  if (/^\d{4}-\d\d-\d\d[Tt ][\d:.]+$/.test(value))
    return `${shown} has no offset from UTC, such as Z: ${what}`;
  return `${shown} is not a time: ${what}`;
}

function checkText(value: unknown, field: keyof Draft, limits: EventLimits): Refusal | undefined {
  if (typeof value === 'string' && value === '' && neverEmpty.has(field))
    return refusal(
      field,
      `${field} is empty: ${field === 'type' ? 'say what kind of event this is' : 'leave it out or give it a value'}`,
    );
  return wrongText(value, field, limits.textLength);
}

function wrongText(value: unknown, field: string, length: number): Refusal | undefined {
  if (typeof value !== 'string')
    return refusal(field, `${field} must be text, and this is ${nameOf(value)}${advice(value)}`);
  if (value.length > length)
    return refusal(field, `${field} has ${value.length} characters, and ${length} are allowed`);
  if (!isWellFormed(value))
    return refusal(field, `${field} holds half of a surrogate pair: it is not valid Unicode`);
  return undefined;
}

function checkNumber(value: unknown, field: keyof Draft): Refusal | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  const quoted = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  const hint = quoted ? ': leave out the quotes' : advice(value);
  return refusal(field, `${field} must be a finite number, and this is ${nameOf(value)}${hint}`);
}

function checkTags(value: unknown, _field: string, limits: EventLimits): Refusal | undefined {
  if (!Array.isArray(value))
    return refusal('tags', `tags must be an array of texts, and this is ${nameOf(value)}`);
  if (value.length > limits.tags)
    return refusal('tags', `there are ${value.length} tags, and ${limits.tags} are allowed`);
  for (const [i, tag] of value.entries()) {
    const wrong = wrongText(tag, `tags[${i}]`, limits.tagLength);
    if (wrong) return wrong;
  }
  return undefined;
}

function checkAttributes(value: unknown, _field: string, limits: EventLimits): Refusal | undefined {
  if (!isRecord(value))
    return refusal(
      'attributes',
      `attributes must be an object of texts, and this is ${nameOf(value)}`,
    );
  const entries = Object.entries(value);
  if (entries.length > limits.attributes)
    return refusal(
      'attributes',
      `there are ${entries.length} attributes, and ${limits.attributes} are allowed`,
    );
  for (const [name, text] of entries) {
    const path = `attributes.${name.slice(0, limits.attributeNameLength)}`;
    if (name.length > limits.attributeNameLength)
      return refusal(
        path,
        `the name of an attribute has ${name.length} characters, and ${limits.attributeNameLength} are allowed`,
      );
    const wrong =
      wrongText(text, path, limits.attributeLength) ??
      wrongText(name, path, limits.attributeNameLength);
    if (wrong) return wrong;
  }
  return undefined;
}

function checkData(value: unknown, _field: string, limits: EventLimits): Refusal | undefined {
  const wrong = notJson(value, limits.dataDepth);
  return wrong === undefined ? undefined : refusal('data', `data${wrong}`);
}

function checkSize(draft: Draft, limits: EventLimits): Checked {
  const record = draft as unknown as Json; // a draft holds nothing but JSON
  if (mostBytes(record) <= limits.eventBytes) return { draft };
  const bytes = Buffer.byteLength(JSON.stringify(draft));
  if (bytes <= limits.eventBytes) return { draft };
  const message = `the event has ${bytes} bytes, and ${limits.eventBytes} are allowed: send a reference to large data instead`;
  return refuse('', message, 'TERR_EVENT_TOO_LARGE');
}

function unknownField(field: string): Checked {
  const shown = JSON.stringify(field.slice(0, 64));
  if (field === 'received') return refuse(field, 'received is stamped by Territory: leave it out');
  const meant = otherNames.get(field.toLowerCase()) ?? suggest(field, draftFields);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return refuse(
    field.slice(0, 256),
    `${shown} is not a field of an event.${hint} Put what is flat under "attributes", the rest under "data".`,
  );
}

const refusal = (
  field: string,
  message: string,
  code: EventCode = 'TERR_EVENT_FIELD',
): Refusal => ({
  field,
  code,
  message,
});

function refuse(field: string, message: string, code?: EventCode): Checked {
  return { refusal: refusal(field, message, code) };
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 64))}`;
  if (typeof value === 'number')
    return Number.isFinite(value) ? `the number ${value}` : String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function advice(value: unknown): string {
  if (value === null) return ': leave it out where there is none';
  // JSON's way to an endless number is 1e999, which is no text either.
  const plain = typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean';
  return plain ? ': put it in quotes' : '';
}

const hours = (ms: number): string =>
  ms >= 2 * 86_400_000 ? `${Math.floor(ms / 86_400_000)} days` : `${Math.floor(ms / 3_600_000)} h`;
