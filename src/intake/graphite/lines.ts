import { decimal } from '../decimal.ts';
import { type Decoded, refused } from '../decoded.ts';
import { Pieces } from '../pieces.ts';
import type { StreamDecoder } from '../sockets/protocol.ts';
import { numberIn, pointOf } from './point.ts';

/** Bytes of one line, as carbon has it. */
export const maxLine = 16_384;

const newline = 0x0a;

/** Reads lines `name value time`, parted by spaces or tabs. */
export function linesIn(bytes: Buffer): Decoded[] {
  const decoded: Decoded[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const one = lineIn(bytes, start, end);
    if (one !== undefined) decoded.push(one);
    start = end + 1;
  }
  return decoded;
}

function lineIn(bytes: Buffer, start: number, end: number): Decoded | undefined {
  const path = pastBlanks(bytes, start, end);
  if (path === end) return undefined;
  const pathEnd = pastWord(bytes, path, end);
  const value = pastBlanks(bytes, pathEnd, end);
  const valueEnd = pastWord(bytes, value, end);
  const time = pastBlanks(bytes, valueEnd, end);
  const timeEnd = pastWord(bytes, time, end);
  if (time === timeEnd || pastBlanks(bytes, timeEnd, end) < end)
    return wrong('a line is written: name value time', bytes.subarray(path, end));
  const number = numberAt(bytes, value, valueEnd);
  if (number === undefined)
    return wrong('the value is no finite number', bytes.subarray(path, end));
  const seconds = decimal(bytes, time, timeEnd);
  if (Number.isNaN(seconds))
    return wrong('the time is no number of seconds', bytes.subarray(path, end));
  return pointOf(bytes.toString('utf8', path, pathEnd), number, seconds);
}

/** A number, NaN where that is written. */
function numberAt(bytes: Buffer, start: number, end: number): number | undefined {
  const number = decimal(bytes, start, end);
  return Number.isNaN(number) ? numberIn(bytes.toString('latin1', start, end)) : number;
}

/** Past spaces, tabs and the CR of a line's end. */
function pastBlanks(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(bytes[at])) at++;
  return at;
}

function pastWord(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && !isBlank(bytes[at])) at++;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function wrong(message: string, line: Buffer): Decoded {
  return refused('TERR_INTAKE_DECODE', message, { sample: line.toString('utf8', 0, 200) });
}

/** Lines on a connection. */
export class LineStream implements StreamDecoder {
  readonly #rest = new Pieces();
  /** A line was too long: what comes up to the next newline is its end. */
  #skipping = false;

  data(chunk: Buffer): Decoded[] {
    const last = chunk.lastIndexOf(newline);
    if (last < 0) return this.#keep(chunk);
    const start = this.#skipping ? chunk.indexOf(newline) + 1 : 0;
    this.#skipping = false;
    const decoded = linesIn(this.#rest.take(chunk.subarray(start, last + 1)));
    decoded.push(...this.#keep(chunk.subarray(last + 1)));
    return decoded;
  }

  /** The last line may lack its end. */
  end(): Decoded[] {
    return linesIn(this.#rest.take(none));
  }

  #keep(rest: Buffer): Decoded[] {
    if (this.#skipping) return [];
    this.#rest.add(rest);
    if (this.#rest.length <= maxLine) return [];
    this.#skipping = true;
    return [
      refused('TERR_INTAKE_FRAME', `a line is longer than ${maxLine} bytes`, {
        sample: this.#rest.take(none).toString('utf8', 0, 200),
      }),
    ];
  }
}

const none = Buffer.alloc(0);
