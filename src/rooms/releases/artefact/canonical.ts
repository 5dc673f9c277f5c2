import { createHash } from 'node:crypto';
import { Value } from 'typebox/value';
import { Release, type ReleaseFile, releaseSchema } from './release.ts';

/** In the order of their UTF-16 code units: the same on every machine, whatever its language. */
export const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Lowercase hexadecimal SHA-256 of a text (as UTF-8) or of bytes. */
export const sha256Of = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/**
 * The identity of what a server gets: SHA-256 over one line `["path","mode",size,"sha256"]` per
 * file, in the order of paths. Not of an archive: tar has times and owners in it.
 */
export function digestOf(files: readonly ReleaseFile[]): string {
  const lines = files
    .toSorted((a, b) => inOrder(a.path, b.path))
    .map(({ path, mode, size, sha256 }) => `${JSON.stringify([path, mode, size, sha256])}\n`);
  return `sha256:${sha256Of(lines.join(''))}`;
}

/** The bytes of release.json: names in order, two spaces, a line end; the same for the same release. */
export const writeRelease = (release: Release): string =>
  `${JSON.stringify(ordered(release), undefined, 2)}\n`;

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => inOrder(a, b));
  return Object.fromEntries(entries.map(([name, inner]) => [name, ordered(inner)]));
}

/** A release, or why the text is none: one sentence each. */
export type ReadRelease =
  | { readonly release: Release; readonly faults?: never }
  | { readonly release?: never; readonly faults: readonly string[] };

/** Reads a release.json and checks it against its schema and its own digest. Never throws. */
export function readRelease(text: string): ReadRelease {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { faults: [`it is no JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  return asRelease(value);
}

/** As `readRelease`, of what was parsed already. */
export function asRelease(value: unknown): ReadRelease {
  const schema =
    typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== releaseSchema)
    return { faults: [`its schema is ${JSON.stringify(schema)}, not "${releaseSchema}"`] };
  if (!Value.Check(Release, value))
    return {
      faults: Value.Errors(Release, value)
        .slice(0, 10)
        .map(({ instancePath, message }) => `${instancePath || '/'} ${message}`),
    };
  const found = digestOf(value.files);
  if (found !== value.digest)
    return { faults: [`its digest is ${value.digest}, but that of its files is ${found}`] };
  return { release: value };
}
