import { isMap, isScalar } from 'yaml';
import type { Json } from '../../../event/event.ts';
import { suggest } from '../../../event/suggest.ts';
import { type Field, type TimeFormat, type Value, timeFormats } from './mapping.ts';
import { parsePath } from './path.ts';
import type { MappingReader, Place } from './reader.ts';
import { parseTemplate } from './template.ts';

/** Words in one table of values. */
const maxValues = 256;
const keys = ['from', 'values', 'else', 'as'];

/** Reads how one field is found; undefined when that is not said rightly. */
export function readField(reader: MappingReader, node: unknown, place: Place): Field | undefined {
  if (isScalar(node)) {
    const value = readValue(reader, node, place);
    return value && { value };
  }
  if (isMap(node)) return readTable(reader, node, place);
  const message = `${place.name} is a text, a path such as $.build.status, or has "from" and "values"`;
  reader.report(reader.offset(node) || place.at, message, place.name);
  return undefined;
}

function readValue(reader: MappingReader, node: unknown, place: Place): Value | undefined {
  const given = isScalar(node) ? node.value : undefined;
  if (typeof given !== 'string') {
    const plain = typeof given === 'number' || typeof given === 'boolean';
    if (plain && Number.isFinite(Number(given))) return { constant: given };
    reader.report(reader.offset(node) || place.at, `${place.name} has no value`, place.name);
    return undefined;
  }
  if (given.startsWith('$')) {
    const path = parsePath(given);
    if (!('wrong' in path)) return { path };
    reader.report(reader.within(node, path.at, place.at), path.wrong, place.name);
    return undefined;
  }
  if (!/[{}]/.test(given)) return { constant: given };
  const template = parseTemplate(given);
  if (!('wrong' in template)) return { template };
  reader.report(reader.within(node, template.at, place.at), template.wrong, place.name);
  return undefined;
}

function readTable(reader: MappingReader, node: unknown, place: Place): Field | undefined {
  if (!isMap(node)) return undefined;
  const found: { -readonly [K in keyof Field]?: Field[K] | undefined } = {};
  for (const { key, value } of node.items) {
    const name = String(isScalar(key) ? key.value : '');
    const at = reader.offset(key);
    const inner = { name: `${place.name}.${name}`, at };
    const content: unknown = value ?? undefined;
    if (name === 'from') found.value = readValue(reader, content, inner);
    else if (name === 'values') found.values = readWords(reader, content, inner);
    else if (name === 'else') found.other = scalarOf(reader, content, inner);
    else if (name === 'as') found.as = readFormat(reader, content, inner);
    else reader.report(at, unknownKey(name, place.name), inner.name);
  }
  const { value, ...more } = found;
  if (value !== undefined) return { value, ...more };
  const told = reader.problems.some(({ field }) => field?.startsWith(place.name) === true);
  if (!told) reader.report(place.at, `${place.name} needs "from": where it is found`, place.name);
  return undefined;
}

function unknownKey(name: string, within: string): string {
  const hint = suggest(name, keys);
  return `there is no ${JSON.stringify(name.slice(0, 64))} in ${within}${hint === undefined ? `: ${keys.join(', ')}` : `. Did you mean "${hint}"?`}`;
}

function readWords(reader: MappingReader, node: unknown, place: Place): Field['values'] {
  if (!isMap(node) || node.items.length > maxValues) {
    const message = `values are at most ${maxValues} lines such as "success: ok"`;
    reader.report(reader.offset(node) || place.at, message, place.name);
    return undefined;
  }
  return new Map(
    node.items.map(({ key, value }) => {
      const word = String(isScalar(key) ? (key.source ?? key.value) : '');
      const at = reader.offset(key);
      const content: unknown = value ?? undefined;
      return [word, scalarOf(reader, content, { name: `${place.name}.${word}`, at }) ?? ''];
    }),
  );
}

function scalarOf(reader: MappingReader, node: unknown, place: Place): Json | undefined {
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  reader.report(reader.offset(node) || place.at, `${place.name} is a text or a number`, place.name);
  return undefined;
}

function readFormat(reader: MappingReader, node: unknown, place: Place): TimeFormat | undefined {
  const given: unknown = isScalar(node) ? node.value : undefined;
  const known = timeFormats.find((format) => format === given);
  const timed = place.name === 'time.as';
  if (known !== undefined && timed) return known;
  const message = timed ? `as is one of ${timeFormats.join(', ')}` : 'only "time" has "as"';
  reader.report(reader.offset(node) || place.at, message, place.name);
  return undefined;
}
