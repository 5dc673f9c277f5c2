import type { Label } from '../series.ts';

/** Why a line is no sample, and where: column from 1, in UTF-16 units. */
export class LineProblem extends Error {
  readonly column: number;

  constructor(column: number, message: string) {
    super(message);
    this.column = column;
  }
}

/** A sample as it stands in its line; labels are read where they are not known yet. */
export interface SampleLine {
  /** Name and labels, as text. */
  readonly series: string;
  readonly value: number;
  /** ms since the epoch, UTC. */
  readonly time: number | undefined;
  /** What follows `# `, in OpenMetrics. */
  readonly exemplar: string | undefined;
}

/**
 * Reads a line that is neither empty nor a comment: Prometheus' text format 0.0.4 or OpenMetrics 1.0.
 * Throws LineProblem.
 */
export function readLine(line: string, openMetrics: boolean): SampleLine {
  const start = pastBlank(line, 0);
  const end = endOfSeries(line, start);
  if (end === start) throw new LineProblem(start + 1, 'there is no name');
  const mark = openMetrics ? line.indexOf(' # ', end) : -1;
  const rest = new Words(line, end, mark === -1 ? line.length : mark);
  const value = numberOf(rest.next('a value'), rest.column);
  const stamp = rest.maybe();
  const time = stamp === undefined ? undefined : timeOf(stamp, openMetrics, rest.column);
  const more = rest.maybe();
  if (more !== undefined)
    throw new LineProblem(rest.column, `${quote(more)} stands behind the time`);
  const exemplar = mark === -1 ? undefined : line.slice(mark + 3);
  return { series: line.slice(start, end), value, time, exemplar };
}

/** Name, as label `__name__`, and labels of a series. Throws LineProblem; columns count in `text`. */
export function readSeries(text: string): readonly Label[] {
  const labels: Label[] = [];
  let at = nameEnd(text, 0, true);
  if (at > 0) labels.push(['__name__', text.slice(0, at)]);
  at = pastBlank(text, at);
  if (at === text.length) return labels;
  if (text[at] !== '{') throw new LineProblem(at + 1, 'a name ends here that is none');
  at = pastBlank(text, at + 1);
  while (text[at] !== '}') {
    at = readLabel(text, at, labels);
    if (text[at] === ',') at = pastBlank(text, at + 1);
    else if (text[at] !== '}') throw new LineProblem(at + 1, 'a comma or } is missing');
  }
  return labels;
}

/** Adds the label that begins at `at`; gives where it ends. */
function readLabel(text: string, at: number, labels: Label[]): number {
  const quoted = text[at] === '"';
  const nameStop = quoted ? closingQuote(text, at) + 1 : nameEnd(text, at, false);
  if (nameStop === at) throw new LineProblem(at + 1, 'there is no name of a label');
  const name = quoted ? unescape(text.slice(at + 1, nameStop - 1)) : text.slice(at, nameStop);
  const equals = pastBlank(text, nameStop);
  if (text[equals] !== '=') {
    // Names outside of the old alphabet stand in braces, in quotes, without a value (Prometheus 3).
    if (!quoted) throw new LineProblem(equals + 1, 'there is no =');
    labels.push(['__name__', name]);
    return equals;
  }
  const open = pastBlank(text, equals + 1);
  if (text[open] !== '"') throw new LineProblem(open + 1, 'the value of a label is not in quotes');
  const close = closingQuote(text, open);
  labels.push([name, unescape(text.slice(open + 1, close))]);
  return pastBlank(text, close + 1);
}

/** An exemplar: `{labels} value [time]`. Throws LineProblem. */
export function readExemplar(text: string): {
  readonly labels: readonly Label[];
  readonly value: number;
  readonly time: number | undefined;
} {
  const end = endOfSeries(text, 0);
  const labels = readSeries(text.slice(0, end));
  const rest = new Words(text, end, text.length);
  const value = numberOf(rest.next('a value'), rest.column);
  const stamp = rest.maybe();
  return {
    labels,
    value,
    time: stamp === undefined ? undefined : timeOf(stamp, true, rest.column),
  };
}

/** Words between blanks. */
class Words {
  /** Where the last one began, from 1. */
  column = 1;
  readonly #text: string;
  readonly #end: number;
  #at: number;

  constructor(text: string, at: number, end: number) {
    this.#text = text;
    this.#at = at;
    this.#end = end;
  }

  maybe(): string | undefined {
    const start = pastBlank(this.#text, this.#at);
    if (start >= this.#end) return undefined;
    let at = start;
    while (at < this.#end && !isBlank(this.#text.charCodeAt(at))) at++;
    this.#at = at;
    this.column = start + 1;
    return this.#text.slice(start, at);
  }

  next(what: string): string {
    const word = this.maybe();
    if (word === undefined) throw new LineProblem(this.#end + 1, `${what} is missing`);
    return word;
  }
}

/** Where name and labels end. */
function endOfSeries(line: string, start: number): number {
  let at = start;
  while (at < line.length && !isBlank(line.charCodeAt(at)) && line[at] !== '{') at++;
  const brace = pastBlank(line, at);
  if (line[brace] !== '{') return at;
  for (let i = brace + 1; i < line.length; i++) {
    if (line[i] === '"') i = closingQuote(line, i);
    else if (line[i] === '}') return i + 1;
  }
  throw new LineProblem(line.length + 1, 'the } of the labels is missing');
}

function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i++;
    else if (code === 0x22) return i;
  }
  throw new LineProblem(text.length + 1, `the quote of column ${open + 1} is not closed`);
}

/** Behind the name at `at`; colons belong to names of metrics alone. */
function nameEnd(text: string, at: number, colons: boolean): number {
  let i = at;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    const digit = code >= 0x30 && code <= 0x39 && i > at;
    if (!letter && !digit && code !== 0x5f && !(colons && code === 0x3a)) break;
  }
  return i;
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(["\\n])/g, (_, one: string) => (one === 'n' ? '\n' : one));
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function numberOf(word: string, column: number): number {
  if (decimal.test(word)) return Number(word);
  if (/^nan$/i.test(word)) return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/i.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  throw new LineProblem(column, `${quote(word)} is no number`);
}

/** ms since the epoch; OpenMetrics says seconds. */
function timeOf(word: string, openMetrics: boolean, column: number): number {
  if (openMetrics && decimal.test(word)) return Math.round(Number(word) * 1000);
  if (!openMetrics && /^[+-]?\d+$/.test(word)) return Number(word);
  const unit = openMetrics ? 'seconds' : 'whole milliseconds';
  throw new LineProblem(column, `${quote(word)} is no time in ${unit}`);
}

const quote = (word: string): string => JSON.stringify(word.slice(0, 64));

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

function pastBlank(text: string, at: number): number {
  let i = at;
  while (isBlank(text.charCodeAt(i))) i++;
  return i;
}
