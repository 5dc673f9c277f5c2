import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { formats } from './formats.ts';
import type { Setting } from './schema.ts';

interface Wrong {
  readonly wrong: string;
  readonly at: readonly string[];
}

/** What is wrong with a list or map, in words and where; undefined when nothing is. */
export function wrongStructure(setting: Setting, value: object): Wrong | undefined {
  // A setting is its schema with its names added.
  const [first] = Value.Errors(setting as unknown as TSchema, value).filter(
    ({ message }) => message !== 'schema is false',
  );
  if (first === undefined) return undefined;
  const at = first.instancePath.split('/').slice(1).map(unescape);
  const params = first.params as Readonly<Record<string, unknown>>; // of one keyword among many
  const unknown = params['additionalProperties'];
  if (Array.isArray(unknown)) {
    const inner = [...at, String(unknown[0])];
    return { at: inner, wrong: `${shown(inner)}is not known here` };
  }
  const format = formats[String(params['format'])];
  const found = at.reduce<unknown>((here, step) => (here as Record<string, unknown>)[step], value);
  const words = format?.(String(found)) ?? first.message;
  return { at, wrong: `${shown(at)}${words}` };
}

/** One step of a JSON pointer (RFC 6901). */
function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function shown(at: readonly string[]): string {
  return at.length === 0 ? '' : `(${at.join('.')}) `;
}
