import { byteAt } from './text.ts';

/** The powers of ten that a double holds exactly. */
const tens = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const ZERO = 0x30;

/**
 * Reads JSON numbers (RFC 8259, 6) without making strings. Up to 15 significant digits with a
 * power of ten up to 22 are computed: both are then exact doubles and one operation rounds once
 * (W. Clinger, "How to read floating point numbers accurately", 1990). All else goes to `Number`.
 */
export class NumberScanner {
  /** The number that the last `scan` read. */
  value = 0;
  #mantissa = 0;
  #digits = 0;
  #scale = 0;

  /** Place behind the number that starts at `start`, or -1 when there is none that is finite. */
  scan(bytes: Uint8Array, start: number, end: number): number {
    const negative = bytes[start] === 0x2d;
    const first = negative ? start + 1 : start;
    this.#mantissa = 0;
    this.#digits = 0;
    this.#scale = 0;
    let i = this.#run(bytes, first, end);
    if (i === first || (bytes[first] === ZERO && i > first + 1)) return -1;
    if (byteAt(bytes, i, end) === 0x2e) i = this.#fraction(bytes, i + 1, end);
    if (i > 0 && (byteAt(bytes, i, end) | 0x20) === 0x65) i = this.#exponent(bytes, i + 1, end);
    if (i < 0) return -1;
    this.value = this.#isExact() ? this.#computed(negative) : Number(latin1(bytes, start, i));
    return Number.isFinite(this.value) ? i : -1;
  }

  #isExact(): boolean {
    return this.#digits <= 15 && this.#scale >= -22 && this.#scale <= 22;
  }

  #computed(negative: boolean): number {
    const ten = tens[this.#scale < 0 ? -this.#scale : this.#scale] ?? 1;
    const size = this.#scale < 0 ? this.#mantissa / ten : this.#mantissa * ten;
    return negative ? -size : size;
  }

  #fraction(bytes: Uint8Array, start: number, end: number): number {
    const behind = this.#run(bytes, start, end);
    this.#scale = start - behind;
    return behind === start ? -1 : behind;
  }

  /** Place behind a run of digits, which are counted into the mantissa. */
  #run(bytes: Uint8Array, start: number, end: number): number {
    let mantissa = this.#mantissa;
    let digits = this.#digits;
    let i = start;
    for (; i < end; i++) {
      const digit = (bytes[i] as number) - ZERO; // a number: i < end <= bytes.length
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
      if (mantissa > 0) digits++;
    }
    this.#mantissa = mantissa;
    this.#digits = digits;
    return i;
  }

  #exponent(bytes: Uint8Array, start: number, end: number): number {
    const sign = bytes[start] ?? 0;
    const from = sign === 0x2d || sign === 0x2b ? start + 1 : start;
    let exponent = 0;
    let i = from;
    for (; i < end; i++) {
      const digit = (bytes[i] as number) - ZERO; // a number: i < end <= bytes.length
      if (digit < 0 || digit > 9) break;
      if (exponent < 10_000) exponent = exponent * 10 + digit;
    }
    if (i === from) return -1;
    this.#scale += sign === 0x2d ? -exponent : exponent;
    return i;
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
