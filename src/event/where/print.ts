import type { Value, Where } from './ast.ts';
import { fieldName } from './field.ts';
import { quote, quoteLike, quotePattern } from './text.ts';

/** The canonical text of a query: `parseWhere` reads it back as the same tree. */
export function printWhere(where: Where): string {
  if ('field' in where) return `${fieldName(where.field)}${conditionOn(where)}`;
  switch (where.kind) {
    case 'literal':
      return String(where.value);
    case 'not':
      return `not ${within(where.of, ['and', 'or'])}`;
    case 'and':
      return `${within(where.of[0], ['or'])} and ${within(where.of[1], ['and', 'or'])}`;
    case 'or':
      return `${printWhere(where.of[0])} or ${within(where.of[1], ['or'])}`;
    case 'tagged':
      return `tagged ${quote(where.tag)}`;
  }
}

/** What stands behind the name of the field. */
function conditionOn(where: Extract<Where, { readonly field: unknown }>): string {
  switch (where.kind) {
    case 'present':
      return '';
    case 'equal':
      return ` ${where.not ? '!=' : '='} ${printValue(where.value)}`;
    case 'anyVersion':
      return ` ${where.not ? '!=' : '='} ${quote(where.type)}`;
    case 'compare':
      return ` ${where.op} ${where.value}`;
    case 'like':
      return ` =~ ${quoteLike(where.parts)}`;
    case 'regex':
      return ` ~= ${quotePattern(where.pattern)}`;
  }
}

/** In parentheses when it is of a kind that binds more loosely than its place. */
function within(where: Where, loose: readonly Where['kind'][]): string {
  const text = printWhere(where);
  return loose.includes(where.kind) ? `(${text})` : text;
}

function printValue(value: Value): string {
  if (typeof value === 'string') return quote(value);
  return value === null ? 'nil' : String(value);
}
