import { type StreamName, streamNames, streamOf } from '../../event/event.ts';
import type { Where } from '../../event/where/ast.ts';

const factPrefixes = ['dev.cdevents.', 'dev.cdeventsx.'];

/**
 * The streams that can hold an event that matches: a query that says which type it wants need not
 * look into the other table. May name a stream too many, never one too few.
 */
export function streamsOf(where: Where): readonly StreamName[] {
  switch (where.kind) {
    case 'literal':
      return where.value ? streamNames : [];
    case 'and': {
      const second = streamsOf(where.of[1]);
      return streamsOf(where.of[0]).filter((stream) => second.includes(stream));
    }
    case 'or': {
      const either = [...streamsOf(where.of[0]), ...streamsOf(where.of[1])];
      return streamNames.filter((stream) => either.includes(stream));
    }
    case 'equal':
      return isType(where) && typeof where.value === 'string' && !where.not
        ? [streamOf(where.value)]
        : streamNames;
    case 'like':
      return isType(where) ? streamsOfPrefix(where.parts[0] ?? '') : streamNames;
    case 'not':
    case 'present':
    case 'compare':
    case 'regex':
    case 'tagged':
      return streamNames;
  }
}

function isType(where: Where & { kind: 'equal' | 'like' }): boolean {
  return where.field.kind === 'column' && where.field.name === 'type';
}

function streamsOfPrefix(prefix: string): readonly StreamName[] {
  if (streamOf(prefix) === 'facts') return ['facts'];
  return factPrefixes.some((fact) => fact.startsWith(prefix)) ? streamNames : ['readings'];
}
