import { textHash } from '../../history/columns/dictionary.ts';
import type { EventColumns } from '../../history/columns/event-columns.ts';
import type { Seen } from '../../rooms/map/seen.ts';
import { AttributeTexts, idOf } from './attributes.ts';

/** Parts of a key that are fields of the event; behind them come the check and the namespace. */
const fields = ['source', 'service', 'host', 'environment', 'type'] as const;
const checkPart = fields.length;

/** The numbers that a block gives to the texts by which a row is told apart, and the texts. */
export class RowNames {
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #c: Int32Array;
  readonly #d: Int32Array;
  readonly #type: Int32Array;
  readonly #name: Int32Array;
  /** Number of the type `check`; -1 where the block has none. */
  readonly #check: number;
  readonly #columns: EventColumns;
  readonly #namespaces: AttributeTexts;
  /** Of each row, where any has one. */
  readonly #namespace: Int32Array | undefined;
  readonly #texts: readonly string[][] = [...fields, 'name'].map(() => []);

  constructor(columns: EventColumns) {
    const [a, b, c, d, type] = fields;
    this.#columns = columns;
    this.#a = columns.repeating(a).ids.ints;
    this.#b = columns.repeating(b).ids.ints;
    this.#c = columns.repeating(c).ids.ints;
    this.#d = columns.repeating(d).ids.ints;
    this.#type = columns.repeating(type).ids.ints;
    this.#name = columns.repeating('name').ids.ints;
    this.#check = idOf(columns.repeating(type).dictionary, 'check') || -1;
    this.#namespaces = new AttributeTexts(columns, ['service.namespace']);
    if (this.#namespaces.has(0)) this.#namespace = this.#namespaces.idsOf(0);
  }

  slotOf(row: number): number {
    const type = this.#type[row] ?? 0;
    let hash = Math.imul(this.#a[row] ?? 0, 0x85ebca6b) ^ Math.imul(this.#b[row] ?? 0, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(this.#c[row] ?? 0, 0x27d4eb2f), 0x165667b1);
    hash = Math.imul(hash ^ (hash >>> 13) ^ Math.imul(this.#d[row] ?? 0, 0x9e3779b1), 0x85ebca6b);
    hash ^= type;
    if (type === this.#check) hash ^= Math.imul(this.#name[row] ?? 0, 0x27d4eb2f);
    if (this.#namespace) hash ^= Math.imul(this.#namespace[row] ?? 0, 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  }

  same(one: number, other: number): boolean {
    return (
      this.#a[one] === this.#a[other] &&
      this.#b[one] === this.#b[other] &&
      this.#c[one] === this.#c[other] &&
      this.#d[one] === this.#d[other] &&
      this.#type[one] === this.#type[other] &&
      this.#checkAt(one) === this.#checkAt(other) &&
      this.#namespace?.[one] === this.#namespace?.[other]
    );
  }

  isCheck(row: number): boolean {
    return this.#checkAt(row) > 0;
  }

  /** As `hashOfKey` of the row's text, from the hashes that the block has of its texts. */
  hashOf(row: number): number {
    let hash = 0;
    for (const field of fields) {
      const { dictionary, ids } = this.#columns.repeating(field);
      hash = mix(hash, dictionary.hashOf(ids.ints[row] ?? 0));
    }
    hash = mix(hash, this.#columns.repeating('name').dictionary.hashOf(this.#checkAt(row)));
    return mix(hash, this.#namespaces.hashOf(this.#namespace?.[row] ?? 0));
  }

  textOf(row: number): string {
    let key = '';
    for (const [i, field] of fields.entries()) {
      const id = this.#columns.repeating(field).ids.ints[row] ?? 0;
      key += `${this.#text(i, field, id)}\0`;
    }
    const namespace = this.#namespaces.textOf(this.#namespace?.[row] ?? 0);
    return `${key}${this.#text(checkPart, 'name', this.#checkAt(row))}\0${namespace}`;
  }

  /** Number of the name of a check; 0 for any other event. */
  #checkAt(row: number): number {
    return this.#type[row] === this.#check ? (this.#name[row] ?? 0) : 0;
  }

  /** Each text of the block is decoded once. */
  #text(at: number, field: (typeof fields)[number] | 'name', id: number): string {
    const texts = this.#texts[at] ?? [];
    return (texts[id] ??= this.#columns.repeating(field).dictionary.textOf(id));
  }
}

/** False where a name has a U+0000 in it, by which the parts of a key are divided. */
export const isKey = (key: string): boolean => key.split('\0').length === checkPart + 2;

/** The name of a check in a key; empty for any other event. */
export const checkOfKey = (key: string): string => key.split('\0')[checkPart] ?? '';

/** The names that a key was made of. */
export function namesOfKey(key: string): Pick<Seen, 'source' | 'type'> & Partial<Seen> {
  const [source = '', service, host, environment, type = '', check, namespace] = key.split('\0');
  return {
    source,
    ...(isText(service) && { service }),
    ...(isText(namespace) && { namespace }),
    ...(isText(environment) && { environment }),
    ...(isText(host) && { host }),
    ...(isText(check) && { check }),
    type,
  };
}

const isText = (text: string | undefined): text is string => text !== undefined && text !== '';

/** As `RowNames.hashOf` of the row that the key is of. */
export function hashOfKey(key: string): number {
  let hash = 0;
  for (const text of key.split('\0')) {
    const bytes = Buffer.from(text);
    hash = mix(hash, textHash(bytes, 0, bytes.length));
  }
  return hash;
}

function mix(hash: number, next: number): number {
  const mixed = Math.imul(hash ^ next, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
