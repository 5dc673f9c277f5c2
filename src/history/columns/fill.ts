import type { Json } from '../../event/event.ts';
import { textFields } from '../../event/event.ts';
import { at } from '../../event/scan/fields.ts';
import type { LineScanner } from '../../event/scan/scanner.ts';
import { timeAt } from '../../event/scan/time.ts';
import type { EventColumns } from './event-columns.ts';

/** What a line does not say itself. */
export interface RowPlace {
  /** UTF-8 of the source of an event that names none. */
  readonly source: Uint8Array;
  /** Ms since the epoch; also the time of an event that names none. */
  readonly received: number;
}

/** Adds the event that `scanner` has just found in `bytes`. */
export function fillFromScan(
  columns: EventColumns,
  scanner: LineScanner,
  bytes: Uint8Array,
  place: RowPlace,
): void {
  const { starts, ends } = scanner;
  for (let field = 0; field < starts.length; field++) {
    const end = ends[field] as number; // one entry for each text field
    if (end === 0 && field === at.source) columns.text(field, place.source, 0, place.source.length);
    else columns.text(field, bytes, starts[field] as number, end); // likewise
  }
  columns.numbers({
    time: Number.isNaN(scanner.time) ? place.received : scanner.time,
    received: place.received,
    metric: scanner.metric,
    ttl: scanner.ttl,
  });
  fillLists(columns, scanner, bytes);
  columns.data.add(bytes, scanner.dataStart, scanner.dataEnd);
  columns.end();
}

function fillLists(columns: EventColumns, scanner: LineScanner, bytes: Uint8Array): void {
  for (let i = 0; i < scanner.tagCount; i++)
    columns.tags.add(bytes, scanner.tagStarts[i] ?? 0, scanner.tagEnds[i] ?? 0);
  for (let i = 0; i < scanner.attributeCount; i++) {
    columns.keys.add(bytes, scanner.keyStarts[i] ?? 0, scanner.keyEnds[i] ?? 0);
    columns.values.add(bytes, scanner.valueStarts[i] ?? 0, scanner.valueEnds[i] ?? 0);
  }
}

/**
 * Adds the event of a line that the scanner calls unusual (an escape, say). A line that is no
 * JSON object, which the log should not hold, becomes a row that has nothing but `data`, its
 * text: rows and offsets must stay one to one. Returns whether the line was an event.
 */
export function fillFromJson(columns: EventColumns, line: string, place: RowPlace): boolean {
  const event = objectIn(line);
  const fields = event ?? { data: line };
  for (const [field, name] of textFields.entries()) addText(columns, field, fields[name], place);
  columns.numbers({
    time: timeOf(fields['time']) ?? place.received,
    received: place.received,
    metric: numberOf(fields['metric']),
    ttl: numberOf(fields['ttl']),
  });
  if (Array.isArray(fields['tags']))
    for (const tag of fields['tags'])
      if (typeof tag === 'string') addWhole(columns.tags, Buffer.from(tag));
  for (const [key, value] of Object.entries(attributesOf(fields['attributes']))) {
    if (typeof value !== 'string' || key === '') continue;
    addWhole(columns.keys, Buffer.from(key));
    addWhole(columns.values, Buffer.from(value));
  }
  const data = fields['data'];
  addWhole(columns.data, Buffer.from(data === undefined ? '' : JSON.stringify(data)));
  columns.end();
  return event !== undefined;
}

function addText(
  columns: EventColumns,
  field: number,
  value: Json | undefined,
  place: RowPlace,
): void {
  const text = typeof value === 'string' ? Buffer.from(value) : undefined;
  const bytes = text ?? (field === at.source ? place.source : Buffer.alloc(0));
  columns.text(field, bytes, 0, bytes.length);
}

function addWhole(
  to: { readonly add: (bytes: Uint8Array, start: number, end: number) => void },
  bytes: Uint8Array,
): void {
  to.add(bytes, 0, bytes.length);
}

function objectIn(line: string): Readonly<Record<string, Json>> | undefined {
  try {
    const value = JSON.parse(line) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, Json>>) // no array: just looked
      : undefined;
  } catch {
    return undefined;
  }
}

function attributesOf(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>) // no array: just looked
    : {};
}

function timeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value);
  const time = timeAt(bytes, 0, bytes.length);
  return Number.isNaN(time) ? undefined : time;
}

const numberOf = (value: Json | undefined): number =>
  typeof value === 'number' ? value : Number.NaN;
