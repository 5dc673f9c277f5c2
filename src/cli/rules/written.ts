import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { cliErrors } from '../errors.ts';

/** A rule file and what it imports, as they are sent to a server. */
export interface WrittenFile {
  readonly source: string;
  readonly name: string;
  readonly beside: Record<string, string>;
}

const specifier = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;
const mostFiles = 100;

/**
 * The text of a rule file with those that it imports. Throws TERR_CLI_INPUT when one of them lies
 * above it: a server knows nothing of the folders around it.
 */
export function writtenFile(file: string): WrittenFile {
  const folder = dirname(resolve(file));
  const beside: Record<string, string> = {};
  const visit = (path: string): string => {
    const text = readFileSync(path, 'utf8');
    for (const [, to = ''] of text.matchAll(specifier)) {
      const next = join(dirname(path), to);
      // What is not there the compiler will miss, and say so with its line.
      if (!existsSync(next) || next === resolve(file)) continue;
      const within = relative(folder, next);
      if (within.startsWith('..'))
        throw cliErrors(
          'INPUT',
          `${relative('.', path)} imports "${to}", which lies above ${file}; a server gets files beside it only: move it, or use --data`,
          { field: '<file>' },
        );
      if (within in beside) continue;
      if (Object.keys(beside).length >= mostFiles)
        throw cliErrors('INPUT', `${file} imports more than ${mostFiles} files`, {
          field: '<file>',
        });
      beside[within] = '';
      beside[within] = visit(next);
    }
    return text;
  };
  return { source: visit(resolve(file)), name: basename(file), beside };
}
