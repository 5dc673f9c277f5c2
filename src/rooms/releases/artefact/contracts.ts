import { parse } from 'yaml';
import type { Api } from '../manifest/manifest.ts';
import { inOrder } from './canonical.ts';
import type { Contract } from './release.ts';

/** What a file of an artefact says, and the hash of its bytes. */
export interface TextFile {
  readonly text: string;
  readonly sha256: string;
}

const openApiFile = /(^|\/)(openapi|swagger)[^/]*\.(ya?ml|json)$/i;

/** Whether a file is taken for an OpenAPI document by its name alone. */
export const looksLikeContract = (path: string): boolean =>
  openApiFile.test(path) && !/(^|\/)node_modules\//.test(path);

/**
 * What an application provides: each API that the manifest names, with its file where it has one,
 * and each other file that looks like OpenAPI, by the title that it gives itself.
 */
export function readContracts(
  provides: readonly Api[],
  files: ReadonlyMap<string, TextFile>,
): Contract[] {
  const named = new Set(provides.map(({ file }) => file));
  const declared = provides.map(({ name, version, file }): Contract => {
    const found = file === undefined ? undefined : files.get(file);
    const own = found && infoOf(found.text).version;
    return {
      name,
      version: version ?? own ?? null,
      file: file ?? null,
      sha256: found?.sha256 ?? null,
    };
  });
  const others = [...files].flatMap(([file, { text, sha256 }]): Contract[] => {
    if (named.has(file) || !looksLikeContract(file)) return [];
    const { title, version } = infoOf(text);
    return [{ name: title ?? file, version: version ?? null, file, sha256 }];
  });
  return [...declared, ...others].toSorted(
    (a, b) => inOrder(a.name, b.name) || inOrder(a.version ?? '', b.version ?? ''),
  );
}

/** `info.title` and `info.version` of an OpenAPI document (OpenAPI 3.1, 4.8.2). */
function infoOf(text: string): { title?: string; version?: string } {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100, logLevel: 'silent' });
  } catch {
    return {}; // A contract that can not be read is still one, known by its bytes.
  }
  const info = typeof value === 'object' && value !== null && 'info' in value ? value.info : {};
  if (typeof info !== 'object' || info === null) return {};
  const { title, version } = info as Record<string, unknown>; // looked at next
  return {
    ...(typeof title === 'string' && title !== '' ? { title } : {}),
    ...(typeof version === 'string' && version !== '' ? { version } : {}),
  };
}
