import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emittedPath, sourcePath } from './emitted.ts';

/** Where in a source something happened. */
export interface SourcePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

const frame = /\(?((?:file:\/\/)?\/[^():]*):(\d+):(\d+)\)?$/;

/**
 * The innermost place of a stack that lies in code compiled into `outDir`, by its source. Works
 * whether or not Node has put the sources' places into the stack itself.
 */
export function placeInStack(stack: string, outDir: string): SourcePlace | undefined {
  for (const text of stack.split('\n')) {
    const match = frame.exec(text.trimEnd());
    if (!match || !/^\s+at /.test(text)) continue;
    const [, where = '', line, column] = match;
    const path = where.startsWith('file:') ? fileURLToPath(where) : where;
    const at = { file: path, line: Number(line), column: Number(column) };
    const place = path.startsWith(`${outDir}/`) ? inSource(at, outDir) : at;
    if (place && existsSync(emittedPath(outDir, place.file))) return place;
  }
  return undefined;
}

function inSource({ file, line, column }: SourcePlace, outDir: string): SourcePlace | undefined {
  if (!existsSync(`${file}.map`)) return undefined;
  const payload = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] };
  const found = new SourceMap(payload as never).findEntry(line - 1, column - 1);
  if (!('originalLine' in found)) return undefined;
  return {
    file: sourcePath(outDir, file),
    line: found.originalLine + 1,
    column: found.originalColumn + 1,
  };
}

/** An error of a rule that runs, with the place in its file: `checkout.ts:4:12: no such thing`. */
export function describeWithPlace(error: unknown, outDirs: Iterable<string>): string {
  if (!(error instanceof Error)) return `it threw ${JSON.stringify(error) ?? String(error)}`;
  for (const outDir of outDirs) {
    const place = placeInStack(error.stack ?? '', outDir);
    if (place) return `${basename(place.file)}:${place.line}:${place.column}: ${error.message}`;
  }
  return error.message;
}
