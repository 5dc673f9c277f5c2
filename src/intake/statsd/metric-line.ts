import { decimal } from '../decimal.ts';

/** Type of a metric as it is written. */
export type Kind = 'c' | 'g' | 'ms' | 'h' | 'd' | 's';

const colon = 0x3a;
const bar = 0x7c;
const comma = 0x2c;
/** One sample of a billion. */
const leastRate = 1e-9;
const wrongRate = 'the sample rate is no number above 0 to 1';

/** Types by their first byte. */
const kinds: (Kind | undefined)[] = Array.from({ length: 256 }, () => undefined);
for (const kind of ['c', 'g', 'h', 'd', 's'] as const) kinds[kind.charCodeAt(0)] = kind;

/** A place in the bytes that a line was read from. */
export interface Span {
  start: number;
  end: number;
}

// The hash is FNV-1a from a start that nobody outside can know.
const seed = Math.trunc(Math.random() * 0x7fffffff);
const prime = 0x01000193;

/**
 * One line of StatsD or DogStatsD, `name:values|type|@rate|#tags|c:container|T time`. It is one
 * object, read into again and again, and holds places instead of texts, so that a line whose name is
 * known leaves no garbage.
 */
export class MetricLine {
  kind: Kind = 'c';
  readonly name: Span = { start: 0, end: 0 };
  readonly tags: Span = { start: 0, end: 0 };
  /** `c:`, the container that sent it (DogStatsD 1.2). */
  readonly container: Span = { start: 0, end: 0 };
  /** `e:`, what the platform knows of the sender (DogStatsD 1.4). */
  readonly external: Span = { start: 0, end: 0 };
  /** The one member that a set is told. */
  readonly member: Span = { start: 0, end: 0 };
  /** The share of all samples that was sent, above 0 to 1. */
  rate = 1;
  /** Seconds since the epoch, of a value that is no sample (DogStatsD 1.3); else NaN. */
  time = Number.NaN;
  /** How many of `values` are this line's. */
  count = 0;
  readonly values: number[] = [0.5];
  /** The sign that each value was written with: 0x2b, 0x2d, or what its first digit is. */
  readonly signs: number[] = [0];
  /** Of all that makes one series: name, type, tags, container, external. */
  hash = 0;
  #valuesEnd = 0;

  /** Reads what stands in [start, end); says what is wrong with it. */
  read(bytes: Uint8Array, start: number, end: number): string | undefined {
    const values = this.#readName(bytes, start, end);
    if (values < 0) return 'there is no value: a metric is written name:value|type';
    this.#valuesEnd = find(bytes, bar, values, end);
    const typeEnd = find(bytes, bar, this.#valuesEnd + 1, end);
    if (!this.#readKind(bytes, this.#valuesEnd + 1, typeEnd))
      return 'the type is none of c, g, ms, h, d and s';
    const problem = this.#readFields(bytes, typeEnd, end);
    if (problem !== undefined) return problem;
    this.#hashSpan(bytes, this.tags);
    this.#hashSpan(bytes, this.container);
    this.#hashSpan(bytes, this.external);
    return this.#readValues(bytes, values);
  }

  /** Hashes the name; where its values begin, or -1. */
  #readName(bytes: Uint8Array, start: number, end: number): number {
    let hash = seed;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === colon) {
        set(this.name, start, at);
        this.hash = hash;
        return at > start ? at + 1 : -1;
      }
      if (byte === bar) return -1;
      hash = Math.imul(hash ^ byte, prime);
    }
    return -1;
  }

  #readKind(bytes: Uint8Array, start: number, end: number): boolean {
    const first = bytes[start] ?? 0;
    const length = end - start;
    const kind = length === 2 && first === 0x6d && bytes[start + 1] === 0x73 ? 'ms' : kinds[first];
    if (kind === undefined || length !== kind.length) return false;
    this.kind = kind;
    this.hash = Math.imul(this.hash ^ (first + 0x100), prime);
    return true;
  }

  #readFields(bytes: Uint8Array, start: number, end: number): string | undefined {
    this.rate = 1;
    this.time = Number.NaN;
    set(this.tags, 0, 0);
    set(this.container, 0, 0);
    set(this.external, 0, 0);
    for (let at = start; at < end;) {
      const next = find(bytes, bar, at + 1, end);
      const problem = this.#readField(bytes, at + 1, next);
      if (problem !== undefined) return problem;
      at = next;
    }
    return undefined;
  }

  /** Fields of later versions are passed, as the Datadog agent does. */
  #readField(bytes: Uint8Array, start: number, end: number): string | undefined {
    switch (bytes[start] ?? 0) {
      case 0x23:
        set(this.tags, start + 1, end);
        return undefined;
      case 0x40:
        this.rate = decimal(bytes, start + 1, end);
        return this.rate >= leastRate && this.rate <= 1 ? undefined : wrongRate;
      case 0x54:
        this.time = decimal(bytes, start + 1, end);
        return this.time > 0 ? undefined : 'the time is no number of seconds';
      case 0x63:
        if (bytes[start + 1] === colon) set(this.container, start + 2, end);
        return undefined;
      case 0x65:
        if (bytes[start + 1] === colon) set(this.external, start + 2, end);
        return undefined;
      default:
        return undefined;
    }
  }

  #hashSpan(bytes: Uint8Array, { start, end }: Span): void {
    let hash = Math.imul(this.hash ^ 0x1ff, prime);
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), prime);
    this.hash = hash;
  }

  #readValues(bytes: Uint8Array, start: number): string | undefined {
    const end = this.#valuesEnd;
    this.count = 0;
    if (this.kind === 's') {
      set(this.member, start, end);
      this.count = 1;
      return start < end ? undefined : 'the member of the set is empty';
    }
    for (let at = start; at <= end;) {
      const next = valueEnd(bytes, at, end);
      const value = decimal(bytes, at, next);
      if (Number.isNaN(value)) return 'the value is no number';
      this.signs[this.count] = bytes[at] ?? 0;
      this.values[this.count++] = value;
      at = next + 1;
    }
    return undefined;
  }
}

/** Where a byte is next, or `end`. */
function find(bytes: Uint8Array, wanted: number, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== wanted) at++;
  return Math.min(at, end);
}

/** Several values are parted by `:` (DogStatsD 1.1) or, by hot-shots, by commas. */
function valueEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== colon && bytes[at] !== comma) at++;
  return at;
}

function set(span: Span, start: number, end: number): void {
  span.start = start;
  span.end = end;
}
