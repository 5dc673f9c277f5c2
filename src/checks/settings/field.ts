import {
  type Document,
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
} from 'yaml';
import { parseDuration } from '../../event/quantity.ts';
import type { Finding } from '../language/feature.ts';
import { nearest } from '../language/nearest.ts';

/** Characters of a file. */
const mostText = 900_000;

interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly findings: Finding[];
}

/** A value of a YAML file with its place: what is not right with it becomes a finding. */
export class Field {
  readonly name: string;
  readonly #source: Source;
  readonly #node: unknown;
  readonly #offset: number;
  readonly #nameOffset: number;

  constructor(source: Source, node: unknown, at: { name: string; offset: number }) {
    this.name = at.name;
    this.#source = source;
    this.#node = isAlias(node) ? node.resolve(source.document) : node;
    this.#offset = isNode(node) ? (node.range?.[0] ?? at.offset) : at.offset;
    this.#nameOffset = at.offset;
  }

  /** Line of the name, from 1. */
  get line(): number {
    return this.#source.lines.linePos(this.#nameOffset).line;
  }

  get exists(): boolean {
    return isNode(this.#node) && !(isScalar(this.#node) && this.#node.value === null);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  /** At the value. */
  wrong(message: string): undefined {
    this.#tell(this.#offset, message);
  }

  /** At its name. */
  wrongName(message: string): void {
    this.#tell(this.#nameOffset, message);
  }

  get(name: string): Field {
    const found = this.entries().find(([key]) => key === name);
    return found?.[1] ?? new Field(this.#source, undefined, { name, offset: this.#offset });
  }

  /** The names of a mapping with their values, each name once. */
  entries(): readonly (readonly [name: string, value: Field])[] {
    if (!isMap(this.#node)) return [];
    const found = this.#node.items.map(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : '';
      const offset = isNode(key) ? (key.range?.[0] ?? this.#offset) : this.#offset;
      return [name, new Field(this.#source, value, { name, offset })] as const;
    });
    return [...new Map(found).entries()];
  }

  /** The value as a mapping that may have only these names. */
  known(names: readonly string[]): this {
    if (!this.exists) return this;
    if (!this.isMap) this.wrong(`"${this.name}" holds names with values: ${names.join(', ')}`);
    for (const [name, value] of this.entries())
      if (!names.includes(name))
        value.wrongName(`there is no "${name}" in ${this.name}${meant(name, names)}`);
    return this;
  }

  /** The value as a mapping with names of one's own. */
  named(example: string): readonly (readonly [name: string, value: Field])[] {
    if (this.exists && !this.isMap)
      this.wrong(`"${this.name}" holds names with values, such as ${example}`);
    return this.entries();
  }

  text(): string | undefined {
    if (!this.exists) return undefined;
    if (!isScalar(this.#node)) return this.wrong(`"${this.name}" is a text`);
    const { value, source } = this.#node;
    const text = typeof value === 'string' ? value.trim() : (source ?? String(value));
    return text === '' ? this.wrong(`"${this.name}" is empty`) : text;
  }

  whole(least: number, most: number): number | undefined {
    if (!this.exists) return undefined;
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)
      return Number(value);
    return this.wrong(`"${this.name}" is a whole number from ${least} to ${most}`);
  }

  /** ms of a duration such as `30s`. */
  duration(least: string, most: string): number | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= (parseDuration(least) ?? 0) && ms <= (parseDuration(most) ?? 0))
      return ms;
    return this.wrong(`"${this.name}" is a duration from ${least} to ${most}, such as 30s or 5m`);
  }

  /** The elements of a list. */
  list(example: string): readonly Field[] {
    if (isSeq(this.#node))
      return this.#node.items.map(
        (item) => new Field(this.#source, item, { name: this.name, offset: this.#offset }),
      );
    if (this.exists) this.wrong(`"${this.name}" is a list, such as ${example}`);
    return [];
  }

  #tell(offset: number, message: string): void {
    const { line, col } = this.#source.lines.linePos(offset);
    this.#source.findings.push({ file: this.#source.file, line, column: col, message });
  }
}

/** ` Did you mean …`, or what there is. */
export function meant(text: string, candidates: readonly string[]): string {
  const near = nearest(text, candidates);
  if (near !== undefined) return `; did you mean "${near}"?`;
  return candidates.length === 0 ? '' : `; there is ${candidates.join(', ')}`;
}

/** The text of a YAML file as a field. Findings are gathered while it is read. */
export function fieldOf(
  file: string,
  text: string,
): { readonly field: Field | undefined; readonly findings: Finding[] } {
  const findings: Finding[] = [];
  const told = (message: string, offset = 0): { field: undefined; findings: Finding[] } => {
    const { line, col } = offset === 0 ? { line: 1, col: 1 } : lines.linePos(offset);
    findings.push({ file, line, column: col, message });
    return { field: undefined, findings };
  };
  const lines = new LineCounter();
  if (text.length > mostText) return told(`it has more than ${mostText} characters`);
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  } catch (error) {
    // Collections thousands deep end the parser, which is recursive.
    return told(`this is no YAML that can be read: ${String(error)}`);
  }
  const [wrong] = document.errors;
  if (wrong) return told(`this is no YAML: ${wrong.message}`, wrong.pos[0]);
  const source = { file, document, lines, findings };
  return { field: new Field(source, document.contents, { name: file, offset: 0 }), findings };
}
