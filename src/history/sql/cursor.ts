import { createHash } from 'node:crypto';
import { type StreamName, streamNames } from '../../event/event.ts';
import { printWhere } from '../../event/where/print.ts';
import type { EventsQuery, PlacedEvent } from '../history.ts';
import { queryError } from '../query-errors.ts';

/** The place of an event in the order (time, stream, offset) of a listing. */
export interface Place {
  readonly time: number;
  readonly stream: StreamName;
  readonly offset: number;
}

/**
 * The cursor behind an event, for the same query. It carries a digest of the order and the
 * condition, so that it cannot be used to go on with another query.
 */
export function cursorBehind(event: PlacedEvent, query: EventsQuery): string {
  const place = [event.time, event.stream, event.offset];
  return Buffer.from(JSON.stringify([...place, digest(query, place)])).toString('base64url');
}

/** The place in a cursor. Throws TERR_QUERY_CURSOR for one that this query did not give. */
export function readCursor(cursor: string, query: EventsQuery): Place {
  const [time, name, offset, seal] = parts(cursor);
  const stream = streamNames.find((one) => one === name);
  if (
    typeof time !== 'number' ||
    typeof offset !== 'number' ||
    stream === undefined ||
    seal !== digest(query, [time, stream, offset])
  )
    throw queryError(
      'CURSOR',
      'the cursor is not one that this query gave; leave it out to begin at the first page',
      { field: 'cursor' },
    );
  return { time, stream, offset };
}

function parts(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function digest(query: EventsQuery, place: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([query.order, printWhere(query.where), ...place]))
    .digest('base64url')
    .slice(0, 12);
}

/** Orders places as an `oldest` listing does. */
export function comparePlaces(a: Place, b: Place): number {
  return (
    a.time - b.time ||
    streamNames.indexOf(a.stream) - streamNames.indexOf(b.stream) ||
    a.offset - b.offset
  );
}
