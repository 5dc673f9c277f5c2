import { type Column, type Field, numberColumns, type NumberColumn, textColumns } from './ast.ts';

/** Words that mean something else in a query, so that an attribute so named needs `label.`. */
export const keywords: readonly string[] = [
  'and',
  'or',
  'not',
  'tagged',
  'true',
  'false',
  'nil',
  'null',
];

const columns: ReadonlySet<string> = new Set<string>([...textColumns, ...numberColumns]);
const plainName = /^[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_][\p{L}\p{N}_-]*)*$/u;
const plainTail = /^[\p{L}\p{N}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_][\p{L}\p{N}_-]*)*$/u;
const plainSegment = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

/** Whether a name is a column of the event. */
export function isColumn(name: string): name is Column {
  return columns.has(name);
}

/** Whether a field is a column that holds a number. */
export function isNumberColumn(
  field: Field,
): field is { readonly kind: 'column'; readonly name: NumberColumn } {
  return field.kind === 'column' && numberColumns.some((name) => name === field.name);
}

/**
 * The field that a plain name means: `host`, `label.code`, `attributes.code`, `http.route`,
 * `data.order.id`. Quoted keys are the parser's.
 */
export function fieldOf(name: string): Field {
  if (isColumn(name)) return { kind: 'column', name };
  if (name === 'data') return { kind: 'data', path: [] };
  if (name.startsWith('data.')) return { kind: 'data', path: name.slice(5).split('.') };
  if (name.startsWith('label.')) return { kind: 'attribute', name: name.slice(6) };
  if (name.startsWith('attributes.')) return { kind: 'attribute', name: name.slice(11) };
  return { kind: 'attribute', name };
}

/** The canonical name of a field; the parser reads it back as the same field. */
export function fieldName(field: Field): string {
  if (field.kind === 'column') return field.name;
  if (field.kind === 'data')
    return [
      'data',
      ...field.path.map((key) => (plainSegment.test(key) ? key : quoteKey(key))),
    ].join('.');
  const { name } = field;
  if (!plainTail.test(name)) return `label.${quoteKey(name)}`;
  const meansItself = plainName.test(name) && !keywords.includes(name.toLowerCase());
  const read = fieldOf(name);
  return meansItself && read.kind === 'attribute' && read.name === name ? name : `label.${name}`;
}

function quoteKey(key: string): string {
  return `"${key.replaceAll(/["\\\n\r\t\b\f]/g, (c) => JSON.stringify(c).slice(1, -1))}"`;
}
