import { createHash } from 'node:crypto';
import type { Key } from '../../rules/decision.ts';

/** Names longer than this are cut and told apart by a hash: a subject holds 1,024 characters. */
const maxText = 400;

/** The values of a key as one text: joined by `,`, with `\` before `,` and `\`; `-` without any. */
export function keyText(key: Key): string {
  const values = Object.values(key);
  if (values.length === 0) return '-';
  return cut(values.map((value) => value.replaceAll(/[\\,]/g, '\\$&')).join(','));
}

/** What the facts of one alert are about. */
export function alertSubject(rule: string, key: Key): string {
  return `alert/${cut(rule)}/${keyText(key)}`;
}

/** A short name for a list of texts: the same for the same texts, and safe in an address. */
export function shortName(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 20);
}

/** The alert of a rule and a key, as it is named in addresses. */
export function alertId(rule: string, key: Key): string {
  return shortName('alert', rule, keyText(key));
}

function cut(text: string): string {
  if (text.length <= maxText) return text;
  // By characters: half a surrogate pair is no text.
  return `${Array.from(text.slice(0, maxText)).slice(0, -1).join('')}…${shortName(text)}`;
}
