import { fits } from '../bind/pattern.ts';
import type { MapNode } from '../model.ts';
import type { End } from './edge-text.ts';
import type { MapReader } from './reader.ts';
import type { Written } from './written.ts';

const groupMark = 'group:';

/** Finds the nodes that one end of an arrow names. */
export class NameFinder {
  readonly #reader: MapReader;
  readonly #nodes: ReadonlyMap<string, MapNode>;
  readonly #groups = new Map<string, string[]>();
  /** Other things that may be named, and what they are found as. */
  readonly #others: ReadonlyMap<string, string>;

  constructor(
    reader: MapReader,
    nodes: ReadonlyMap<string, MapNode>,
    others: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#reader = reader;
    this.#nodes = nodes;
    this.#others = others;
    for (const { id, group } of nodes.values()) {
      if (group === undefined) continue;
      const members = this.#groups.get(group) ?? [];
      this.#groups.set(group, [...members, id]);
    }
  }

  /** Ids, each once; undefined, and told, when a name is of none. */
  ids({ names }: End, written: Written): readonly string[] | undefined {
    const ids = new Set<string>();
    let missing = false;
    for (const { text, at } of names) {
      const found = this.#find(text);
      for (const id of found) ids.add(id);
      if (found.length > 0) continue;
      missing = true;
      written.error(at, this.#unknown(text));
    }
    return missing ? undefined : [...ids];
  }

  #find(text: string): readonly string[] {
    if (text.startsWith(groupMark)) return this.#groups.get(text.slice(groupMark.length)) ?? [];
    if (text.includes('*')) {
      const pattern = { parts: text.split('*'), length: text.length };
      return [...this.#nodes.keys()].filter((id) => fits(pattern, id)).toSorted();
    }
    if (this.#nodes.has(text)) return [text];
    return [this.#others.get(text) ?? []].flat();
  }

  #unknown(text: string): string {
    if (text.startsWith(groupMark)) {
      const name = text.slice(groupMark.length);
      return `no node has the group "${name}"${this.#reader.meant(name, this.#groups.keys())}`;
    }
    if (text.includes('*')) return `no id of a node fits "${text}"`;
    if (this.#groups.has(text))
      return `there is no node "${text}", but a group: write group:${text} for its members`;
    const known = [...this.#nodes.keys(), ...this.#others.keys()];
    return `there is no node "${text}"${this.#reader.meant(text, known)}`;
  }
}
