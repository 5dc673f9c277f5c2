import {
  type Data,
  type DataType,
  Dictionary as DictionaryType,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  Map_,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint64,
  Utf8,
  makeData,
  makeVector,
} from 'apache-arrow';
import { at } from '../event/scan/fields.ts';
import type { Dictionary } from './columns/dictionary.ts';
import { type EventColumns, PlainText, type RepeatingText } from './columns/event-columns.ts';
import type { GrowingInts } from './columns/growing.ts';

interface Column {
  readonly name: string;
  readonly data: Data;
}

/**
 * Writes the rows as one Arrow IPC stream of one record batch, with the column names of
 * `schema.ts`. Texts that repeat are dictionary columns: the engine makes its LowCardinality
 * columns of them almost for nothing. A column without any value is left out, the engine fills in
 * its default.
 *
 * @param first offset of the first row; the others follow without gaps
 */
export function writeArrow(columns: EventColumns, first: number): Uint8Array {
  const { rows } = columns;
  const dictionaries = new DictionaryNumbers();
  const made: (Column | undefined)[] = [
    { name: 'off', data: offsets(first, rows) },
    { name: 'time', data: times(columns.time.values, rows) },
    { name: 'received', data: times(columns.received.values, rows) },
    ...Object.entries(at).map(([name, field]) =>
      textColumn(name, columns.texts[field], dictionaries),
    ),
    numberColumn('metric', columns.metric, rows),
    numberColumn('ttl', columns.ttl, rows),
    tagsColumn(columns, dictionaries),
    attributesColumn(columns, dictionaries),
    plainColumn('data', columns.data),
  ];
  const present = made.filter((column) => column !== undefined);
  const fields = present.map(
    ({ name, data }) => new Field(name, data.type as DataType, data.nullCount > 0),
  );
  const struct = makeData({
    type: new Struct(fields),
    length: rows,
    nullCount: 0,
    children: present.map(({ data }) => data),
  });
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(new Schema(fields), struct));
  writer.finish();
  return writer.toUint8Array(true);
}

/** Arrow tells dictionaries apart by a number that is unique in the stream. */
class DictionaryNumbers {
  #next = 0;
  take(): number {
    return this.#next++;
  }
}

/** 64-bit integers of `rows` consecutive numbers, written as pairs of words: no BigInt for each. */
function offsets(first: number, rows: number): Data {
  const words = new Int32Array(rows * 2);
  for (let row = 0; row < rows; row++) setWords(words, row, first + row);
  return makeData({
    type: new Uint64(),
    length: rows,
    nullCount: 0,
    data: new BigUint64Array(words.buffer),
  });
}

function times(values: Float64Array, rows: number): Data {
  const words = new Int32Array(rows * 2);
  for (let row = 0; row < rows; row++) setWords(words, row, values[row] as number); // rows are filled
  return makeData({
    type: new Int64(),
    length: rows,
    nullCount: 0,
    data: new BigInt64Array(words.buffer),
  });
}

/** Little-endian two's complement, which is what both Arrow and the machine have. */
function setWords(words: Int32Array, row: number, value: number): void {
  const high = Math.floor(value / 4_294_967_296);
  words[row * 2] = value - high * 4_294_967_296;
  words[row * 2 + 1] = high;
}

function textColumn(
  name: string,
  column: PlainText | RepeatingText | undefined,
  numbers: DictionaryNumbers,
): Column | undefined {
  if (column instanceof PlainText) return plainColumn(name, column);
  if (!column || (column.dictionary.size === 1 && name !== 'type')) return undefined;
  return { name, data: dictionaryData(column.dictionary, column.ids, numbers) };
}

function plainColumn(name: string, column: PlainText): Column | undefined {
  return column.bytes.length === 0 ? undefined : { name, data: plainData(column) };
}

function plainData(column: PlainText): Data {
  return makeData({
    type: new Utf8(),
    length: column.ends.length - 1,
    nullCount: 0,
    valueOffsets: column.ends.view(),
    data: column.bytes.view(),
  });
}

function dictionaryData(
  dictionary: Dictionary,
  ids: GrowingInts,
  numbers: DictionaryNumbers,
): Data {
  const { offsets: valueOffsets, bytes } = dictionary.buffers();
  const texts = makeData({
    type: new Utf8(),
    length: dictionary.size,
    nullCount: 0,
    valueOffsets,
    data: bytes,
  });
  return makeData({
    type: new DictionaryType(new Utf8(), new Int32(), numbers.take()),
    length: ids.length,
    nullCount: 0,
    data: ids.view(),
    dictionary: makeVector(texts),
  });
}

function numberColumn(
  name: string,
  { values, any }: { readonly values: Float64Array; readonly any: boolean },
  rows: number,
): Column | undefined {
  if (!any) return undefined;
  const present = new Uint8Array(Math.ceil(rows / 8));
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number; // rows are filled
    if (value === value) present[row >> 3] = (present[row >> 3] as number) | (1 << (row & 7)); // in range
    else missing++;
  }
  const data = makeData({
    type: new Float64(),
    length: rows,
    nullCount: missing,
    nullBitmap: present,
    data: values.subarray(0, rows),
  });
  return { name, data };
}

function tagsColumn(columns: EventColumns, numbers: DictionaryNumbers): Column | undefined {
  if (columns.tags.ids.length === 0) return undefined;
  const child = dictionaryData(columns.tags.dictionary, columns.tags.ids, numbers);
  const data = makeData({
    type: new List(new Field('item', child.type as DataType, false)),
    length: columns.rows,
    nullCount: 0,
    valueOffsets: columns.tagEnds.view(),
    child,
  });
  return { name: 'tags', data };
}

function attributesColumn(columns: EventColumns, numbers: DictionaryNumbers): Column | undefined {
  const { keys, values, attributeEnds } = columns;
  if (keys.ids.length === 0) return undefined;
  const children = [dictionaryData(keys.dictionary, keys.ids, numbers), plainData(values)];
  const entry = new Struct([
    new Field('key', children[0]?.type as DataType, false),
    new Field('value', children[1]?.type as DataType, false),
  ]);
  const child = makeData({ type: entry, length: keys.ids.length, nullCount: 0, children });
  const data = makeData({
    type: new Map_(new Field('entries', entry, false)),
    length: columns.rows,
    nullCount: 0,
    valueOffsets: attributeEnds.view(),
    child,
  });
  return { name: 'attributes', data: data as Data };
}
