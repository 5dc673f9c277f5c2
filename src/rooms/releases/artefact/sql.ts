/** Characters of a statement that are kept for people to read. */
const maxShown = 120;

/**
 * What is looked for, upper and lower case alike. It is a scan, not a parser: what a function, a
 * trigger or a string that is executed does is not seen, so "nothing found" is no proof.
 */
const destructive: readonly RegExp[] = [
  /^DROP\s+(TABLE|SCHEMA|DATABASE|VIEW|MATERIALIZED\s+VIEW|SEQUENCE|TYPE|COLUMN)\b/i,
  /^ALTER\s+TABLE\b.*\bDROP\s+(?!CONSTRAINT\b|DEFAULT\b|NOT\s+NULL\b|EXPRESSION\b|IDENTITY\b|INDEX\b|KEY\b|FOREIGN\b|PRIMARY\b|CHECK\b)/is,
  /^ALTER\s+TABLE\b.*\bRENAME\b/is,
  /^ALTER\s+TABLE\b.*\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b/is,
  /^ALTER\s+TABLE\b.*\b(MODIFY|CHANGE)\s/is,
  /^ALTER\s+TYPE\b.*\b(DROP|RENAME)\b/is,
  /^TRUNCATE\b/i,
  /^DELETE\s+FROM\b(?!.*\bWHERE\b)/is,
  /^UPDATE\b(?!.*\bWHERE\b).*\bSET\b/is,
];

/**
 * Statements of SQL that lose data or the shape that older code needs: DROP of tables, columns,
 * types and the like, TRUNCATE, DELETE and UPDATE without WHERE, RENAME, and changes of a column's
 * type. Comments and quoted texts are left out before looking.
 */
export function destructiveStatements(sql: string): string[] {
  return statementsOf(sql)
    .filter((statement) => inner(statement).some((one) => destructive.some((is) => is.test(one))))
    .map((statement) =>
      statement.length <= maxShown ? statement : `${statement.slice(0, maxShown - 1)}…`,
    );
}

/** A statement, and what stands behind `WITH … AS (…)` or in an `EXPLAIN`-like prefix of it. */
function inner(statement: string): string[] {
  if (!/^WITH\b/i.test(statement)) return [statement];
  const verbs = [...statement.matchAll(/\b(DELETE\s+FROM|UPDATE|TRUNCATE)\b/gi)];
  return verbs.map(({ index }) => statement.slice(index));
}

/**
 * One pattern for all that is not code, tried in the order of the text: line and block comments,
 * texts, quoted names (kept), and PostgreSQL's dollar quotes.
 */
const quoted =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|("(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$))|(\$\w*\$)[\s\S]*?(?:\2|$)/g;

function statementsOf(sql: string): string[] {
  return sql
    .replace(quoted, (found, name: string | undefined) =>
      name === undefined ? (/^(--|\/\*)/.test(found) ? ' ' : "''") : name.replaceAll(';', ','),
    )
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '');
}
