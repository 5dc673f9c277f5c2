import { safeId } from '../code/write.ts';
import { ownerRef, plainName } from './backstage.ts';
import type { ImportedEdge, ImportedFile, ImportedMap, ImportedNode, Ref } from './imported.ts';

/** Kinds of things that a name without a kind may mean, in this order. */
const meanings = ['component', 'resource', 'api'];
/** What is drawn for something that no file describes. */
const undescribed: Readonly<Record<string, string>> = {
  component: 'app',
  resource: 'system',
  api: 'api',
  any: 'app',
};

/** Finds out whom the refs of all files mean, and makes one part of a map of them. */
export function linkImports(files: readonly ImportedFile[]): ImportedMap {
  const linker = new Linker(files);
  const edges = new Map<string, ImportedEdge>();
  for (const { from, to, kind, place } of files.flatMap((file) => file.edges)) {
    const ends = { from: linker.idOf(from, place), to: linker.idOf(to, place) };
    const key = `${ends.from} ${ends.to}`;
    if (ends.from === ends.to || edges.get(key)?.kind === 'hard') continue;
    edges.set(key, { ...ends, kind, place });
  }
  return {
    nodes: linker.nodes(),
    edges: [...edges.values()],
    faults: files.flatMap((file) => file.faults),
  };
}

class Linker {
  readonly #nodes = new Map<Ref, ImportedNode>();
  readonly #ids = new Set<string>();
  readonly #providers = new Map<Ref, Ref>();
  readonly #titles: ReadonlyMap<Ref, string>;

  constructor(files: readonly ImportedFile[]) {
    this.#titles = new Map(files.flatMap(({ titles }) => [...titles]));
    for (const { api, by } of files.flatMap(({ provides }) => provides))
      if (!this.#providers.has(api)) this.#providers.set(api, by);
    for (const { ref, ...node } of files.flatMap(({ nodes }) => nodes)) this.#add(ref, node);
  }

  nodes(): ImportedNode[] {
    return [...this.#nodes.values()];
  }

  /** The node that a ref means; one is made for what no file describes. */
  idOf(ref: Ref, place: ImportedNode['place']): string {
    const found = this.#find(ref);
    if (found) return found.id;
    const [kind, path] = split(ref);
    const name = path.replace(/^default\//, '');
    const made = {
      id: name,
      quadrant: 'production',
      kind: Object.hasOwn(undescribed, kind) ? (undescribed[kind] ?? 'app') : 'app',
      names: { service: plainName(name) },
      place,
    } as const;
    return this.#add(ref, made).id;
  }

  #find(ref: Ref): ImportedNode | undefined {
    const [kind, path] = split(ref);
    const refs = kind === 'any' ? meanings.map((one): Ref => `${one}:${path}`) : [ref];
    for (const one of refs) {
      const provider = this.#providers.get(one);
      const found = provider === undefined ? this.#nodes.get(one) : this.#nodes.get(provider);
      if (found) return found;
    }
    return this.#nodes.get(ref);
  }

  #add(ref: Ref, node: ImportedNode): ImportedNode {
    const before = this.#nodes.get(ref);
    if (before) return before;
    // Nobody draws an API that somebody provides: it is that component.
    const provider = this.#providers.get(ref);
    if (provider !== undefined && provider !== ref) return this.#nodes.get(provider) ?? node;
    const [kind] = split(ref);
    const plain = safeId(node.id);
    let id = plain;
    for (let number = 1; this.#ids.has(id); number++)
      id = `${plain}-${kind}${number === 1 ? '' : number}`;
    const owner = node.owner === undefined ? undefined : this.#ownerOf(node.owner);
    const added = { ...node, id, ...(owner !== undefined && { owner }) };
    this.#ids.add(id);
    this.#nodes.set(ref, added);
    return added;
  }

  #ownerOf(text: string): string {
    const ref = ownerRef(text);
    return (ref && this.#titles.get(ref)) ?? plainName(text);
  }
}

const split = (ref: Ref): [string, string] => {
  const colon = ref.indexOf(':');
  return [ref.slice(0, colon), ref.slice(colon + 1)];
};
