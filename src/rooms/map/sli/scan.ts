/** What is wrong with a text, and where. */
export class SliFault extends Error {
  /** From 1, in UTF-16 code units. */
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}

/** A string as it was written between quotes. */
export interface Quoted {
  readonly value: string;
  /** Index of its first character behind the quote. */
  readonly at: number;
}

/** Reads a text from left to right; what does not fit is a `SliFault`. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
    this.#space();
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Takes what the pattern, a sticky one, finds here, and the space behind it. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.at += found.length;
    this.#space();
    return found;
  }

  /** Takes a word when it is this one. */
  word(expected: string): boolean {
    const before = this.at;
    if (this.take(/[a-z]+/iy)?.toLowerCase() === expected) return true;
    this.at = before;
    return false;
  }

  /** Takes a sign, or says what was expected. */
  expect(sign: string): void {
    if (!this.text.startsWith(sign, this.at)) throw this.wrong(`"${sign}" is expected`);
    this.at += sign.length;
    this.#space();
  }

  /** A text in quotes, of which `\` takes the meaning. */
  quoted(): Quoted | undefined {
    const at = this.at + 1;
    const found = this.take(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/suy);
    if (found === undefined) return undefined;
    const quote = found[0] ?? '"';
    return { value: found.slice(1, -1).replaceAll(`\\${quote}`, quote), at };
  }

  /** What is wrong here: `message`, and what stands here instead. */
  wrong(message: string, at = this.at): SliFault {
    const here = /^(?:[\p{L}\p{N}_.-]+|.)/su.exec(this.text.slice(at))?.[0];
    const found = here === undefined ? 'and it ends here' : `and here is "${here.slice(0, 40)}"`;
    return new SliFault(`${message}, ${found}`, at + 1);
  }

  #space(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at++;
  }
}
