import { draftFields } from '../check.ts';
import type { Draft, Json } from '../event.ts';
import { isRecord } from '../json.ts';

/** What an attribute of a CloudEvent may hold. Numbers are whole, but for `metric` and `ttl`. */
export type Scalar = string | number | boolean;

/** A CloudEvent taken apart, the same for all ways to send it. */
export interface Parts {
  /** Context attributes and extensions by name, `specversion` included. */
  readonly attributes: Map<string, Scalar>;
  readonly data?: Json;
  /** Data that is bytes, as base64; never together with `data`. */
  readonly base64?: string;
}

/** CloudEvents 1.0.2, "Naming Conventions". Twenty letters are a recommendation only. */
export const attributeName = /^[a-z0-9]+$/;

/** Says that `data` is the base64 of bytes: such data travels as `data_base64`. */
export const encodingMark = 'cloudevents.encoding';

const texts = ['id', 'source', 'type', 'subject', 'time'] as const;
const own = ['service', 'host', 'environment', 'name', 'state'] as const;
const numbers = ['metric', 'ttl'] as const;
/** Names that mean something else than an attribute of the event. */
const taken: ReadonlySet<string> = new Set(['specversion', ...draftFields]);

/** A draft as its CloudEvent says it; not checked yet: `checkDraft` decides. */
export function draftOf(parts: Parts): Record<string, unknown> {
  const draft: Record<string, unknown> = {};
  for (const name of [...texts, ...own]) {
    const value = parts.attributes.get(name);
    if (value !== undefined) draft[name] = String(value);
  }
  for (const name of numbers) {
    const value = parts.attributes.get(name);
    if (value !== undefined) draft[name] = numberOf(value);
  }
  const tags = parts.attributes.get('tags');
  if (tags !== undefined) draft['tags'] = tagsOf(String(tags));
  const attributes = attributesOf(parts);
  if (attributes) draft['attributes'] = attributes;
  const data = parts.base64 ?? parts.data;
  if (data !== undefined) draft['data'] = data;
  return draft;
}

/** The CloudEvent of a draft. `draftOf` gives exactly the draft back. */
export function partsOf(draft: Draft): Parts {
  const attributes = new Map<string, Scalar>([['specversion', '1.0']]);
  for (const name of [...texts, ...own]) {
    const value = name === 'time' ? timeText(draft.time) : draft[name];
    if (value !== undefined) attributes.set(name, value);
  }
  for (const name of numbers) {
    const value = draft[name];
    if (value !== undefined) attributes.set(name, isInteger(value) ? value : String(value));
  }
  if (draft.tags) attributes.set('tags', JSON.stringify(draft.tags));
  const bytes = draft.attributes?.[encodingMark] === 'base64' && isBase64(draft.data);
  addAttributes(attributes, draft.attributes, bytes);
  if (bytes) return { attributes, base64: String(draft.data) };
  return draft.data === undefined ? { attributes } : { attributes, data: draft.data };
}

const timeText = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

/** CloudEvents 1.0.2, "Type System": Integer is 32 bits wide, and there is no other number. */
export function isInteger(value: number): boolean {
  return value === (value | 0);
}

/** Whether a value is base64 as RFC 4648, 4 has it: padded, nothing but its alphabet. */
export function isBase64(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  return Buffer.from(value, 'base64').toString('base64') === value;
}

/** Extensions as far as their names allow; the others together as the JSON of one extension. */
function addAttributes(
  to: Map<string, Scalar>,
  attributes: Draft['attributes'],
  bytes: boolean,
): void {
  if (!attributes) return;
  const rest: [string, string][] = [];
  const all = Object.entries(attributes);
  for (const [name, value] of all) {
    if (bytes && name === encodingMark) continue;
    if (travelsAlone(name, value)) to.set(name, value);
    else rest.push([name, value]);
  }
  if (rest.length > 0 || all.length === 0)
    to.set('attributes', JSON.stringify(Object.fromEntries(rest)));
}

function travelsAlone(name: string, value: string): boolean {
  // dataschema and datacontenttype may not be empty.
  return attributeName.test(name) && !taken.has(name) && value !== '';
}

function attributesOf(parts: Parts): Record<string, string> | undefined {
  const found: [string, string][] = [];
  const packed = parts.attributes.get('attributes');
  const unpacked = packed === undefined ? undefined : textsOf(String(packed));
  if (unpacked) found.push(...Object.entries(unpacked));
  else if (packed !== undefined) found.push(['attributes', String(packed)]);
  for (const [name, value] of parts.attributes)
    if (!taken.has(name)) found.push([name, String(value)]);
  if (parts.base64 !== undefined) found.push([encodingMark, 'base64']);
  return found.length > 0 || unpacked ? Object.fromEntries(found) : undefined;
}

function textsOf(text: string): Record<string, string> | undefined {
  const value = parseJson(text);
  const good = isRecord(value) && Object.values(value).every((v) => typeof v === 'string');
  return good ? (value as Record<string, string>) : undefined; // just looked at every value
}

/** Our own JSON array, or what people write by hand: names with commas between them. */
function tagsOf(text: string): unknown {
  const value = parseJson(text);
  if (Array.isArray(value)) return value;
  return text === '' ? [] : text.split(',').map((tag) => tag.trim());
}

/** A number as text becomes one; anything else stays, for `checkDraft` to refuse by its name. */
function numberOf(value: Scalar): Scalar {
  const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
  return typeof value === 'string' && decimal.test(value) ? Number(value) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
