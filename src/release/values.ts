import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Target } from '../rooms/releases/diff/config.ts';
import { releaseErrors } from './errors.ts';

/**
 * The keys that have a value in an environment, from a YAML or JSON file of names and values, or
 * one that has such a list below the name of the environment. The values themselves are dropped
 * here. Throws TERR_RELEASE_VALUES.
 */
export async function readTarget(environment: string, file: string): Promise<Target> {
  const bad = (why: string): Error => releaseErrors('VALUES', `${file}: ${why}`, { file });
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw bad(error.code === 'ENOENT' ? 'it is not there' : error.message);
  });
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100, prettyErrors: false });
  } catch {
    // The parser's words may quote a secret.
    throw bad('it is no YAML: names and values are expected, PAGE_SIZE: 20');
  }
  if (value === null || value === undefined) return { environment, set: new Set() };
  if (!isMap(value)) throw bad('names and values are expected, PAGE_SIZE: 20');
  const own = value[environment];
  const values = isMap(own) ? own : value;
  const nested = Object.entries(values).find(([, one]) => typeof one === 'object' && one !== null);
  if (nested)
    throw bad(
      `"${nested[0]}" is no value; either names and values stand there, or those of ${environment} below "${environment}"`,
    );
  const set = Object.entries(values).flatMap(([name, one]) => (one === null ? [] : [name]));
  return { environment, set: new Set(set) };
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
