/** Which of the two dialects differ in what is a quote, a comment, a block of statements. */
export type Dialect = 'postgres' | 'sqlite';

/** One statement of a script and where it begins, in UTF-16 units from 0. */
export interface Statement {
  readonly text: string;
  readonly at: number;
  /** Its words outside of quotes and comments, in capitals: enough to tell what it is. */
  readonly words: readonly string[];
}

/** What is not code: comments, texts, quoted names, dollar quotes. */
const quoted: Readonly<Record<Dialect, RegExp>> = {
  postgres:
    /--[^\n]*|\/\*|[Ee]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|(?<![\w$])(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?(?:\1|$)|[\w$\u0080-\uffff]+|;/y,
  sqlite:
    /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)|[\w$\u0080-\uffff]+|;/y,
};

/** Words that are kept of each statement. */
const maxWords = 40;

/**
 * The statements of a script, without the `;` between them. It is a scan and no parser: it knows
 * quotes, comments (nested ones in PostgreSQL), parentheses, and the bodies of SQLite's triggers and of
 * PostgreSQL's `BEGIN ATOMIC`, whose `;` do not end a statement.
 */
export function statementsOf(sql: string, dialect: Dialect): Statement[] {
  const found: Statement[] = [];
  let open: Open | undefined;
  const end = (at: number): void => {
    if (open)
      found.push({ text: sql.slice(open.at, at).trimEnd(), at: open.at, words: open.words });
    open = undefined;
  };
  for (const { text, at } of tokensOf(sql, dialect)) {
    if (isComment(text) || text.trim() === '') continue;
    if (text === ';' && (!open || open.body + open.parens === 0)) end(at);
    else take((open ??= { at, words: [], body: 0, parens: 0 }), text, dialect);
  }
  end(sql.length);
  return found;
}

/** A statement that did not end yet; in a body or in parentheses no `;` ends it. */
interface Open {
  readonly at: number;
  readonly words: string[];
  body: number;
  /** A rule of PostgreSQL has its statements in parentheses. */
  parens: number;
}

function take(open: Open, text: string, dialect: Dialect): void {
  if (text === '(') open.parens += 1;
  if (text === ')') open.parens = Math.max(0, open.parens - 1);
  if (!/^[A-Za-z_]\w*$/.test(text)) return;
  const word = text.toUpperCase();
  open.body = Math.max(0, open.body + depthBy(word, open, dialect));
  if (open.words.length < maxWords) open.words.push(word);
}

const isComment = (text: string): boolean => text.startsWith('--') || text.startsWith('/*');

/** How a word changes the depth of a body in which `;` is only a separator. */
function depthBy(
  word: string,
  { words, body }: { readonly words: readonly string[]; readonly body: number },
  dialect: Dialect,
): number {
  if (body > 0) return word === 'CASE' ? 1 : word === 'END' ? -1 : 0;
  if (words[0] !== 'CREATE') return 0;
  const isBody =
    dialect === 'sqlite'
      ? word === 'BEGIN' && words.slice(1, 3).includes('TRIGGER')
      : word === 'ATOMIC' && words.at(-1) === 'BEGIN';
  return isBody ? 1 : 0;
}

/** Every quote, comment, word and other character of a script, the first first. */
function* tokensOf(sql: string, dialect: Dialect): Generator<{ text: string; at: number }> {
  const pattern = quoted[dialect];
  for (let at = 0; at < sql.length;) {
    pattern.lastIndex = at;
    let text = pattern.exec(sql)?.[0] ?? sql.charAt(at);
    if (text === '/*' && dialect === 'postgres') text = nestedComment(sql, at);
    yield { text, at };
    at += text.length;
  }
}

/** PostgreSQL's block comments may hold further ones. */
function nestedComment(sql: string, from: number): string {
  let depth = 0;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return sql.slice(from, edge.lastIndex);
  }
  return sql.slice(from);
}

/** Line and column, from 1, of a place in a text (UTF-16 units; a column counts characters). */
export function placeOf(
  text: string,
  at: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: Array.from(before.slice(start)).length + 1 };
}

/** A line `-- territory: no transaction` in a file: what stands in it can not run in one. */
export function isWithoutTransaction(sql: string): boolean {
  return /^[ \t]*--[ \t]*territory:[ \t]*no[ \t-]transaction[ \t]*\r?$/im.test(sql);
}

/** A quote, comment or trigger that does not end: sqlite3 would wait for the rest of it. */
function unfinishedIn(sql: string): number | undefined {
  const closers: Readonly<Record<string, RegExp>> = {
    "'": /^(?:[^']*'[^']*')+$/,
    '"': /^(?:[^"]*"[^"]*")+$/,
    '`': /^(?:[^`]*`[^`]*`)+$/,
    '[': /\]$/,
    '/': /^\/$|^\/\*[\s\S]*\*\/$/,
  };
  for (const { text, at } of tokensOf(sql, 'sqlite'))
    if (closers[text.charAt(0)]?.test(text) === false) return at;
  const last = statementsOf(sql, 'sqlite').at(-1);
  const isOpen = last && openAtEnd(last.text);
  return isOpen === true ? last?.at : undefined;
}

function openAtEnd(statement: string): boolean {
  const open: Open = { at: 0, words: [], body: 0, parens: 0 };
  for (const { text } of tokensOf(statement, 'sqlite'))
    if (!isComment(text)) take(open, text, 'sqlite');
  return open.body > 0;
}

/** By the words of a statement. Back to a savepoint of its own is no end. */
const endsTransaction =
  /^(BEGIN|COMMIT|ABORT|END|START TRANSACTION|PREPARE TRANSACTION|ROLLBACK(?!.* TO\b))(?= |$)/;

/**
 * What must not stand in a migration: commands that would end the transaction in which it and its
 * note are, and, for SQLite, lines that its program takes for orders to itself (`.shell`).
 */
export function forbiddenIn(
  sql: string,
  dialect: Dialect,
): { readonly at: number; readonly why: string } | undefined {
  const open = dialect === 'sqlite' ? unfinishedIn(sql) : undefined;
  if (open !== undefined) return { at: open, why: 'what begins here does not end' };
  for (const { text, at, words } of statementsOf(sql, dialect)) {
    if (dialect === 'sqlite' && /^[.#]/.test(text))
      return {
        at,
        why: `"${text.slice(0, 20).split(/\s/)[0]}" is an order to the program sqlite3, no SQL`,
      };
    const [ends] = endsTransaction.exec(words.join(' ')) ?? [];
    if (ends !== undefined)
      return {
        at,
        why: `${ends} would end the transaction that the migration runs in; leave it out`,
      };
  }
  return undefined;
}
