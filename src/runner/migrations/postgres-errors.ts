import { DatabaseError } from 'pg';
import { CodedError } from '../../errors/coded-error.ts';
import { migrationFailed, type Script } from './run.ts';
import { placeOf } from './script.ts';

/**
 * What a migration failed of, with the database's own words and their place in the file. The detail
 * of a row that broke a constraint is left out: it holds what customers wrote. `from` is where the
 * statement begins (UTF-16 units), undefined when it was none of the file's.
 */
export function failedIn(
  { one, sql }: Script,
  error: unknown,
  url: string,
  from?: number,
): CodedError {
  if (error instanceof CodedError) return error;
  const position = error instanceof DatabaseError ? error.position : undefined;
  const at = from === undefined ? undefined : from + offsetOf(sql.slice(from), position);
  const place = at === undefined ? {} : placeOf(sql, at);
  return migrationFailed(one, withoutPassword(wordsOf(error), url), place);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof DatabaseError))
    return error instanceof Error && error.message !== '' ? error.message : String(error);
  const { message, code = 'no code', hint, detail } = error;
  const isData = /^2[23]/.test(code);
  return [
    `${message} (${code})`,
    ...(detail === undefined || isData ? [] : [detail]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ].join('; ');
}

/** PostgreSQL counts characters from 1; we count UTF-16 units from 0. */
function offsetOf(text: string, position: string | undefined): number {
  const characters = Number(position ?? '1') - 1;
  return Array.from(text).slice(0, characters).join('').length;
}

/** A text without the password of an address, should the words of a library have it. */
export function withoutPassword(text: string, url: string): string {
  const [, password] = /^[^/]*\/\/[^:/?#]*:([^/]*)@/.exec(url) ?? [];
  const asked = /[?&]password=([^&]*)/.exec(url)?.[1];
  return [password, asked]
    .flatMap((one) => (one === undefined || one === '' ? [] : [one, decoded(one)]))
    .reduce((left, one) => left.replaceAll(one, '***'), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
