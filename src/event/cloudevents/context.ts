import type { Refusal } from '../errors.ts';
import { attributeName, isInteger, type Scalar } from './mapping.ts';

/** Attributes whose type is String, URI or Timestamp: they must be texts, and not empty. */
const contextTexts: ReadonlySet<string> = new Set([
  'id',
  'source',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
]);

/** CloudEvents 1.0.2 says what is required; for all modes the same. */
export function wrongContext(attributes: ReadonlyMap<string, Scalar>): Refusal | undefined {
  const version = attributes.get('specversion');
  if (version === undefined) return refusal('specversion', 'specversion is missing: send "1.0"');
  if (version !== '1.0') {
    const said = JSON.stringify(version).slice(0, 64);
    return refusal('specversion', `specversion is ${said}, and only "1.0" is understood`);
  }
  for (const name of ['id', 'source', 'type'])
    if (!attributes.has(name))
      return refusal(name, `${name} is missing: a CloudEvent must have it`);
  for (const [name, value] of attributes) {
    const wrong = wrongAttribute(name, value);
    if (wrong !== undefined) return refusal(name.slice(0, 64), wrong);
  }
  return undefined;
}

function wrongAttribute(name: string, value: unknown): string | undefined {
  if (!attributeName.test(name))
    return `${shown(name)} cannot be the name of an attribute: only a to z and 0 to 9 may stand in it`;
  if (contextTexts.has(name) && typeof value !== 'string') return `${name} must be text`;
  if (contextTexts.has(name) && value === '') return `${name} is empty`;
  if (typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value !== 'number') return `${shown(name)} must be text, a boolean or a whole number`;
  if (name === 'metric' || name === 'ttl' || isInteger(value)) return undefined;
  return `${shown(name)} is not a whole number of 32 bits: CloudEvents has no others, send it as text`;
}

const shown = (name: string): string => JSON.stringify(name.slice(0, 64));

/** A refusal for what CloudEvents itself demands. */
export function refusal(field: string, message: string): Refusal {
  return { field, code: 'TERR_EVENT_CLOUDEVENT', message };
}
