import { isMap, isNode, isScalar, isSeq } from 'yaml';
import type { MapReader } from '../code/reader.ts';
import type { Place } from '../model.ts';

/**
 * One value of a file that others define: what is there is taken where it can be understood, and
 * what is not known is left alone.
 */
export class Loose {
  readonly #reader: MapReader;
  readonly #node: unknown;
  readonly #otherwise: number;

  constructor(reader: MapReader, node: unknown, otherwise = 0) {
    this.#reader = reader;
    this.#node = reader.open(node);
    this.#otherwise = reader.at(node, otherwise);
  }

  get place(): Place {
    return this.#reader.place(this.offset);
  }

  get offset(): number {
    return this.#reader.at(this.#node, this.#otherwise);
  }

  get exists(): boolean {
    return isNode(this.#node) && !(isScalar(this.#node) && this.#node.value === null);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  get isTrue(): boolean {
    return isScalar(this.#node) && this.#node.value === true;
  }

  /** What stands under a name, and under a name of that. */
  get(...path: readonly string[]): Loose {
    const [name, ...rest] = path;
    if (name === undefined) return this;
    const pair = isMap(this.#node)
      ? this.#node.items.find(({ key }) => this.#reader.key(key) === name)
      : undefined;
    return new Loose(this.#reader, pair?.value, this.offset).get(...rest);
  }

  text(): string | undefined {
    const text = this.#reader.text(this.#node)?.trim();
    return text === '' ? undefined : text;
  }

  /** In lower case. */
  word(): string | undefined {
    return this.text()?.toLowerCase();
  }

  /** The elements of a list; of what is no list the thing itself. */
  list(): readonly Loose[] {
    if (isSeq(this.#node))
      return this.#node.items.map((item) => new Loose(this.#reader, item, this.offset));
    return this.exists ? [this] : [];
  }

  entries(): readonly (readonly [name: string, value: Loose])[] {
    if (!isMap(this.#node)) return [];
    return this.#node.items.map(({ key, value }) => {
      const at = this.#reader.at(key, this.offset);
      return [this.#reader.key(key), new Loose(this.#reader, value, at)] as const;
    });
  }

  warn(message: string): void {
    this.#reader.warn(this.offset, message);
  }

  error(message: string): void {
    this.#reader.error(this.offset, message);
  }
}
