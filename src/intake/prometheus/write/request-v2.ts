import type { Decoded } from '../../decoded.ts';
import { intakeErrors } from '../../errors.ts';
import { WireReader, wireType } from '../../protobuf/wire.ts';
import { families } from '../kinds.ts';
import { type Label, type Series, seriesOf } from '../series.ts';
import { pointsOf, type SeriesFields } from './points.ts';
import type { Request } from './request-v1.ts';

const fields: SeriesFields = { samples: 2, histograms: 3, exemplars: 4 };
/** Different texts in one request. */
const maxSymbols = 500_000;
/** Numbers of texts in one series: more than twice the labels that an event may have. */
const maxRefs = 512;

/**
 * io.prometheus.write.v2.Request of remote-write 2.0 (prompb/io/prometheus/write/v2/types.proto).
 * Texts stand in one table, which comes before the series. Throws TERR_INTAKE_DECODE and
 * TERR_INTAKE_TOO_LARGE.
 */
export function* readV2(request: Request): Generator<Decoded> {
  const symbols = readSymbols(request.body);
  const reader = new WireReader(request.body);
  let index = 0;
  while (reader.next()) {
    if (reader.field === 5) yield* new SeriesOfV2(request, symbols, index++).read(reader.message());
    else reader.skip();
  }
}

function readSymbols(body: Buffer): readonly string[] {
  const symbols: string[] = [];
  const reader = new WireReader(body);
  while (reader.next()) {
    if (reader.field !== 4) reader.skip();
    else if (symbols.push(reader.text()) > maxSymbols) {
      const message = `The request has more than ${maxSymbols} symbols: send it in parts.`;
      throw intakeErrors('TOO_MANY', message);
    }
  }
  if ((symbols[0] ?? '') === '') return symbols;
  const message = 'The first symbol is not the empty text (remote-write 2.0, "Symbols").';
  throw intakeErrors('DECODE', message);
}

class SeriesOfV2 {
  readonly #request: Request;
  readonly #symbols: readonly string[];
  readonly #index: number;
  readonly #refs: number[] = [];
  #type = 0;
  #unit = 0;
  #points = 0;

  constructor(request: Request, symbols: readonly string[], index: number) {
    this.#request = request;
    this.#symbols = symbols;
    this.#index = index;
  }

  *read(reader: WireReader): Generator<Decoded> {
    const { writing, body } = this.#request;
    const start = reader.at;
    const wrong = this.#readAbout(reader);
    const series = wrong ?? this.#series();
    if (typeof series === 'string') {
      yield writing.refuse('sample', this.#index, series);
      return;
    }
    yield* pointsOf({
      series,
      index: this.#index,
      reader: new WireReader(body, start, reader.end),
      fields,
      writing,
      exemplarLabels: (one) => {
        const refs: number[] = [];
        const broken = readRefs(one, refs);
        if (broken !== undefined) return broken;
        const labels = this.#labels(refs);
        if (typeof labels !== 'string') writing.charge(charactersOf(labels));
        return labels;
      },
    });
  }

  /** Labels and metadata, wherever they stand; what is wrong with them. */
  #readAbout(reader: WireReader): string | undefined {
    let wrong: string | undefined;
    while (reader.next()) {
      if (reader.field === 1) wrong ??= readRefs(reader, this.#refs);
      else if (reader.field === 5) this.#readMetadata(reader.message());
      else {
        this.#points++;
        reader.skip();
      }
      if (wrong !== undefined) return wrong;
    }
    return this.#points === 0 ? 'it has no samples' : undefined;
  }

  #readMetadata(reader: WireReader): void {
    while (reader.next()) {
      if (reader.field === 1) this.#type = reader.varint();
      else if (reader.field === 4) this.#unit = reader.varint();
      else reader.skip();
    }
  }

  #series(): Series | string {
    const { memory, writing, sender } = this.#request;
    const labels = this.#labels(this.#refs);
    if (typeof labels === 'string') return labels;
    const unit = this.#symbols[this.#unit];
    if (unit === undefined) return `its unit is symbol ${this.#unit}, which there is not`;
    // Before the texts are put together: the same long one may be named again and again.
    writing.charge(charactersOf(labels));
    const key = `2\0${sender}\0${this.#type}\0${unit}\0${labels.flat().join('\0')}`;
    const known = memory.series.get(key);
    if (known !== undefined) return known;
    const family = this.#type === 0 ? undefined : families[this.#type];
    const series = seriesOf(labels, { family, unit });
    if (typeof series !== 'string') memory.series.set(key, series);
    return series;
  }

  #labels(refs: readonly number[]): readonly Label[] | string {
    if (refs.length % 2 !== 0) return 'a label has a name and no value';
    const labels: Label[] = [];
    for (let i = 0; i < refs.length; i += 2) {
      const name = this.#symbols[refs[i] ?? 0];
      const value = this.#symbols[refs[i + 1] ?? 0];
      if (name === undefined || value === undefined)
        return `a label names symbol ${Math.max(refs[i] ?? 0, refs[i + 1] ?? 0)}, and there are ${this.#symbols.length}`;
      labels.push([name, value]);
    }
    return labels;
  }
}

/** Packed, as proto3 writes them, or one by one; what is wrong with them. */
function readRefs(reader: WireReader, refs: number[]): string | undefined {
  if (reader.type === wireType.varint) {
    refs.push(reader.varint());
  } else {
    const packed = reader.message();
    while (packed.at < packed.end) {
      if (refs.length >= maxRefs) break;
      refs.push(packed.varint());
    }
  }
  return refs.length >= maxRefs ? `it has more than ${maxRefs / 2} labels` : undefined;
}

function charactersOf(labels: readonly Label[]): number {
  return labels.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
