import { Dictionary, textHash } from '../../history/columns/dictionary.ts';
import type { EventColumns } from '../../history/columns/event-columns.ts';

/** Number of a text in the dictionary of a block; 0 where the block has it not. */
export function idOf(dictionary: Dictionary, text: string): number {
  const bytes = Buffer.from(text);
  const hash = textHash(bytes, 0, bytes.length);
  for (let id = 1; id < dictionary.size; id++)
    if (dictionary.hashOf(id) === hash && bytes.equals(dictionary.bytesOf(id))) return id;
  return 0;
}

/**
 * The values of some attributes of a block, as numbers of texts: equal numbers are equal texts. Only
 * the rows that are asked for are looked at.
 */
export class AttributeTexts {
  readonly #columns: EventColumns;
  readonly #keys: readonly number[];
  /** Of each key of the block: which name it is, from 1 on; 0 for none. */
  readonly #nameOf: Uint8Array;
  readonly #texts = new Dictionary();
  readonly #decoded: string[] = [];

  constructor(columns: EventColumns, names: readonly string[]) {
    this.#columns = columns;
    this.#keys = names.map((name) => idOf(columns.keys.dictionary, name));
    this.#nameOf = new Uint8Array(columns.keys.dictionary.size);
    for (const [at, key] of this.#keys.entries()) if (key > 0) this.#nameOf[key] = at + 1;
  }

  /** Whether any event of the block has the attribute at this place of the names. */
  has(name: number): boolean {
    return (this.#keys[name] ?? 0) > 0;
  }

  /** Number of the text that a row has under a name; 0 for none. */
  idAt(row: number, name: number): number {
    const key = this.#keys[name] ?? 0;
    if (key === 0) return 0;
    const { keys, values, attributeEnds } = this.#columns;
    const { ints } = keys.ids;
    const end = attributeEnds.ints[row + 1] ?? 0;
    for (let i = attributeEnds.ints[row] ?? 0; i < end; i++)
      if (ints[i] === key) {
        const { bytes, ends } = values;
        return this.#texts.add(bytes.bytes, ends.ints[i] ?? 0, ends.ints[i + 1] ?? 0);
      }
    return 0;
  }

  /** The same under each of the first names, as many as `into` has room for. */
  read(row: number, into: Int32Array): void {
    const { keys, values, attributeEnds } = this.#columns;
    const { ints } = keys.ids;
    const { bytes, ends } = values;
    into.fill(0);
    const end = attributeEnds.ints[row + 1] ?? 0;
    for (let i = attributeEnds.ints[row] ?? 0; i < end; i++) {
      const name = this.#nameOf[ints[i] ?? 0] ?? 0;
      if (name > 0 && name <= into.length)
        into[name - 1] = this.#texts.add(bytes.bytes, ends.ints[i] ?? 0, ends.ints[i + 1] ?? 0);
    }
  }

  /** The same of every row. */
  idsOf(name: number): Int32Array {
    const ids = new Int32Array(this.#columns.rows);
    for (let row = 0; row < ids.length; row++) ids[row] = this.idAt(row, name);
    return ids;
  }

  textOf(id: number): string {
    return (this.#decoded[id] ??= this.#texts.textOf(id));
  }

  /** `textHash` of a text. */
  hashOf(id: number): number {
    return this.#texts.hashOf(id);
  }
}
