import { isMap, isScalar, isSeq } from 'yaml';
import { parseDuration } from '../../../event/quantity.ts';
import type { MapReader } from './reader.ts';

/** One name of a mapping and what it has; aliases are opened. */
export interface Entry {
  readonly name: string;
  /** Offset of the name. */
  readonly at: number;
  readonly node: unknown;
}

/** What a mapping is called in messages, and the names that it may have: any, if left out. */
interface About {
  readonly what: string;
  readonly keys?: readonly string[];
  /** Where it would stand. */
  readonly at: number;
}

const mostCharacters = 2_000;

/** The names and values of one mapping, checked one by one. What is wrong is told and left out. */
export class Fields {
  readonly reader: MapReader;
  readonly at: number;
  readonly #entries = new Map<string, Entry>();

  private constructor(reader: MapReader, at: number) {
    this.reader = reader;
    this.at = at;
  }

  /** Undefined for what is no mapping, which is told. Nothing at all is an empty one. */
  static read(reader: MapReader, given: unknown, about: About): Fields | undefined {
    const node = reader.open(given);
    const fields = new Fields(reader, reader.at(given, about.at));
    if (isMap(node)) {
      fields.#take(node.items, about);
      return fields;
    }
    if (isNothing(node)) return fields;
    reader.error(fields.at, `${about.what} has names and values, such as "name: value"`);
    return undefined;
  }

  entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  get(name: string): Entry | undefined {
    return this.#entries.get(name);
  }

  text(name: string): string | undefined {
    const entry = this.get(name);
    return entry && textIn(this.reader, entry);
  }

  flag(name: string): boolean | undefined {
    const entry = this.get(name);
    if (!entry) return undefined;
    const value: unknown = isScalar(entry.node) ? entry.node.value : undefined;
    if (typeof value === 'boolean') return value;
    this.#wrong(entry, 'true or false');
    return undefined;
  }

  whole(name: string, least: number, most = 1_000_000): number | undefined {
    const value = this.number(name);
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    const entry = this.get(name);
    const many = most.toLocaleString('en');
    if (entry) this.#wrong(entry, `a whole number from ${least} to ${many}`);
    return undefined;
  }

  number(name: string): number | undefined {
    const entry = this.get(name);
    if (!entry) return undefined;
    const value: unknown = isScalar(entry.node) ? entry.node.value : undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.#wrong(entry, 'a number');
    return undefined;
  }

  /** ms */
  duration(name: string): number | undefined {
    const entry = this.get(name);
    if (!entry) return undefined;
    const ms = parseDuration(this.reader.text(entry.node) ?? '');
    if (ms !== undefined && ms > 0 && Number.isSafeInteger(ms)) return ms;
    this.#wrong(entry, 'a duration such as 90s, 30m, 12h or 7d');
    return undefined;
  }

  /** The elements of a list; a single one may stand without a list. */
  list(name: string): readonly Entry[] {
    const entry = this.get(name);
    if (!entry || isNothing(entry.node)) return [];
    if (!isSeq(entry.node)) return [entry];
    return entry.node.items.map((item) => {
      const at = this.reader.at(item, entry.at);
      return { name, at, node: this.reader.open(item) };
    });
  }

  texts(name: string): readonly string[] {
    return this.list(name).flatMap((entry) => textIn(this.reader, entry) ?? []);
  }

  #take(items: readonly { readonly key: unknown; readonly value: unknown }[], about: About): void {
    const inherited: Entry[] = [];
    for (const { key, value } of items) {
      const name = this.reader.key(key);
      const entry = { name, at: this.reader.at(key, this.at), node: this.reader.open(value) };
      if (name === '<<') inherited.push(entry);
      else this.#add(entry, about);
    }
    for (const { node } of inherited)
      for (const one of isSeq(node) ? node.items : [node]) this.#inherit(one, about);
  }

  /** `<<: *base`: what is not said here is as it is there. */
  #inherit(given: unknown, about: About): void {
    const node = this.reader.open(given);
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      const name = this.reader.key(key);
      if (name === '<<' || this.#entries.has(name)) continue;
      const entry = { name, at: this.reader.at(key, this.at), node: this.reader.open(value) };
      this.#add(entry, about);
    }
  }

  #add(entry: Entry, { what, keys }: About): void {
    const { name, at } = entry;
    const before = this.#entries.get(name);
    if (before) {
      const { line, column } = this.reader.place(before.at);
      this.reader.error(at, `"${name}" is declared at line ${line}, column ${column} already`);
      return;
    }
    if (keys && !keys.includes(name)) {
      const hint = this.reader.meant(name, keys) || `: ${keys.join(', ')}`;
      this.reader.error(at, `there is no ${JSON.stringify(name.slice(0, 64))} in ${what}${hint}`);
      return;
    }
    this.#entries.set(name, entry);
  }

  #wrong({ name, at, node }: Entry, wanted: string): void {
    this.reader.error(this.reader.at(node, at), `"${name}" is ${wanted}`);
  }
}

/** The text of an entry; what is none is told. */
export function textIn(reader: MapReader, { name, at, node }: Entry): string | undefined {
  const text = reader.text(node)?.trim();
  if (text !== undefined && text !== '' && text.length <= mostCharacters) return text;
  const why =
    text === undefined || text === '' ? 'is a text' : `has at most ${mostCharacters} characters`;
  reader.error(reader.at(node, at), `"${name}" ${why}`);
  return undefined;
}

/** Whether nothing is written: `shop:` */
export const isNothing = (node: unknown): boolean =>
  node === undefined || node === null || (isScalar(node) && node.value === null);
