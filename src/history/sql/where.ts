import type { StreamName } from '../../event/event.ts';
import type { Value, Where } from '../../event/where/ast.ts';
import { anyVersionPattern } from '../../event/where/cdevent-type.ts';
import { chain } from '../../event/where/compile.ts';
import { parsePattern } from '../../event/where/pattern/parse.ts';
import { printRe2 } from '../../event/where/pattern/print.ts';
import { type FieldSql, fieldSql } from './field.ts';
import { likeLiteral, numberLiteral, textLiteral } from './literal.ts';

/**
 * The query as a condition of ClickHouse's SQL over the table of `stream`. It is 0 or 1 for every
 * row, never NULL, so that NOT means what it says; it agrees with `compileWhere` (the contract
 * suite of history holds them equal).
 */
export function whereToSql(where: Where, stream: StreamName): string {
  if ('field' in where) return conditionSql(where, fieldSql(where.field, stream));
  switch (where.kind) {
    case 'literal':
      return where.value ? '1' : '0';
    case 'not':
      return `NOT (${whereToSql(where.of, stream)})`;
    case 'and':
      return chained(where, 'and', stream).join(' AND ');
    case 'or':
      return chained(where, 'or', stream).join(' OR ');
    case 'tagged':
      return `has(tags, ${textLiteral(where.tag)})`;
  }
}

/** Flat, because the engine bounds how deep an expression may be. */
function chained(where: Where, kind: 'and' | 'or', stream: StreamName): string[] {
  return chain(where, kind).map((operand) => `(${whereToSql(operand, stream)})`);
}

type Condition = Extract<Where, { readonly field: unknown }>;

function conditionSql(where: Condition, field: FieldSql): string {
  switch (where.kind) {
    case 'present':
      return field.present;
    case 'equal': {
      const equal = equality(field, where.value);
      return where.not ? `NOT (${equal})` : equal;
    }
    case 'anyVersion': {
      const found = `match(${field.text}, ${textLiteral(anyVersionPattern(where.type))})`;
      return where.not ? `NOT ${found}` : found;
    }
    case 'compare':
      return compared(field, where.op, where.value);
    case 'like':
      return likeness(field, where.parts);
    case 'regex':
      return search(field, where.pattern);
  }
}

function equality(field: FieldSql, value: Value): string {
  if (value === null || value === '') return `NOT (${field.present})`;
  if (typeof value === 'number') return compared(field, '=', value);
  if (typeof value === 'boolean') return field.is(value);
  return hinted(field, [value], `${field.text} = ${textLiteral(value)}`);
}

function compared(field: FieldSql, op: string, value: number): string {
  return `ifNull(${field.number} ${op} ${numberLiteral(value)}, 0)`;
}

function likeness(field: FieldSql, parts: readonly string[]): string {
  const like = `${field.text} LIKE ${likeLiteral(parts)}`;
  // Only a pattern of nothing but % matches the empty text, which stands for none.
  return hinted(
    field,
    parts,
    parts.every((part) => part === '') ? `${field.text} != '' AND ${like}` : like,
  );
}

function search(field: FieldSql, pattern: string): string {
  const parsed = parsePattern(pattern);
  if (!('tree' in parsed)) return '0';
  return `${field.text} != '' AND match(${field.text}, ${textLiteral(printRe2(parsed.tree))})`;
}

function hinted(field: FieldSql, parts: readonly string[], condition: string): string {
  const longest = parts.reduce((a, b) => (b.length > a.length ? b : a), '');
  const hint = longest === '' ? undefined : field.hint(longest);
  return hint === undefined ? condition : `${hint} AND ${condition}`;
}
