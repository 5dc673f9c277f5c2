import { fieldAt, keys, special } from './fields.ts';
import { NumberScanner } from './number.ts';
import { skipValue } from './skip.ts';
import { byteAt, endOfText, pastSpace } from './text.ts';
import { timeAt } from './time.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;

const maxTags = 64;
const maxAttributes = 128;

/**
 * Reads one encoded event as positions in a buffer, without making strings: about ten times as
 * fast as `JSON.parse`. One scanner is reused for all events; its fields hold what the last
 * successful `scan` found and are overwritten by the next.
 *
 *     const scanner = new LineScanner();
 *     const behind = scanner.scan(bytes, start, bytes.length);
 *     if (behind < 0) … // unusual: fall back to JSON.parse of the line
 *     else if (scanner.ends[at.service] > 0)
 *       bytes.utf8Slice(scanner.starts[at.service], scanner.ends[at.service]);
 *
 * **The bytes must be valid UTF-8** (`isUtf8` of node:buffer over the whole buffer; what the log
 * holds is). An event is *plain*, and scanned, when its fields are known, appear once, are of the
 * right kind and not empty, its strings (outside `data`) have no backslash, and it lies in one
 * line. Lengths and ranges are not looked at, nor whether there is a `type`. For all else `scan`
 * says unusual; when it does not, the fields are exactly those of `JSON.parse`.
 */
export class LineScanner {
  /**
   * Where each text field starts (its first byte) and ends (its closing quote), by the numbers
   * of `at` in `fields.ts`; both 0 when the field is absent.
   */
  readonly starts = new Int32Array(9);
  readonly ends = new Int32Array(9);
  /** Ms since the epoch; NaN when absent. Not checked to be whole when it was sent as a number. */
  time = Number.NaN;
  /** NaN when absent. */
  metric = Number.NaN;
  /** Seconds; NaN when absent. */
  ttl = Number.NaN;
  /** How many entries of `tagStarts` and `tagEnds` count. A tag is not empty. */
  tagCount = 0;
  readonly tagStarts = new Int32Array(maxTags);
  readonly tagEnds = new Int32Array(maxTags);
  /** How many attributes; keys are distinct and not empty, values may be empty. */
  attributeCount = 0;
  readonly keyStarts = new Int32Array(maxAttributes);
  readonly keyEnds = new Int32Array(maxAttributes);
  readonly valueStarts = new Int32Array(maxAttributes);
  readonly valueEnds = new Int32Array(maxAttributes);
  /** The JSON value of `data` with its quotes or brackets; both 0 when absent. */
  dataStart = 0;
  dataEnd = 0;

  readonly #numbers = new NumberScanner();
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  /** Bit n is set when field n was met: a second one is unusual. */
  #seen = 0;
  /** The fields of the event before, in their order: a sender's events are mostly alike. */
  readonly #order = new Int8Array(15);
  #valueAt = 0;

  /**
   * Scans the event whose `{` is at `start`, not reading from `end` on. Returns the place behind
   * its `}`; -1 when it is unusual. What follows it (line end, comma) is the caller's.
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    this.#reset(bytes, end);
    if (byteAt(bytes, start, end) !== 0x7b) return -1;
    let i = start;
    let n = 0;
    do {
      i = this.#member(pastSpace(bytes, i + 1, end), n++);
      if (i < 0) return -1;
      i = pastSpace(bytes, i, end);
    } while (byteAt(bytes, i, end) === COMMA);
    return byteAt(bytes, i, end) === 0x7d ? i + 1 : -1;
  }

  /** Whether the event has a field, by the numbers of `at` and `special`; tags may be there and empty. */
  has(field: number): boolean {
    return ((this.#seen >> field) & 1) === 1;
  }

  /** Place behind the `n`th field, whose key starts at `start`, or -1. */
  #member(start: number, n: number): number {
    let field = this.#order[n] ?? 0; // a sixteenth field is one twice, and refused below
    let value = this.#pastKey(start, field);
    if (value < 0) {
      field = this.#fieldAt(start);
      if (field < 0) return -1;
      if (n < this.#order.length) this.#order[n] = field;
      value = this.#valueAt;
    }
    if (this.has(field)) return -1;
    this.#seen |= 1 << field;
    return field < special.time ? this.#text(field, value) : this.#special(field, value);
  }

  /** Place of the value when the compact key of `field` stands at `start`, or -1. */
  #pastKey(start: number, field: number): number {
    const key = keys[field];
    if (key === undefined || start + key.length >= this.#end) return -1;
    const bytes = this.#bytes;
    for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return -1;
    return pastSpace(bytes, start + key.length, this.#end);
  }

  /** Number of the field whose key starts at `start`, its value at `#valueAt`; or -1. */
  #fieldAt(start: number): number {
    const bytes = this.#bytes;
    if (byteAt(bytes, start, this.#end) !== QUOTE) return -1;
    const keyEnd = endOfText(bytes, start + 1, this.#end);
    if (keyEnd < 0) return -1;
    this.#valueAt = this.#pastColon(keyEnd + 1);
    return this.#valueAt < 0 ? -1 : fieldAt(bytes, start + 1, keyEnd);
  }

  #reset(bytes: Uint8Array, end: number): void {
    this.#bytes = bytes;
    this.#end = end;
    this.#seen = 0;
    for (let i = 0; i < 9; i++) {
      this.starts[i] = 0;
      this.ends[i] = 0;
    }
    this.time = Number.NaN;
    this.metric = Number.NaN;
    this.ttl = Number.NaN;
    this.tagCount = 0;
    this.attributeCount = 0;
    this.dataStart = 0;
    this.dataEnd = 0;
  }

  /** Place of the value behind a key that ended before `start`, or -1. */
  #pastColon(start: number): number {
    const colon = pastSpace(this.#bytes, start, this.#end);
    if (byteAt(this.#bytes, colon, this.#end) !== COLON) return -1;
    const value = pastSpace(this.#bytes, colon + 1, this.#end);
    return value < this.#end ? value : -1;
  }

  #text(field: number, start: number): number {
    if (this.#bytes[start] !== QUOTE) return -1;
    const end = endOfText(this.#bytes, start + 1, this.#end);
    if (end <= start + 1) return -1;
    this.starts[field] = start + 1;
    this.ends[field] = end;
    return end + 1;
  }

  #special(field: number, start: number): number {
    switch (field) {
      case special.time:
        return this.#time(start);
      case special.metric: {
        const behind = this.#numbers.scan(this.#bytes, start, this.#end);
        this.metric = this.#numbers.value;
        return behind;
      }
      case special.ttl: {
        const behind = this.#numbers.scan(this.#bytes, start, this.#end);
        this.ttl = this.#numbers.value;
        return behind;
      }
      case special.tags:
        return this.#tags(start);
      case special.attributes:
        return this.#attributes(start);
      default:
        this.dataStart = start;
        this.dataEnd = skipValue(this.#bytes, start, this.#end);
        return this.dataEnd;
    }
  }

  #time(start: number): number {
    if (this.#bytes[start] !== QUOTE) {
      const behind = this.#numbers.scan(this.#bytes, start, this.#end);
      this.time = this.#numbers.value;
      return behind;
    }
    const end = endOfText(this.#bytes, start + 1, this.#end);
    this.time = end < 0 ? Number.NaN : timeAt(this.#bytes, start + 1, end);
    return Number.isNaN(this.time) ? -1 : end + 1;
  }

  #tags(start: number): number {
    const bytes = this.#bytes;
    if (bytes[start] !== 0x5b) return -1;
    let i = pastSpace(bytes, start + 1, this.#end);
    if (byteAt(bytes, i, this.#end) === 0x5d) return i + 1;
    for (let tag = 0; tag < maxTags; tag++) {
      if (byteAt(bytes, i, this.#end) !== QUOTE) return -1;
      const end = endOfText(bytes, i + 1, this.#end);
      if (end <= i + 1) return -1;
      this.tagStarts[tag] = i + 1;
      this.tagEnds[tag] = end;
      this.tagCount = tag + 1;
      i = pastSpace(bytes, end + 1, this.#end);
      if (byteAt(bytes, i, this.#end) === 0x5d) return i + 1;
      if (byteAt(bytes, i, this.#end) !== COMMA) return -1;
      i = pastSpace(bytes, i + 1, this.#end);
    }
    return -1;
  }

  #attributes(start: number): number {
    const bytes = this.#bytes;
    if (bytes[start] !== 0x7b) return -1;
    let i = pastSpace(bytes, start + 1, this.#end);
    if (byteAt(bytes, i, this.#end) === 0x7d) return i + 1;
    for (let n = 0; n < maxAttributes; n++) {
      i = this.#attribute(n, i);
      if (i < 0) return -1;
      i = pastSpace(bytes, i, this.#end);
      if (byteAt(bytes, i, this.#end) === 0x7d) return i + 1;
      if (byteAt(bytes, i, this.#end) !== COMMA) return -1;
      i = pastSpace(bytes, i + 1, this.#end);
    }
    return -1;
  }

  #attribute(n: number, start: number): number {
    const bytes = this.#bytes;
    if (byteAt(bytes, start, this.#end) !== QUOTE) return -1;
    const keyEnd = endOfText(bytes, start + 1, this.#end);
    if (keyEnd <= start + 1 || this.#isKnownKey(n, start + 1, keyEnd)) return -1;
    const value = this.#pastColon(keyEnd + 1);
    if (value < 0 || bytes[value] !== QUOTE) return -1;
    const end = endOfText(bytes, value + 1, this.#end);
    if (end < 0) return -1;
    this.keyStarts[n] = start + 1;
    this.keyEnds[n] = keyEnd;
    this.valueStarts[n] = value + 1;
    this.valueEnds[n] = end;
    this.attributeCount = n + 1;
    return end + 1;
  }

  /** Whether one of the first `n` attributes has the key at `start`..`end`. */
  #isKnownKey(n: number, start: number, end: number): boolean {
    const length = end - start;
    for (let k = 0; k < n; k++) {
      const other = this.keyStarts[k] ?? 0;
      if ((this.keyEnds[k] ?? 0) - other !== length) continue;
      let i = 0;
      while (i < length && this.#bytes[other + i] === this.#bytes[start + i]) i++;
      if (i === length) return true;
    }
    return false;
  }
}
