import { isMap, isNode, isScalar, isSeq } from 'yaml';
import type { MapReader } from '../../map/code/reader.ts';

/**
 * One value of a file that is ours: what is not known, or of another kind, is a fault at its place.
 * (What others define is read by the map's `Loose`, which lets it pass.)
 */
export class Field {
  readonly name: string;
  readonly #reader: MapReader;
  readonly #node: unknown;
  readonly #offset: number;

  constructor(reader: MapReader, node: unknown, at: { name: string; offset: number }) {
    this.#reader = reader;
    this.#node = reader.open(node);
    this.name = at.name;
    this.#offset = reader.at(node, at.offset);
  }

  get exists(): boolean {
    return isNode(this.#node) && !(isScalar(this.#node) && this.#node.value === null);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  error(message: string): void {
    this.#reader.error(this.#offset, message);
  }

  warn(message: string): void {
    this.#reader.warn(this.#offset, message);
  }

  get(name: string): Field {
    const found = this.entries().find(([key]) => key === name);
    return found?.[1] ?? this.#child(undefined, name, this.#offset);
  }

  entries(): readonly (readonly [name: string, value: Field])[] {
    if (!isMap(this.#node)) return [];
    return this.#node.items.map(({ key, value }) => {
      const name = this.#reader.key(key);
      return [name, this.#child(value, name, this.#reader.at(key, this.#offset))] as const;
    });
  }

  /** The value as a mapping with these names only; anything else is a fault. */
  known(names: readonly string[]): this {
    if (!this.exists) return this;
    if (!isMap(this.#node)) {
      this.error(`"${this.name}" holds names with values: ${names.join(', ')}`);
      return this;
    }
    this.unique();
    for (const [name, value] of this.entries())
      if (!names.includes(name))
        value.errorAtName(
          `there is no "${name}" in ${this.name}${this.#reader.meant(name, names) || `; it has ${names.join(', ')}`}`,
        );
    return this;
  }

  /** Names that stand twice: YAML would quietly take one of them. */
  unique(): this {
    const before = new Set<string>();
    for (const [name, value] of this.entries()) {
      if (before.has(name)) value.errorAtName(`"${name}" is there twice`);
      before.add(name);
    }
    return this;
  }

  /** A fault of the name, for which the value's own place would mislead. */
  errorAtName(message: string): void {
    this.#reader.error(this.#nameOffset ?? this.#offset, message);
  }

  /** A text; numbers and truth values as they are written. Undefined when it is empty or none. */
  text(): string | undefined {
    if (!this.exists) return undefined;
    if (!isScalar(this.#node)) {
      this.error(`"${this.name}" is a text`);
      return undefined;
    }
    return this.#reader.text(this.#node)?.trim() || this.#node.source?.trim() || undefined;
  }

  /** As `text`, also when it is an empty one. */
  plain(): string | undefined {
    if (isScalar(this.#node) && this.#node.value === '') return '';
    return this.text();
  }

  flag(): boolean | undefined {
    if (!this.exists) return undefined;
    if (isScalar(this.#node) && typeof this.#node.value === 'boolean') return this.#node.value;
    this.error(`"${this.name}" is true or false`);
    return undefined;
  }

  whole(least: number, most: number): number | undefined {
    if (!this.exists) return undefined;
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)
      return Number(value);
    this.error(`"${this.name}" is a whole number from ${least} to ${most}`);
    return undefined;
  }

  oneOf<W extends string>(words: readonly W[]): W | undefined {
    const text = this.text();
    const found = words.find((word) => word === text);
    if (text !== undefined && found === undefined)
      this.error(
        `"${this.name}" is one of ${words.join(', ')}${this.#reader.meant(text, words) || `, not "${text}"`}`,
      );
    return found;
  }

  /** `45s`, `10m`, `2h`: seconds. */
  seconds(): number | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const [, number, unit] = /^(\d{1,6})\s*(s|m|h)$/.exec(text) ?? [];
    if (number === undefined) this.error(`"${this.name}" is a time such as 45s, 10m or 2h`);
    return number === undefined
      ? undefined
      : Number(number) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1);
  }

  /** The elements of a list; what is no list stands for a list of itself. */
  list(): readonly Field[] {
    if (!isSeq(this.#node)) return this.exists ? [this] : [];
    return this.#node.items.map((item) => this.#child(item, this.name, this.#offset));
  }

  texts(): readonly string[] {
    return this.list().flatMap((one) => one.text() ?? []);
  }

  #nameOffset: number | undefined;

  #child(node: unknown, name: string, offset: number): Field {
    const child = new Field(this.#reader, node, { name, offset });
    child.#nameOffset = offset;
    return child;
  }
}
