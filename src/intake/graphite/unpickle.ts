import { intakeErrors } from '../errors.ts';

/** What a pickle of points is made of; tuples are lists too. */
export type Pickled = null | number | string | Pickled[];

/**
 * Reads a pickle of lists, tuples, texts and numbers, of any protocol from 0 to 5 (Python's
 * `pickletools`). There is no operation in it that makes an object, calls anything or looks a name up:
 * any other than those in `operations` is refused, as is a pickle that breaks off. Lists may hold
 * themselves. Throws TERR_INTAKE_DECODE.
 */
export function unpickle(bytes: Buffer): Pickled {
  const reader = new Reader(bytes);
  for (;;) {
    const code = reader.byte();
    if (code === stop) return reader.pop();
    const operation = operations[code];
    if (operation === undefined)
      throw wrong(
        `operation 0x${code.toString(16).padStart(2, '0')} is not taken: a pickle may hold lists, tuples, texts and numbers`,
      );
    operation(reader);
  }
}

const stop = 0x2e;
const newline = 0x0a;

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  readonly #stack: Pickled[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, Pickled>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw wrong('the pickle breaks off');
    return byte;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw wrong('the pickle breaks off');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  /** Up to a newline, without it: a character for each byte. */
  line(): string {
    const end = this.#bytes.indexOf(newline, this.#at);
    if (end < 0) throw wrong('the pickle breaks off');
    const text = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  /** Little endian, of 1, 2, 4 or 8 bytes; a length of 8 bytes is never more than there is. */
  unsigned(size: 1 | 2 | 4 | 8): number {
    const bytes = this.take(size);
    return size === 8 ? Number(bytes.readBigUInt64LE()) : bytes.readUIntLE(0, size);
  }

  push(value: Pickled): void {
    this.#stack.push(value);
  }

  pop(): Pickled {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw wrong('there is nothing to take');
    return this.#stack.pop() ?? null;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** All since the last mark. */
  marked(): Pickled[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw wrong('there is no mark');
    return this.#stack.splice(mark);
  }

  append(items: readonly Pickled[]): void {
    const list = this.pop();
    if (!Array.isArray(list)) throw wrong('something is appended to what is no list');
    for (const item of items) list.push(item);
    this.push(list);
  }

  remember(place: number): void {
    const value = this.pop();
    this.#memo.set(place, value);
    this.push(value);
  }

  /** At the next place (protocol 4). */
  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(place: number): void {
    const value = this.#memo.get(place);
    if (value === undefined) throw wrong(`nothing was remembered as ${place}`);
    this.push(value);
  }
}

/** The operations that are taken, by their byte; names as in Python's pickletools. */
const operations: Readonly<Record<number, (reader: Reader) => void>> = {
  // Containers
  0x28: (r) => r.mark(), // MARK
  0x5d: (r) => r.push([]), // EMPTY_LIST
  0x6c: (r) => r.push(r.marked()), // LIST
  0x61: (r) => appendOne(r), // APPEND
  0x65: (r) => r.append(r.marked()), // APPENDS
  0x29: (r) => r.push([]), // EMPTY_TUPLE
  0x74: (r) => r.push(r.marked()), // TUPLE
  0x85: (r) => tuple(r, 1), // TUPLE1
  0x86: (r) => tuple(r, 2), // TUPLE2
  0x87: (r) => tuple(r, 3), // TUPLE3
  // Numbers
  0x4e: (r) => r.push(null), // NONE
  0x88: (r) => r.push(1), // NEWTRUE
  0x89: (r) => r.push(0), // NEWFALSE
  0x49: (r) => r.push(integer(r.line())), // INT; 00 and 01 are false and true
  0x4c: (r) => r.push(integer(r.line().replace(/L$/, ''))), // LONG
  0x46: (r) => r.push(float(r.line())), // FLOAT
  0x4a: (r) => r.push(r.take(4).readInt32LE()), // BININT
  0x4b: (r) => r.push(r.unsigned(1)), // BININT1
  0x4d: (r) => r.push(r.unsigned(2)), // BININT2
  0x47: (r) => r.push(r.take(8).readDoubleBE()), // BINFLOAT
  0x8a: (r) => r.push(long(r.take(r.unsigned(1)))), // LONG1
  // Texts, and bytes as texts
  0x53: (r) => r.push(quoted(r.line())), // STRING
  0x56: (r) => r.push(unicode(r.line())), // UNICODE
  0x54: (r) => text(r, 4), // BINSTRING
  0x55: (r) => text(r, 1), // SHORT_BINSTRING
  0x58: (r) => text(r, 4), // BINUNICODE
  0x8c: (r) => text(r, 1), // SHORT_BINUNICODE
  0x8d: (r) => text(r, 8), // BINUNICODE8
  0x42: (r) => text(r, 4), // BINBYTES
  0x43: (r) => text(r, 1), // SHORT_BINBYTES
  0x8e: (r) => text(r, 8), // BINBYTES8
  // Memory
  0x70: (r) => r.remember(integer(r.line())), // PUT
  0x71: (r) => r.remember(r.unsigned(1)), // BINPUT
  0x72: (r) => r.remember(r.unsigned(4)), // LONG_BINPUT
  0x94: (r) => r.memoize(), // MEMOIZE
  0x67: (r) => r.recall(integer(r.line())), // GET
  0x68: (r) => r.recall(r.unsigned(1)), // BINGET
  0x6a: (r) => r.recall(r.unsigned(4)), // LONG_BINGET
  // Framing
  0x80: (r) => protocol(r.byte()), // PROTO
  0x95: (r) => void r.take(8), // FRAME: how much there is, is known
};

function appendOne(reader: Reader): void {
  const item = reader.pop();
  reader.append([item]);
}

function tuple(reader: Reader, size: number): void {
  const items = Array.from({ length: size }, () => reader.pop());
  reader.push(items.reverse());
}

function text(reader: Reader, size: 1 | 4 | 8): void {
  reader.push(reader.take(reader.unsigned(size)).toString());
}

function protocol(version: number): void {
  if (version > 5) throw wrong(`protocol ${version} is not known`);
}

function integer(written: string): number {
  if (!/^-?\d{1,400}$/.test(written)) throw wrong('this is no whole number');
  return Number(written);
}

function float(written: string): number {
  const special: Readonly<Record<string, number>> = {
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    '-inf': Number.NEGATIVE_INFINITY,
  };
  const value = special[written] ?? (/^[-+\d.eE]+$/.test(written) ? Number(written) : Number.NaN);
  if (Number.isNaN(value) && written !== 'nan') throw wrong('this is no number');
  return value;
}

/** Little endian, two's complement, of up to 255 bytes. */
function long(bytes: Buffer): number {
  if (bytes.length === 0) return 0;
  const size = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  return Number(BigInt.asIntN(bytes.length * 8, size));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Bytes as Python 2's repr() writes them, as text. */
function quoted(written: string): string {
  const inner = /^(['"])(.*)\1$/s.exec(written)?.[2];
  if (inner === undefined) throw wrong('a text has no quotes');
  const bytes = inner.replace(/\\(?:x([0-9a-f]{2})|(.))/gs, (_, hex?: string, one: string = '') =>
    hex === undefined ? (escapes[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

/** A text in Python's raw-unicode-escape: Latin-1, and what is beyond it escaped. */
function unicode(written: string): string {
  return written.replace(
    /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8}))/gi,
    (all, short?: string, long_?: string) => {
      const point = Number.parseInt(short ?? long_ ?? '', 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : all;
    },
  );
}

function wrong(message: string) {
  return intakeErrors('DECODE', message);
}
