import { type StreamName, streamNames, streamOf } from '../../event/event.ts';
import type { Where } from '../../event/where/ast.ts';

const factPrefixes = ['dev.cdevents.', 'dev.cdeventsx.'];

/**
 * The streams that can hold an event that matches: a query that says which type it wants need not
 * look into the other table. May name a stream too many, never one too few.
 */
export function streamsOf(where: Where): readonly StreamName[] {
  if (where.kind === 'literal') return where.value ? streamNames : [];
  if (where.kind === 'and') {
    const second = streamsOf(where.of[1]);
    return streamsOf(where.of[0]).filter((stream) => second.includes(stream));
  }
  if (where.kind === 'or') {
    const either = [...streamsOf(where.of[0]), ...streamsOf(where.of[1])];
    return streamNames.filter((stream) => either.includes(stream));
  }
  const ofType = 'field' in where && where.field.kind === 'column' && where.field.name === 'type';
  return ofType ? streamsOfType(where) : streamNames;
}

function streamsOfType(where: Where): readonly StreamName[] {
  if (where.kind === 'like') return streamsOfPrefix(where.parts[0] ?? '');
  if (where.kind === 'anyVersion') return where.not ? streamNames : [streamOf(where.type)];
  if (where.kind !== 'equal' || where.not || typeof where.value !== 'string') return streamNames;
  return [streamOf(where.value)];
}

function streamsOfPrefix(prefix: string): readonly StreamName[] {
  if (streamOf(prefix) === 'facts') return ['facts'];
  return factPrefixes.some((fact) => fact.startsWith(prefix)) ? streamNames : ['readings'];
}
