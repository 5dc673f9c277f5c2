import { createHash } from 'node:crypto';
import type { MapModel } from '../model.ts';

/** Where something stands is no part of what it says. */
const withoutPlace = (key: string, value: unknown): unknown =>
  key === 'place' ? undefined : value;

/** One thing of a map as text, the same for the same content: names in order, without its place. */
export const contentOf = (value: object): string => JSON.stringify(ordered(value), withoutPlace);

/** Lists of which the order says nothing. */
const sets = new Set([
  'members',
  'needs',
  'limits',
  'enter',
  'exit',
  'active',
  'where',
  'values',
  'back',
]);

function ordered(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const list = value.map((one) => ordered(one));
    return sets.has(name) ? list.toSorted((a, b) => compare(textOf(a), textOf(b))) : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner, key)]));
}

const textOf = (value: unknown): string => JSON.stringify(value, withoutPlace);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** 16 hexadecimal digits of the SHA-256 of what a map says, however it is written and ordered. */
export function hashOf(model: Omit<MapModel, 'hash'>): string {
  const { title, nodes, edges, groups, processes, streams, bind, staleAfter } = model;
  const parts = [nodes.values(), edges, groups, processes.values(), streams].map((list) =>
    [...list].map(contentOf).sort(compare),
  );
  // Bindings are tried in their order.
  const content = JSON.stringify([title, staleAfter, parts, bind.map(contentOf)]);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
