import type { Json, StreamName } from '../../event/event.ts';
import type { Cell, Rows } from '../ask.ts';
import type { EventsQuery, PlacedEvent } from '../history.ts';
import { type HistoryColumnName, historyColumns, historyTables, hourOfReading } from '../schema.ts';
import { comparePlaces, type Place } from './cursor.ts';
import { whereToSql } from './where.ts';

/** One SELECT for the events of one stream behind `behind`, in the order asked for. */
export function eventsSql(query: EventsQuery, stream: StreamName, behind?: Place): string {
  const direction = query.order === 'newest' ? 'DESC' : 'ASC';
  // The hour changes nothing in the order. It lets the engine read in the order of the table and
  // stop at the limit.
  const keys = [...(stream === 'readings' ? [hourOfReading] : []), 'time', 'off'];
  const conditions = [
    `time >= ${query.from} AND time < ${query.to}`,
    ...(behind === undefined ? [] : [behindSql(query, stream, behind)]),
    `(${whereToSql(query.where, stream)})`,
  ];
  return `SELECT ${historyColumns.map((column) => column.name).join(', ')}
FROM ${historyTables[stream]} WHERE ${conditions.join(' AND ')}
ORDER BY ${keys.map((key) => `${key} ${direction}`).join(', ')} LIMIT ${query.limit}`;
}

function behindSql(query: EventsQuery, stream: StreamName, behind: Place): string {
  const [beyond, sign] = query.order === 'newest' ? ['<', -1] : ['>', 1];
  const { time, offset } = behind;
  if (stream === behind.stream)
    return `time ${beyond}= ${time} AND (time ${beyond} ${time} OR off ${beyond} ${offset})`;
  // At the very time of the place, the streams follow each other.
  const order = comparePlaces(
    { time, stream, offset: 0 },
    { time, stream: behind.stream, offset: 0 },
  );
  return order * sign > 0 ? `time ${beyond}= ${time}` : `time ${beyond} ${time}`;
}

/** The events of the rows of `eventsSql`. */
export function eventsOf(rows: Rows, stream: StreamName): PlacedEvent[] {
  return rows.rows.map((row) => {
    const cell = (name: HistoryColumnName): Cell => row[indexOf[name]] ?? null;
    const offset = Number(cell('off'));
    const id = textIn(cell('id'));
    return {
      stream,
      offset,
      id: id === '' ? `${stream}-${offset}` : id,
      time: Number(cell('time')),
      received: Number(cell('received')),
      type: textIn(cell('type')),
      source: textIn(cell('source')),
      ...optional(cell),
    };
  });
}

function textIn(cell: Cell): string {
  return typeof cell === 'string' ? cell : '';
}

const indexOf = Object.fromEntries(
  historyColumns.map((column, index) => [column.name, index]),
) as Readonly<Record<HistoryColumnName, number>>;

/** The fields that an event need not have; '' and NULL stand for a missing one. */
function optional(cell: (name: HistoryColumnName) => Cell): Partial<PlacedEvent> {
  const fields: Record<string, unknown> = {};
  for (const name of optionalTexts) if (cell(name) !== '') fields[name] = cell(name);
  for (const name of ['metric', 'ttl'] as const) if (cell(name) !== null) fields[name] = cell(name);
  const tags = cell('tags');
  if (Array.isArray(tags) && tags.length > 0) fields['tags'] = tags;
  const attributes = cell('attributes');
  if (attributes !== null && Object.keys(attributes).length > 0) fields['attributes'] = attributes;
  const data = cell('data');
  if (typeof data === 'string' && data !== '') fields['data'] = JSON.parse(data) as Json;
  // The columns have the types of the fields, which the type checker cannot see through the wire.
  return fields as Partial<PlacedEvent>;
}

const optionalTexts = ['subject', 'service', 'host', 'environment', 'name', 'state'] as const;
