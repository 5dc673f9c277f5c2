/** One line of a file, without its end. */
export interface Line {
  /** Byte in the file at which it begins. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** It was longer. */
  readonly cut: boolean;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** Bytes that are done with; what is left is the beginning of a line. */
  readonly consumed: number;
  /** The rest of a line that was cut is passed over. */
  readonly passing: boolean;
}

/** Lines of one reading: what is delivered at once. */
const mostLines = 1_000;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface Reading {
  /** Byte in the file at which the bytes begin. */
  readonly offset: number;
  /** Bytes of a line; a longer one is cut there. */
  readonly most: number;
  readonly passing: boolean;
}

/**
 * The complete lines of what was read. A line that is longer than allowed is given once, cut, however
 * many readings it takes: at the same place always, so that it is known again.
 */
export function linesOf(bytes: Buffer, { offset, most, passing }: Reading): Lines {
  const lines: Line[] = [];
  let at = 0;
  let passes = passing;
  while (at < bytes.length && lines.length < mostLines) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    if (newline < 0 && !passes && end - at <= most) break;
    if (!passes) lines.push(lineOf(bytes.subarray(at, end), offset + at, most));
    passes = newline < 0;
    at = newline < 0 ? end : end + 1;
  }
  return { lines, consumed: at, passing: passes };
}

/** A line of these bytes; a carriage return before its end is none of it. */
export function lineOf(bytes: Buffer, offset: number, most: number): Line {
  const length = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
  return { offset, bytes: bytes.subarray(0, Math.min(length, most)), cut: length > most };
}
