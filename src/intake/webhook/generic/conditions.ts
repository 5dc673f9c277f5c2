import { isMap, isScalar, isSeq } from 'yaml';
import type { Condition, Test } from './mapping.ts';
import { parsePath } from './path.ts';
import type { MappingReader, Place } from './reader.ts';

const maxConditions = 50;

/**
 * Reads `only` or `skip`: one object of paths and what stands there, or a list of them. What stands
 * there is a text, a list of texts, or `exists: true`.
 */
export function readConditions(
  reader: MappingReader,
  node: unknown,
  place: Place,
): readonly Condition[] {
  const nodes: readonly unknown[] = isSeq(node) ? node.items : [node];
  if (nodes.length > maxConditions)
    reader.report(place.at, `there are at most ${maxConditions} conditions`, place.name);
  return nodes.slice(0, maxConditions).map((one) => readCondition(reader, one, place));
}

function readCondition(reader: MappingReader, node: unknown, place: Place): Condition {
  if (!isMap(node) || node.items.length === 0 || node.items.length > maxConditions) {
    const message = `${place.name} has paths and what stands there: "build.status: pending"`;
    reader.report(reader.offset(node) || place.at, message, place.name);
    return [];
  }
  return node.items.flatMap(({ key, value }) => {
    const name = String(isScalar(key) ? key.value : '');
    const path = parsePath(name);
    const at = reader.offset(key);
    if ('wrong' in path) {
      reader.report(at + path.at, path.wrong, `${place.name}.${name}`);
      return [];
    }
    const is = readTest(reader, value, { name: `${place.name}.${name}`, at });
    return is === undefined ? [] : [{ path, is }];
  });
}

function readTest(reader: MappingReader, node: unknown, place: Place): Test['is'] | undefined {
  if (isMap(node)) {
    const exists: unknown = node.get('exists');
    if (node.items.length === 1 && typeof exists === 'boolean') return exists;
  }
  const nodes: readonly unknown[] = isSeq(node) ? node.items : [node];
  const texts = nodes.flatMap((one) => (isScalar(one) ? (wordOf(one.value) ?? []) : []));
  if (texts.length === nodes.length && texts.length > 0) return new Set(texts);
  const message = `${place.name} is a text, a list of texts, or {exists: true}`;
  reader.report(reader.offset(node) || place.at, message, place.name);
  return undefined;
}

function wordOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
