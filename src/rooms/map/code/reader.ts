import { type Document, type LineCounter, type Scalar, isAlias, isNode, isScalar } from 'yaml';
import { suggest } from '../../../event/suggest.ts';
import type { MapFault, Place } from '../model.ts';
import { unveil } from './brackets.ts';

/** Faults of one file; a text in which everything is wrong is not told in full. */
const maxFaults = { error: 200, warning: 100 };
/** Nodes that aliases bring in, so that a few lines do not become millions. */
const maxAliases = 1_000;
/** Words that are compared to find what was meant; the rest of a huge map is not. */
const maxSuggestions = 50;

/** Gathers what is wrong with one file, by offsets in its text. */
export class MapReader {
  readonly file: string;
  readonly faults: MapFault[] = [];
  /** How many of the faults are errors, told or not. */
  errors = 0;
  #warnings = 0;
  document: Document.Parsed | undefined;
  readonly #text: string;
  readonly #lines: LineCounter;
  #aliases = 0;
  #suggestions = 0;
  /** Of texts with a grammar of their own: where each of their characters stands. */
  readonly #within = new WeakMap<Scalar, Int32Array>();

  constructor(file: string, text: string, lines: LineCounter) {
    this.file = file;
    this.#text = text;
    this.#lines = lines;
  }

  error(offset: number, message: string): void {
    this.#add('error', offset, { message, before: this.errors++ });
  }

  warn(offset: number, message: string): void {
    this.#add('warning', offset, { message, before: this.#warnings++ });
  }

  place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Behind what is not there: `. Did you mean "shop"?`, or nothing. */
  meant(word: string, known: Iterable<string>): string {
    if (this.#suggestions++ >= maxSuggestions) return '';
    const hint = suggest(word, [...known]);
    return hint === undefined ? '' : `. Did you mean "${hint}"?`;
  }

  /** What an alias stands for; anything else as it is. */
  open(node: unknown): unknown {
    if (!isAlias(node)) return node;
    if (++this.#aliases > maxAliases) {
      if (this.#aliases === maxAliases + 1)
        this.error(node.range?.[0] ?? 0, `there are more than ${maxAliases} uses of aliases`);
      return undefined;
    }
    return this.document ? node.resolve(this.document) : undefined;
  }

  /** Where a node begins. */
  at(node: unknown, otherwise: number): number {
    return isNode(node) ? (node.range?.[0] ?? otherwise) : otherwise;
  }

  /** The text of a scalar, numbers as they are written; undefined for what is no text. */
  text(node: unknown): string | undefined {
    if (!isScalar(node)) return undefined;
    const { value } = node;
    if (typeof value === 'string') return unveil(value);
    return typeof value === 'number' ? (node.source ?? String(value)) : undefined;
  }

  /** The text of a key, also of one that YAML takes for something else: `null`, `true`. */
  key(node: unknown): string {
    return this.text(node) ?? (isScalar(node) ? (node.source ?? '') : '');
  }

  /** Where a character of a scalar's text stands, also with quotes, escapes and several lines. */
  within(node: Scalar, character: number): number {
    const known = this.#within.get(node);
    const offsets = known ?? offsetsOf(node, this.#text);
    if (!known) this.#within.set(node, offsets);
    return offsets[Math.min(character, offsets.length - 1)] ?? 0;
  }

  #add(
    severity: MapFault['severity'],
    offset: number,
    { message, before }: { readonly message: string; readonly before: number },
  ): void {
    const most = maxFaults[severity];
    if (before > most) return;
    const told = before === most ? `there are more ${severity}s, which are not listed` : message;
    this.faults.push({ severity, message: told, ...this.place(offset) });
  }
}

/** Of each character of a scalar's text, and of its end. */
function offsetsOf(node: Scalar, text: string): Int32Array {
  const [start, end] = node.range ?? [0, 0];
  const value = typeof node.value === 'string' ? node.value : (node.source ?? '');
  const source = text.slice(start, end);
  const block = /^[|>][^\n]*\n/.exec(source);
  const offsets = new Int32Array(value.length + 1);
  let at = block ? block[0].length : /^["']/.test(source) ? 1 : 0;
  for (let i = 0; i < value.length; i++) {
    const found = placeOf(value[i] ?? '', source, at);
    offsets[i] = start + Math.min(found, source.length);
    at = found + 1;
  }
  offsets[value.length] = start + Math.min(at, source.length);
  return offsets;
}

/** White space may be folded and characters be escaped: each is looked for a little way on. */
function placeOf(wanted: string, source: string, at: number): number {
  if (/\s/.test(wanted)) {
    const rest = /^\s*/.exec(source.slice(at, at + 200))?.[0].length ?? 0;
    return rest === 0 ? at : at + rest - 1;
  }
  const found = source.slice(at, at + 200).indexOf(wanted);
  return found < 0 ? at : at + found;
}
