import { isUtf8 } from 'node:buffer';
import { type GatherOptions, type Gathered, Gathering } from './gathering.ts';
import { findJsonError } from './scan/json-error.ts';

const LF = 0x0a;
const CR = 0x0d;
const blankLine = /^[ \t]*$/;

/**
 * Reads NDJSON, one event a line, in steps, so that a large body need not hold up others. Blank
 * lines are passed, CR LF ends a line as LF does, the last line may end without either, a byte
 * order mark is passed. The body must not be changed afterwards: the lines may be views of it.
 */
export class NdjsonReader {
  readonly gathering: Gathering;
  readonly #body: Buffer;
  readonly #options: GatherOptions;
  readonly #valid: boolean;
  #at: number;
  #line = 0;

  constructor(body: Buffer, options: GatherOptions) {
    this.#body = body;
    this.#options = options;
    this.gathering = new Gathering(options);
    this.#valid = isUtf8(body);
    const mark = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
    this.#at = mark ? 3 : 0;
  }

  /** Reads up to `lines` lines. False when the body is at its end. */
  read(lines: number): boolean {
    const body = this.#body;
    const last = this.#line + lines;
    while (this.#at < body.length && this.#line < last) {
      this.#line++;
      const start = this.#at;
      if (!this.#valid) {
        this.#closer(start);
        continue;
      }
      const behind = this.gathering.scanner.scan(body, start, body.length);
      const whole = behind > 0 && (behind === body.length || isLineEnd(body, behind));
      if (whole && this.gathering.plain(body, start, behind))
        this.#at = behind + (body[behind] === CR ? 2 : 1);
      else this.#closer(start);
    }
    return this.#at < body.length;
  }

  /** Takes the line at `start` by way of `JSON.parse`. */
  #closer(start: number): void {
    const found = this.#body.indexOf(LF, start);
    const lineEnd = found < 0 ? this.#body.length : found;
    this.#at = lineEnd + 1;
    const end = lineEnd > start && this.#body[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const place = { line: this.#line };
    const most = this.#options.limits.eventBytes;
    if (end - start > most) {
      const message = `the line has ${end - start} bytes, and ${most} are allowed: send a reference to large data instead`;
      this.gathering.refuse(place, { field: '', code: 'TERR_EVENT_TOO_LARGE', message });
      return;
    }
    if (!this.#valid && !isUtf8(this.#body.subarray(start, end))) {
      const message = 'the line is not valid UTF-8: encode the text as UTF-8';
      this.gathering.refuse(place, { field: '', code: 'TERR_EVENT_JSON', message });
      return;
    }
    const text = this.#body.toString('utf8', start, end);
    if (blankLine.test(text)) return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      const message = this.gathering.tells ? jsonMessage(text) : '';
      this.gathering.refuse(place, { field: '', code: 'TERR_EVENT_JSON', message });
      return;
    }
    this.gathering.draft(value, place);
  }
}

function isLineEnd(body: Buffer, at: number): boolean {
  return body[at] === LF || (body[at] === CR && body[at + 1] === LF);
}

/** What is wrong with one line of text that is not JSON. */
function jsonMessage(text: string): string {
  const wrong = findJsonError(text);
  return wrong === undefined
    ? 'the line is not JSON'
    : `the line is not JSON: at column ${wrong.column} ${wrong.expected} was expected`;
}

/** Reads a whole body at once. */
export function readNdjson(body: Buffer, options: GatherOptions): Gathered {
  const reader = new NdjsonReader(body, options);
  reader.read(Number.MAX_SAFE_INTEGER);
  return reader.gathering.result();
}
