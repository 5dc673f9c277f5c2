import type { Field, Where } from '../../event/where/ast.ts';
import { parseWhere } from '../../event/where/parse.ts';
import { printWhere } from '../../event/where/print.ts';

/** Riemann's fields by other names of ours; the rest is called the same (riemann.query). */
const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['service', { kind: 'column', name: 'name' }],
  ['metric_f', { kind: 'column', name: 'metric' }],
  ['description', { kind: 'data', path: [] }],
]);

/**
 * A question in Riemann's query language as a `where`: the grammar is the same, some fields are
 * not, and Riemann's times are seconds. Throws TERR_WHERE_… with the place in the question.
 */
export function toWhere(query: string): string {
  return printWhere(translated(parseWhere(query)));
}

function translated(where: Where): Where {
  if (where.kind === 'not') return { kind: 'not', of: translated(where.of) };
  if (where.kind === 'and' || where.kind === 'or')
    return { kind: where.kind, of: [translated(where.of[0]), translated(where.of[1])] };
  return 'field' in where && where.kind !== 'anyVersion' ? withOurField(where) : where;
}

type OfField = Extract<
  Where,
  { readonly kind: 'present' | 'equal' | 'compare' | 'like' | 'regex' }
>;

function withOurField(where: OfField): Where {
  const field = ours(where.field);
  if (where.kind === 'compare') return { ...where, field, value: inMs(where.field, where.value) };
  if (where.kind === 'equal' && typeof where.value === 'number')
    return { ...where, field, value: inMs(where.field, where.value) };
  return { ...where, field };
}

function nameOf(field: Field): string {
  return field.kind === 'data' ? '' : field.name;
}

function ours(field: Field): Field {
  return fields.get(nameOf(field)) ?? field;
}

function inMs(field: Field, value: number): number {
  return nameOf(field) === 'time' ? value * 1000 : value;
}
