import { fits } from '../bind/pattern.ts';
import type { MapNode } from '../model.ts';
import type { End } from './edge-text.ts';
import type { MapReader } from './reader.ts';
import type { Written } from './written.ts';

const groupMark = 'group:';
/** Different globs: each is compared with every id. */
const maxGlobs = 1_000;

interface AlsoNamed {
  readonly others?: ReadonlyMap<string, string>;
  readonly processes?: ReadonlySet<string>;
}

/** Finds the nodes that one end of an arrow names. */
export class NameFinder {
  readonly #reader: MapReader;
  readonly #nodes: ReadonlyMap<string, MapNode>;
  readonly #groups = new Map<string, string[]>();
  readonly #globs = new Map<string, readonly string[]>();
  /** Other things that may be named, and what they are found as. */
  readonly #others: ReadonlyMap<string, string>;
  /** Ids of processes, which nothing here may name. */
  readonly #processes: ReadonlySet<string>;

  constructor(
    reader: MapReader,
    nodes: ReadonlyMap<string, MapNode>,
    { others = new Map(), processes = new Set() }: AlsoNamed = {},
  ) {
    this.#reader = reader;
    this.#nodes = nodes;
    this.#others = others;
    this.#processes = processes;
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
    if (text.includes('*')) return this.#globbed(text);
    if (this.#nodes.has(text)) return [text];
    return [this.#others.get(text) ?? []].flat();
  }

  #globbed(text: string): readonly string[] {
    const known = this.#globs.get(text);
    if (known || this.#globs.size >= maxGlobs) return known ?? [];
    const pattern = { parts: text.split('*'), length: text.length };
    const found = [...this.#nodes.keys()].filter((id) => fits(pattern, id)).toSorted();
    this.#globs.set(text, found);
    return found;
  }

  #unknown(text: string): string {
    if (text.startsWith(groupMark)) {
      const name = text.slice(groupMark.length);
      return `no node has the group "${name}"${this.#reader.meant(name, this.#groups.keys())}`;
    }
    if (text.includes('*'))
      return this.#globs.has(text)
        ? `no id of a node fits "${text}"`
        : `there are more than ${maxGlobs.toLocaleString('en')} different globs`;
    if (this.#groups.has(text))
      return `there is no node "${text}", but a group: write group:${text} for its members`;
    if (this.#processes.has(text))
      return `"${text}" is a process: what it needs stands under "processes"`;
    const known = [...this.#nodes.keys(), ...this.#others.keys()];
    return `there is no node "${text}"${this.#reader.meant(text, known)}`;
  }
}
