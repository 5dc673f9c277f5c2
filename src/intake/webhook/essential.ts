import type { Json } from '../../event/event.ts';
import { isRecord, mostBytes } from '../../event/json.ts';
import { cut } from './body.ts';

/** UTF-8 bytes that the essential part of a payload has at most. */
export const maxEssential = 64 * 1024;

/** How much of a payload is kept; tried from the first on until it is small enough. */
const measures = [
  { depth: 6, items: 50, names: 100, text: 1_000 },
  { depth: 4, items: 10, names: 50, text: 300 },
  { depth: 2, items: 3, names: 30, text: 100 },
];
type Measure = (typeof measures)[number];

/** Names of secrets: their values are never kept. */
export const secretName =
  /(^|_|-)(secrets?|tokens?|passw(or)?d|authorization|credentials?|api[_-]?key|private[_-]?key|signature)$|(Secret|Token|Password|ApiKey|PrivateKey)$/;

/** What says who people are, beyond their names. */
const personal =
  /e-?mail|phone|^(ip_address|shipping|billing_details|payment_method_details|address|avatar|picture|gravatar_id)$/i;

/** Addresses that a person can follow; the others lead into a product's API. */
const forPeople: ReadonlySet<string> = new Set(
  ['html', 'target', 'environment', 'log', 'web', 'details', 'full', 'build', 'compare'].map(
    (name) => `${name}_url`,
  ),
);

/** What the fact says already, or what says nothing. */
const told: ReadonlySet<string> = new Set(
  `repository repo sender organization installation enterprise app node_id _links
   links permissions performed_via_github_app self key`.split(/\s+/),
);

function isLeftOut(name: string): boolean {
  if (told.has(name) || secretName.test(name) || personal.test(name)) return true;
  return name.endsWith('_url') && !forPeople.has(name);
}

/**
 * What is worth keeping of a payload for years: bounded in depth and size (64 KiB), without secrets,
 * addresses of people and the product's links to itself.
 */
export function essential(payload: unknown, except: ReadonlySet<string> = new Set()): Json {
  for (const measure of measures) {
    const kept = keep(payload, measure, { depth: 0, except });
    if (mostBytes(kept) <= maxEssential || Buffer.byteLength(JSON.stringify(kept)) <= maxEssential)
      return kept ?? null;
  }
  return { omitted: `more than ${maxEssential} bytes` };
}

interface Place {
  readonly depth: number;
  readonly except: ReadonlySet<string>;
}

function keep(value: unknown, measure: Measure, place: Place): Json | undefined {
  if (typeof value === 'string') return cut(value, measure.text);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (place.depth >= measure.depth) return undefined;
  const within = { ...place, depth: place.depth + 1 };
  if (Array.isArray(value))
    return value
      .slice(0, measure.items)
      .flatMap((item: unknown) => keep(item, measure, within) ?? []);
  return isRecord(value) ? keepNamed(value, measure, within) : undefined;
}

function keepNamed(
  value: Readonly<Record<string, unknown>>,
  measure: Measure,
  within: Place,
): Json | undefined {
  const entries: [string, Json][] = [];
  for (const name of Object.keys(value)) {
    if (entries.length >= measure.names) break;
    if (isLeftOut(name) || within.except.has(name)) continue;
    const kept = keep(value[name], measure, within);
    if (kept !== undefined) entries.push([cut(name, 256), kept]);
  }
  // fromEntries defines properties, so that a name like __proto__ is one like any other.
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
