/** One top-level value of a body, or what stood where one should be. */
export interface JsonValue {
  readonly start: number;
  readonly end: number;
  /** From 1, by newlines. */
  readonly line: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

/**
 * Finds the values of a body that is a list of objects, objects behind each other, or objects by
 * line: what lies between the brackets of one object, whatever is inside. What is no object is found
 * as it stands up to the end of its line, so that one bad line costs itself only; in a list all that
 * is left, as nobody knows where the next item begins.
 */
export function* jsonValues(body: Buffer): Generator<JsonValue> {
  const lines = new Lines(body);
  let at = hasMark(body) ? 3 : 0;
  let list = false;
  let byLine = false;
  while (at < body.length) {
    const byte = body[at];
    const opens: boolean = byte === OPEN_LIST && !list;
    list ||= opens;
    if (opens || isBetween(byte, list)) at += 1;
    else {
      const { line, end: lineEnd } = lines.at(at);
      const close: number =
        byte === OPEN ? endOfObject(body, at, byLine ? lineEnd : body.length) : -1;
      // Behind one that broke off each must end on its line: else each would be looked for to the end.
      byLine ||= close < 0;
      const end = close < 0 ? restOf(body, list, lineEnd) : close;
      yield { start: at, end, line };
      at = end;
    }
  }
}

function hasMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}

function restOf(body: Buffer, list: boolean, lineEnd: number): number {
  return list ? body.length : lineEnd;
}

/** Which line a place is on, and where that ends; asked in ascending order, each byte is looked at once. */
class Lines {
  readonly #body: Buffer;
  #line = 1;
  #end: number;

  constructor(body: Buffer) {
    this.#body = body;
    this.#end = endOfLine(body, 0);
  }

  at(place: number): { readonly line: number; readonly end: number } {
    while (this.#end < place) {
      this.#line += 1;
      this.#end = endOfLine(this.#body, this.#end + 1);
    }
    return { line: this.#line, end: this.#end };
  }
}

/** Blanks; between the items of a list a comma, and its end. */
function isBetween(byte: number | undefined, list: boolean): boolean {
  if (byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09) return true;
  return list && (byte === COMMA || byte === CLOSE_LIST);
}

/** Behind the bracket that closes the one at `start`; -1 when there is none before `most`. */
function endOfObject(body: Buffer, start: number, most: number): number {
  let depth = 0;
  for (let i = start; i < most; i++) {
    const byte = body[i];
    if (byte === QUOTE) {
      i = endOfString(body, i + 1);
      if (i < 0) return -1;
    } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

/** The quote that closes a string; a newline, which no string holds, ends the search. */
function endOfString(body: Buffer, start: number): number {
  for (let i = start; i < body.length; i++) {
    const byte = body[i];
    if (byte === BACKSLASH) i += 1;
    else if (byte === QUOTE) return i;
    else if (byte === NEWLINE) return -1;
  }
  return -1;
}

function endOfLine(body: Buffer, start: number): number {
  const newline = body.indexOf(NEWLINE, start);
  return newline < 0 ? body.length : newline;
}
