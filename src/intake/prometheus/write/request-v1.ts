import type { Decoded } from '../../decoded.ts';
import { WireReader } from '../../protobuf/wire.ts';
import { families } from '../kinds.ts';
import { type Label, type Series, seriesOf } from '../series.ts';
import type { Memory } from './memory.ts';
import { pointsOf, type SeriesFields } from './points.ts';
import type { Writing } from './writing.ts';

/** What decoding needs beside the bytes. */
export interface Request {
  readonly body: Buffer;
  /** Name of the sender: what is remembered is his. */
  readonly sender: string;
  readonly writing: Writing;
  readonly memory: Memory;
}

const fields: SeriesFields = { samples: 2, exemplars: 3, histograms: 4 };
/** Entries of metadata that are looked at in one request. */
const maxMetadata = 10_000;

/**
 * prometheus.WriteRequest of remote-write 1.0 (prompb/remote.proto, types.proto). Throws
 * TERR_INTAKE_DECODE and TERR_INTAKE_TOO_LARGE.
 */
export function* readV1(request: Request): Generator<Decoded> {
  const reader = new WireReader(request.body);
  let series = 0;
  let metadata = 0;
  while (reader.next()) {
    if (reader.field === 1) yield* seriesIn(request, reader.message(), series++);
    else if (reader.field === 3 && ++metadata <= maxMetadata) learn(request, reader.message());
    else reader.skip();
  }
}

function* seriesIn(request: Request, reader: WireReader, index: number): Generator<Decoded> {
  const { body, writing } = request;
  const start = reader.at;
  /** Where the labels end that stand first, as all do in what real senders send. */
  let behind = start;
  let scattered = false;
  let points = 0;
  while (reader.next()) {
    const isLabel = reader.field === 1;
    reader.skip();
    if (!isLabel) points++;
    else if (points === 0) behind = reader.at;
    else scattered = true;
  }
  const labelsEnd = scattered ? reader.end : behind;
  const key = scattered ? undefined : body.toString('latin1', start, labelsEnd);
  const series = points === 0 ? 'it has no samples' : known(request, { start, labelsEnd, key });
  if (typeof series === 'string') {
    yield writing.refuse('sample', index, series);
    return;
  }
  reader.at = scattered ? start : behind;
  yield* pointsOf({ series, index, reader, fields, writing, exemplarLabels });
}

const exemplarLabels = (reader: WireReader): readonly Label[] => [readLabel(reader.message())];

/** Where the labels of a series stand, and their bytes as text if they stand together. */
interface LabelBytes {
  readonly start: number;
  readonly labelsEnd: number;
  readonly key: string | undefined;
}

/** The series of these labels; what was made of the same bytes is remembered. */
function known({ body, sender, memory }: Request, bytes: LabelBytes): Series | string {
  const key = bytes.key === undefined ? undefined : `1\0${sender}\0${bytes.key}`;
  const found = key === undefined ? undefined : memory.series.get(key);
  if (found !== undefined) return found;
  const reader = new WireReader(body, bytes.start, bytes.labelsEnd);
  const labels: Label[] = [];
  while (reader.next()) {
    if (reader.field === 1) labels.push(readLabel(reader.message()));
    else reader.skip();
  }
  const name = labels.find(([label]) => label === '__name__')?.[1] ?? '';
  const series = seriesOf(labels, memory.about(sender, name));
  if (typeof series !== 'string' && key !== undefined) memory.series.set(key, series);
  return series;
}

function readLabel(reader: WireReader): Label {
  let name = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) value = reader.text();
    else reader.skip();
  }
  return [name, value];
}

/** MetricMetadata: the type and unit of a family. */
function learn({ sender, memory }: Request, reader: WireReader): void {
  let type = 0;
  let name = '';
  let unit = '';
  while (reader.next()) {
    if (reader.field === 1) type = reader.varint();
    else if (reader.field === 2) name = reader.text();
    else if (reader.field === 5) unit = reader.text();
    else reader.skip();
  }
  const family = type === 0 ? undefined : families[type];
  if (name !== '') memory.learn(sender, name, { family, unit });
}
