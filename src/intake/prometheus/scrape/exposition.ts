import { isUtf8 } from 'node:buffer';
import { type Refused, refused } from '../../decoded.ts';
import { intakeErrors } from '../../errors.ts';
import { families, familiesOf, type Family } from '../kinds.ts';
import { LineProblem, readLine, type SampleLine } from './line.ts';

export interface Sample extends SampleLine {
  readonly line: number;
}

/** A page with more lines than this that can not be read is no page of metrics. */
const maxBadLines = 1_000;

/**
 * A page of metrics, line by line: Prometheus' text format 0.0.4 or OpenMetrics 1.0. A bad line is
 * refused by itself. What makes the whole page useless throws TERR_INTAKE_DECODE: it is not UTF-8, or
 * nothing but bad lines, or OpenMetrics without its `# EOF`, which is then only a part.
 */
export class Exposition {
  /** All lines of types and units so far. */
  readonly declared: string[] = [];
  /** Whether they are those of the page before: then so is what was made of names. */
  unchanged = true;
  readonly #before: readonly string[];
  readonly #text: string;
  readonly #openMetrics: boolean;
  readonly #types = new Map<string, Family>();
  readonly #units = new Map<string, string>();
  #line = 0;
  #bad = 0;
  #ended = false;

  /** `before`: what was declared by the page before. */
  constructor(body: Buffer, openMetrics: boolean, before: readonly string[] = []) {
    this.#before = before;
    if (!isUtf8(body)) throw useless('it is not UTF-8');
    this.#text = body.toString();
    this.#openMetrics = openMetrics;
  }

  *read(): Generator<Sample | { readonly refused: Refused }> {
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      const behind = end === -1 ? text.length : end;
      const stop = text[behind - 1] === '\r' ? behind - 1 : behind;
      this.#line++;
      const line = text.slice(at, stop);
      at = behind + 1;
      if (this.#ended) throw useless(`line ${this.#line} stands behind # EOF`);
      if (line.trim() === '') continue;
      if (line.startsWith('#')) this.#comment(line);
      else yield this.#sample(line);
    }
    if (this.#openMetrics && !this.#ended)
      throw useless(`after line ${this.#line} there is no # EOF, so that it is only a part`);
  }

  /** Type and unit of the family that a sample belongs to. */
  about(name: string): { readonly family: Family | undefined; readonly unit: string } {
    const names = familiesOf(name);
    const typed = names.find((one) => this.#types.has(one)) ?? '';
    const measured = names.find((one) => this.#units.has(one)) ?? '';
    return { family: this.#types.get(typed), unit: this.#units.get(measured) ?? '' };
  }

  /** When OpenMetrics says since when something counts: no reading of it. */
  isCreated(series: string): boolean {
    const [name = ''] = series.split(/[{ ]/, 1);
    if (!this.#openMetrics || !name.endsWith('_created')) return false;
    const family = this.#types.get(name.slice(0, -'_created'.length));
    return family === 'counter' || family === 'histogram' || family === 'summary';
  }

  #comment(line: string): void {
    if (this.#openMetrics && line === '# EOF') {
      this.#ended = true;
      return;
    }
    const [, word, name = '', value = ''] = /^#[ \t]+(\S+)[ \t]+(\S+)[ \t]*(.*)$/.exec(line) ?? [];
    if (word !== 'TYPE' && word !== 'UNIT') return;
    const place = this.declared.push(line) - 1;
    if (this.#before[place] !== line) this.unchanged = false;
    const family = families.find((one) => one === value.trim());
    if (word === 'UNIT') this.#units.set(name, value.trim());
    else if (family !== undefined && family !== 'unknown') this.#types.set(name, family);
  }

  #sample(line: string): Sample | { readonly refused: Refused } {
    try {
      return { ...readLine(line, this.#openMetrics), line: this.#line };
    } catch (error) {
      if (error instanceof LineProblem) return this.refuse(this.#line, error, line);
      throw error;
    }
  }

  /** Why a line is not taken. Throws when there are too many of them. */
  refuse(
    line: number,
    { message, column }: Pick<LineProblem, 'message' | 'column'>,
    sample: string,
  ): { readonly refused: Refused } {
    if (++this.#bad > maxBadLines)
      throw useless(`more than ${maxBadLines} of its lines can not be read`);
    const text = `line ${line}, column ${column}: ${message}`;
    return refused('TERR_INTAKE_DECODE', text, { line, sample: sample.slice(0, 256) });
  }
}

function useless(why: string): Error {
  return intakeErrors('DECODE', `The page of metrics can not be used: ${why}.`);
}
