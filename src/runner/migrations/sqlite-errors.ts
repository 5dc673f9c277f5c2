import { CodedError } from '../../errors/coded-error.ts';
import { runnerErrors } from '../errors.ts';
import { placeOf } from './script.ts';
import { isTaken, type SqliteEnded } from './sqlite-program.ts';

interface Place {
  readonly line?: number;
  readonly column?: number;
}

/**
 * What `sqlite3` said of a migration, and where in its file. `from` is the line on which the file
 * began in all that the program was given, from 1.
 */
export function whatWasSaid(
  { message, words, rows }: SqliteEnded,
  up: string,
  from: number,
): { readonly words: string; readonly place: Place } {
  const broken = rows.filter((row) => row.startsWith('broken '));
  if (message.includes('broken_foreign_keys'))
    return {
      words: `it would break foreign keys: ${broken.map((row) => row.slice(7)).join('; ')}`,
      place: {},
    };
  const [, at, said] = /error near line (\d+): ([^\n]*)/.exec(words) ?? [];
  if (at === undefined || said === undefined) return { words: message, place: {} };
  const line = Number(at) - from + 1;
  if (line < 1 || line > up.split('\n').length) return { words: said, place: {} };
  return { words: said, place: columnIn(words, up, line) ?? { line } };
}

/**
 * The place of `^` below the piece of the statement that is shown, white space in it made spaces.
 * Undefined when none is shown, or when characters and bytes differ before it.
 */
function columnIn(words: string, up: string, line: number): Place | undefined {
  const [, code = '', below = ''] = /\n {2}([^\n]*)\n {2}([^\n]*\^[^\n]*)/.exec(words) ?? [];
  const start = up
    .split('\n')
    .slice(0, line - 1)
    .join('\n').length;
  const at = code === '' ? -1 : `${up}\n;`.replaceAll(/\s/g, ' ').indexOf(code.trim(), start);
  const indent = code.length - code.trimStart().length;
  // oxlint-disable-next-line no-control-regex -- ASCII is what is asked for
  if (at < 0 || !/^[\x00-\x7f]*$/.test(code)) return undefined;
  return placeOf(up, at + below.indexOf('^') - indent);
}

/** Why a file of SQLite can not be used. */
export function unusableSqlite(db: string, error: unknown): Error {
  if (error instanceof CodedError) return error;
  if (isTaken(error))
    return runnerErrors('DATABASE', `${db}: another migrator has been at work for too long`);
  const words = error instanceof Error ? error.message : String(error);
  const missing = /ENOENT/.test(words) ? ' (Debian: sqlite3, util-linux)' : '';
  return runnerErrors('DATABASE', `${db}: ${words}${missing}`);
}
