import type { Draft } from '../../../event/event.ts';
import type { Decoded } from '../../decoded.ts';
import { intakeErrors } from '../../errors.ts';
import { type WireReader, wireType } from '../../protobuf/wire.ts';
import { exemplarOf } from '../exemplar.ts';
import type { Label, Series } from '../series.ts';
import { isStale, withValue } from '../value.ts';
import type { Writing } from './writing.ts';

/** Where the parts of a series stand; the two versions number them differently. */
export interface SeriesFields {
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}

/** One series of a request, its labels known. */
export interface SeriesPart {
  readonly series: Series;
  /** Its number in the request, from 0. */
  readonly index: number;
  /** At the first field that is no label. */
  readonly reader: WireReader;
  readonly fields: SeriesFields;
  readonly writing: Writing;
  /** The labels of an exemplar out of one occurrence of its field 1, as a text where they are wrong. */
  readonly exemplarLabels: (reader: WireReader) => readonly Label[] | string;
}

/** A value at a time. */
interface Point {
  value: number;
  stale: boolean;
  /** ms since the epoch, UTC. */
  time: number;
}

/** The events of one series. Throws TERR_INTAKE_DECODE when the bytes are no protobuf. */
export function* pointsOf(part: SeriesPart): Generator<Decoded> {
  const { reader, fields, series, writing } = part;
  while (reader.next()) {
    const { field } = reader;
    if (field === fields.samples) {
      writing.charge(series.size);
      writing.kinds.push('sample');
      yield reading(series, '', readSample(reader.message()));
    } else if (field === fields.histograms) yield* histogramOf(part, reader.message());
    else if (field === fields.exemplars) {
      yield readExemplar(part, reader.message());
    } else reader.skip();
  }
}

/** `sort` keeps apart, in the identity, what one series says at one time. */
function reading({ base, hash }: Series, sort: string, point: Point): Draft {
  const { time, value } = point;
  const id = `${hash}${sort}.${time.toString(36)}`;
  if (point.stale) return { ...base, id, time, state: 'expired' };
  if (!Number.isFinite(value)) return withValue({ ...base, id, time }, value);
  const { type, service, host, environment, name, attributes } = base;
  // One shape for all series: copies of objects of many shapes took half of the time. What is
  // undefined counts as left out, hence the cast.
  return { type, id, time, service, host, environment, name, metric: value, attributes } as Draft;
}

// A value or a time of 0 is not on the wire (proto3): it is what is there when nothing comes.
function readSample(reader: WireReader): Point {
  const point: Point = { value: 0, stale: false, time: 0 };
  while (reader.next()) {
    if (reader.field === 1) readValue(reader, point);
    else if (reader.field === 2) point.time = readTime(reader);
    else reader.skip();
  }
  return point;
}

function readValue(reader: WireReader, point: Point): void {
  needs(reader, wireType.fixed64);
  const { at } = reader;
  point.value = reader.double();
  point.stale = Number.isNaN(point.value) && isStale(reader.bytes, at);
}

/** int64, without a BigInt for each: times of our age are exact. */
function readTime(reader: WireReader): number {
  needs(reader, wireType.varint);
  const value = reader.varint();
  return value < 2 ** 63 ? value : value - 2 ** 64;
}

/**
 * Of a native histogram the number of observations and their sum, named as those of a classic one.
 * (types.proto, Histogram; both versions number alike.)
 */
function* histogramOf({ series, writing }: SeriesPart, reader: WireReader): Generator<Decoded> {
  const sum: Point = { value: 0, stale: false, time: 0 };
  let count = 0;
  let gauge = false;
  while (reader.next()) {
    if (reader.field === 1) {
      needs(reader, wireType.varint);
      count = reader.varint();
    } else if (reader.field === 2) {
      needs(reader, wireType.fixed64);
      count = reader.double();
    } else if (reader.field === 3) readValue(reader, sum);
    else if (reader.field === 14) gauge = reader.varint() === gaugeHint;
    else if (reader.field === 15) sum.time = readTime(reader);
    else reader.skip();
  }
  const type = gauge ? 'gauge' : 'cumulative';
  writing.charge(2 * series.size);
  writing.kinds.push('histogram', 'none');
  yield reading(named(series, '_count', type), 'c', { ...sum, value: count });
  yield reading(named(series, '_sum', type), 's', sum);
}

/** Histogram.ResetHint.GAUGE. */
const gaugeHint = 3;

function named(series: Series, ending: string, type: string): Series {
  const { base } = series;
  const { unit, ...attributes } = base.attributes ?? {};
  const kept = ending === '_sum' && unit !== undefined ? { unit } : {};
  return {
    ...series,
    base: {
      ...base,
      name: base.name + ending,
      attributes: { ...attributes, 'metric.type': type, ...kept },
    },
  };
}

function readExemplar(part: SeriesPart, reader: WireReader): Decoded {
  const { series, writing, index } = part;
  const point: Point = { value: 0, stale: false, time: 0 };
  const labels: Label[] = [];
  while (reader.next()) {
    if (reader.field === 1) {
      const found = part.exemplarLabels(reader);
      if (typeof found === 'string') return writing.refuse('exemplar', index, found);
      labels.push(...found);
    } else if (reader.field === 2) readValue(reader, point);
    else if (reader.field === 3) point.time = readTime(reader);
    else reader.skip();
  }
  writing.charge(series.size);
  writing.kinds.push('exemplar');
  const id = `${series.hash}e.${point.time.toString(36)}`;
  return { ...exemplarOf(series, labels, point.value), id, time: point.time };
}

/** Throws when a field is not of the type that it should have. */
function needs(reader: WireReader, type: number): void {
  if (reader.type === type) return;
  const message = `The body is not the protobuf message that it should be: at byte ${reader.at} field ${reader.field} has wire type ${reader.type} where ${type} belongs.`;
  throw intakeErrors('DECODE', message);
}
