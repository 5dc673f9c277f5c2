import { CodedError } from '../../errors/coded-error.ts';
import { type Decoded, refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import { Pieces } from '../pieces.ts';
import type { StreamDecoder } from '../sockets/protocol.ts';
import { numberIn, pointOf } from './point.ts';
import { type Pickled, unpickle } from './unpickle.ts';

/** Bytes of one message, as carbon has it. */
export const maxMessage = 1 << 20;

const prefixBytes = 4;
/** The fewest bytes that a point takes in a pickle, when its name and time were remembered. */
const leastPoint = 8;
/** A name may be remembered and used again: so many characters of names for each byte. */
const mostNames = 16;

/** Reads one pickle: a list of (name, (time, value)). What is wrong with it whole is yielded too. */
export function* pointsIn(bytes: Buffer): Generator<Decoded> {
  let points: Pickled;
  try {
    points = unpickle(bytes);
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    yield refused(cause.code, cause.message);
    return;
  }
  if (!Array.isArray(points) || points.length * leastPoint > bytes.length) {
    yield wrong(Array.isArray(points) ? 'it has more points than bytes for them' : notPoints);
    return;
  }
  let names = 0;
  for (const [index, point] of points.entries()) {
    const read = partsOf(point);
    names += read?.path.length ?? 0;
    if (names > bytes.length * mostNames) {
      yield wrong('it uses the same names too often');
      return;
    }
    const decoded = read ? pointOf(read.path, read.value, read.seconds) : wrong(notPoints, index);
    if (decoded !== undefined) yield decoded;
  }
}

const notPoints = 'a pickle is a list of (name, (time, value))';

function partsOf(point: Pickled) {
  if (!Array.isArray(point) || point.length !== 2) return undefined;
  const [path, pair] = point;
  if (typeof path !== 'string' || !Array.isArray(pair) || pair.length !== 2) return undefined;
  const [seconds, value] = pair.map(numberOf);
  return seconds === undefined || value === undefined ? undefined : { path, seconds, value };
}

/** Python's float() takes numbers in texts too, and so does carbon; None is no value. */
function numberOf(value: Pickled): number | undefined {
  if (typeof value === 'number') return value;
  if (value === null) return Number.NaN;
  return typeof value === 'string' ? numberIn(value.trim()) : undefined;
}

function wrong(message: string, index?: number): Decoded {
  return refused('TERR_INTAKE_DECODE', message, index === undefined ? {} : { index });
}

/** Pickles on a connection, each after its length (32 bits, big endian). */
export class PickleStream implements StreamDecoder {
  readonly #rest = new Pieces();
  /** Bytes that are to be there before there is something to read. */
  #wanted = prefixBytes;

  *data(chunk: Buffer): Generator<Decoded> {
    if (this.#rest.length + chunk.length < this.#wanted) {
      this.#rest.add(chunk);
      return;
    }
    const bytes = this.#rest.take(chunk);
    let at = 0;
    this.#wanted = prefixBytes;
    while (bytes.length - at >= prefixBytes) {
      const length = bytes.readUInt32BE(at);
      if (length > maxMessage)
        throw intakeErrors(
          'FRAME',
          `a message says that it is ${length} bytes long, and ${maxMessage} are taken`,
        );
      this.#wanted = prefixBytes + length;
      if (bytes.length - at < this.#wanted) break;
      yield* pointsIn(bytes.subarray(at + prefixBytes, at + this.#wanted));
      at += this.#wanted;
      this.#wanted = prefixBytes;
    }
    this.#rest.add(bytes.subarray(at));
  }

  *end(): Generator<Decoded> {
    if (this.#rest.length === 0) return;
    this.#rest.clear();
    yield refused('TERR_INTAKE_FRAME', 'the connection ended inside a message');
  }
}
