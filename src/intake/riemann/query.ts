import type { Field, Where } from '../../event/where/ast.ts';
import { parseWhere } from '../../event/where/parse.ts';
import { printWhere } from '../../event/where/print.ts';

const attribute = (name: string): Field => ({ kind: 'attribute', name });

/**
 * What is called otherwise here. Riemann knows its own fields and attributes (riemann.query): those
 * that stand in fields of ours are found there, and our other fields are attributes to it.
 */
const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['service', { kind: 'column', name: 'name' }],
  ['metric_f', { kind: 'column', name: 'metric' }],
  ['metric_d', { kind: 'column', name: 'metric' }],
  ['metric_sint64', { kind: 'column', name: 'metric' }],
  ['description', { kind: 'data', path: [] }],
  ['service.name', { kind: 'column', name: 'service' }],
  ['service_name', { kind: 'column', name: 'service' }],
  ['env', { kind: 'column', name: 'environment' }],
  ['deployment.environment', { kind: 'column', name: 'environment' }],
  ['deployment.environment.name', { kind: 'column', name: 'environment' }],
  ...['id', 'type', 'source', 'subject', 'name', 'received', 'data'].map(
    (name) => [name, attribute(name)] as const,
  ),
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
  if (where.kind === 'anyVersion') {
    const { type: value, not } = where;
    return { kind: 'equal', field: attribute('type'), value, not };
  }
  return 'field' in where ? withOurField(where) : where;
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
  return field.kind === 'data' ? ['data', ...field.path].join('.') : field.name;
}

function ours(field: Field): Field {
  const name = nameOf(field);
  return fields.get(name) ?? (field.kind === 'data' ? attribute(name) : field);
}

function inMs(field: Field, value: number): number {
  return nameOf(field) === 'time' ? value * 1000 : value;
}
