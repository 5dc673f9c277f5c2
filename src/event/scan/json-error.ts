/** Where a text stops being JSON, and what would have been right there. */
export interface JsonError {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count them. */
  readonly column: number;
  readonly expected: string;
}

const blank = /[ \t\n\r]*/y;
/** A string without its closing quote: as far as it is right. */
const opened = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*/y;
const string = new RegExp(`${opened.source}"`, 'y');
const bare = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Finds the place at which `text` breaks the grammar of JSON (RFC 8259); undefined when it does
 * not. `JSON.parse` of this engine names no place for most errors, so this runs after it threw.
 */
export function findJsonError(text: string): JsonError | undefined {
  const found = new Walk(text).run();
  if (found === undefined) return undefined;
  const before = text.slice(0, found.at);
  const line = before.split('\n').length;
  return { line, column: found.at - before.lastIndexOf('\n'), expected: found.expected };
}

interface Found {
  readonly at: number;
  readonly expected: string;
}

/** One pass over the text, with a stack of its own: hostile nesting cannot exhaust ours. */
class Walk {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;
  /** The first value of the innermost object or array is still to be walked. */
  #pending = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Found | undefined {
    let wrong = this.#value();
    while (wrong === undefined && this.#open.length > 0) wrong = this.#next();
    if (wrong !== undefined) return wrong;
    this.#match(blank);
    return this.#at < this.#text.length ? this.#expected('the end') : undefined;
  }

  /** Passes a scalar, an empty object or array, or goes into a filled one up to its first value. */
  #value(): Found | undefined {
    this.#match(blank);
    const c = this.#text[this.#at];
    if (c !== '{' && c !== '[')
      return this.#match(string) || this.#match(bare) ? undefined : this.#badScalar();
    this.#at++;
    this.#match(blank);
    if (this.#text[this.#at] === (c === '{' ? '}' : ']')) {
      this.#at++;
      return undefined;
    }
    this.#open.push(c);
    return c === '{' ? (this.#key() ?? this.#first()) : this.#first();
  }

  /** A first value is walked by `next`, so that nesting does not recurse. */
  #first(): undefined {
    this.#pending = true;
    return undefined;
  }

  /** Goes on inside the innermost open object or array. */
  #next(): Found | undefined {
    if (this.#pending) {
      this.#pending = false;
      return this.#value();
    }
    this.#match(blank);
    const inside = this.#open.at(-1);
    const close = inside === '{' ? '}' : ']';
    const c = this.#text[this.#at];
    if (c === close) {
      this.#at++;
      this.#open.pop();
      return undefined;
    }
    if (c !== ',') return this.#expected(`"," or "${close}"`);
    this.#at++;
    return (inside === '{' ? this.#key() : undefined) ?? this.#value();
  }

  #key(): Found | undefined {
    this.#match(blank);
    if (!this.#match(string))
      return this.#text[this.#at] === '"' ? this.#badScalar() : this.#expected('a name in quotes');
    this.#match(blank);
    if (this.#text[this.#at] !== ':') return this.#expected('":"');
    this.#at++;
    return undefined;
  }

  /** Points into a string at the character that is not allowed. */
  #badScalar(): Found {
    if (this.#text[this.#at] !== '"') return this.#expected('a value');
    this.#match(opened);
    const c = this.#text[this.#at];
    if (c === undefined) return this.#expected('the closing quote');
    return this.#expected(c === '\\' ? 'a valid escape' : 'no control character inside a text');
  }

  #expected(expected: string): Found {
    return { at: this.#at, expected };
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.#at += found[0].length;
    return true;
  }
}
