/** A text as a string literal of ClickHouse's SQL, whatever is in it. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll(/[\\'\0]/g, (c) => (c === '\0' ? '\\0' : `\\${c}`))}'`;
}

/** A pattern for LIKE in which the texts stand as they are, with `%` between them. */
export function likeLiteral(parts: readonly string[]): string {
  return textLiteral(parts.map((part) => part.replaceAll(/[\\%_]/g, '\\$&')).join('%'));
}

/** A finite number as a literal; it is read back as the same double. */
export function numberLiteral(number: number): string {
  return String(number);
}
