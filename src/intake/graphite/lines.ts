import { type Decoded, refused } from '../decoded.ts';
import { Pieces } from '../pieces.ts';
import type { StreamDecoder } from '../sockets/protocol.ts';
import { numberIn, pointOf } from './point.ts';

/** Bytes of one line, as carbon has it. */
export const maxLine = 16_384;

const newline = 0x0a;

/** Reads lines `name value time`, parted by spaces or tabs. */
export function* linesIn(bytes: Buffer): Generator<Decoded> {
  const text = bytes.toString();
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const decoded = lineIn(text.slice(start, end));
    if (decoded !== undefined) yield decoded;
    start = end + 1;
  }
}

function lineIn(text: string): Decoded | undefined {
  const [path = '', value, time, more] = text.trim().split(/[ \t]+/, 4);
  if (path === '') return undefined;
  const sample = text.slice(0, 200);
  if (value === undefined || time === undefined || more !== undefined)
    return refused('TERR_INTAKE_DECODE', 'a line is written: name value time', { sample });
  const number = numberIn(value);
  if (number === undefined)
    return refused('TERR_INTAKE_DECODE', 'the value is no finite number', { sample });
  const seconds = numberIn(time);
  if (seconds === undefined)
    return refused('TERR_INTAKE_DECODE', 'the time is no number of seconds', { sample });
  return pointOf(path, number, seconds);
}

/** Lines on a connection. */
export class LineStream implements StreamDecoder {
  readonly #rest = new Pieces();
  /** A line was too long: what comes up to the next newline is its end. */
  #skipping = false;

  *data(chunk: Buffer): Generator<Decoded> {
    const last = chunk.lastIndexOf(newline);
    if (last < 0) {
      yield* this.#keep(chunk);
      return;
    }
    const start = this.#skipping ? chunk.indexOf(newline) + 1 : 0;
    this.#skipping = false;
    yield* linesIn(this.#rest.take(chunk.subarray(start, last + 1)));
    yield* this.#keep(chunk.subarray(last + 1));
  }

  /** The last line may lack its end. */
  *end(): Generator<Decoded> {
    yield* linesIn(this.#rest.take(none));
  }

  *#keep(rest: Buffer): Generator<Decoded> {
    if (this.#skipping) return;
    this.#rest.add(rest);
    if (this.#rest.length <= maxLine) return;
    this.#skipping = true;
    const sample = this.#rest.take(none).toString('utf8', 0, 200);
    yield refused('TERR_INTAKE_FRAME', `a line is longer than ${maxLine} bytes`, { sample });
  }
}

const none = Buffer.alloc(0);
