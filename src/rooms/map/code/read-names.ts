import type { NodeNames } from '../model.ts';
import type { Fields } from './fields.ts';

/** Fields by which events name a node. */
export const nameKeys = [
  'service',
  'namespace',
  'environment',
  'host',
  'source',
  'subject',
  'repository',
  'check',
] as const satisfies readonly (keyof NodeNames)[];

export function readNames(fields: Fields): NodeNames {
  const names: { -readonly [K in keyof NodeNames]: NodeNames[K] } = {};
  for (const key of nameKeys) {
    const text = fields.text(key);
    if (text !== undefined) names[key] = text;
  }
  return names;
}

/** Without what is undefined, as the shapes of the model have it. */
export function said<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }; // just filtered
}
