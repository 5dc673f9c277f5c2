import type { Binding, MapModel } from '../model.ts';
import { builtInBindings } from './built-in.ts';
import type { EventNames } from './names.ts';
import { fits, isExact } from './pattern.ts';
import { Recent } from './recent.ts';
import { type Rule, type Test, rulesOf } from './rules.ts';

/** Distinct combinations of names for which is remembered what they found. */
export const maxRemembered = 20_000;

/** What names led to. */
export interface Found {
  /** Ids of nodes, then keys of processes; empty: off the map. */
  readonly ids: readonly string[];
  /** The binding that found the nodes, else the processes. */
  readonly by?: Binding;
  /** A binding without a node fits: they are off the map on purpose. */
  readonly ignored: boolean;
}

/** Finds what events are about. */
export interface Binder {
  /** Ids of nodes and keys of processes; empty: off the map. */
  readonly find: (names: EventNames) => readonly string[];
  /** The same, and what found them. */
  readonly look: (names: EventNames) => Found;
  readonly counters: {
    /** Combinations that are remembered. */
    readonly remembered: number;
    /** Answers that were not remembered. */
    readonly worked: number;
  };
}

/**
 * The binder of a map. The bindings of map.yaml come first, in their order, then those that are
 * built in; the first that finds a node wins, and for processes the first that finds a process. Of
 * what one binding finds, only that counts which says most closely where it is (namespace,
 * environment, host), and then what is named most fully; several that are named alike are all found.
 */
export function makeBinder(model: MapModel): Binder {
  const tables = [...model.bind, ...builtInBindings]
    .map((binding) => new Table(binding, model))
    .filter(({ tests }) => tests.length > 0);
  const used = namesUsedBy(tables);
  const recent = new Recent<Found>(maxRemembered);
  let worked = 0;
  const look = (names: EventNames): Found => {
    let key = '';
    for (const name of used) key += `${names[name] ?? ''}\0`;
    const known = recent.get(key);
    if (known) return known;
    worked++;
    const found = work(tables, names);
    recent.set(key, found);
    return found;
  };
  return {
    look,
    find: (names) => look(names).ids,
    counters: {
      get remembered() {
        return recent.size;
      },
      get worked() {
        return worked;
      },
    },
  };
}

const offTheMap: Found = { ids: [], ignored: false };
const onPurpose: Found = { ids: [], ignored: true };

function work(tables: readonly Table[], names: EventNames): Found {
  let nodes: Hit | undefined;
  let processes: Hit | undefined;
  let ignored = false;
  for (const table of tables) {
    const rules = table.rulesFor(names);
    if (rules.length === 0) continue;
    nodes ??= hitOf(rules, table.binding, false);
    processes ??= hitOf(rules, table.binding, true);
    ignored = rules.some(({ id }) => id === undefined);
    if ((nodes && processes) || ignored) break;
  }
  const hits = [nodes, processes].filter((hit) => hit !== undefined);
  const [first] = hits;
  if (!first) return ignored ? onPurpose : offTheMap;
  return { ids: hits.flatMap(({ ids }) => ids), by: first.by, ignored: false };
}

interface Hit {
  readonly ids: readonly string[];
  readonly by: Binding;
}

/** The best of the rules that lead to nodes, or to processes. */
function hitOf(rules: readonly Rule[], by: Binding, process: boolean): Hit | undefined {
  const those = rules.filter((rule) => rule.process === process && rule.id !== undefined);
  if (those.length === 0) return undefined;
  const best = Math.max(...those.map(({ rank }) => rank));
  const ids = those.filter(({ rank }) => rank === best).flatMap(({ id }) => id ?? []);
  return { ids: [...new Set(ids)], by };
}

/** The rules of one binding, to be found by one name of an event. */
class Table {
  readonly binding: Binding;
  readonly tests: readonly Test[];
  readonly #name: keyof EventNames;
  readonly #exact = new Map<string, Rule[]>();
  /** By what stands before the first `*`. */
  readonly #prefixes = new Map<string, Rule[]>();
  readonly #lengths: readonly number[];

  constructor(binding: Binding, model: MapModel) {
    this.binding = binding;
    const rules = rulesOf(binding, model);
    this.#name = rules[0]?.first.name ?? 'source';
    this.tests = rules.flatMap(({ first, others }) => [first, ...others]);
    for (const rule of rules) {
      const { pattern } = rule.first;
      const table = isExact(pattern) ? this.#exact : this.#prefixes;
      const [prefix = ''] = pattern.parts;
      const known = table.get(prefix);
      if (known) known.push(rule);
      else table.set(prefix, [rule]);
    }
    this.#lengths = [...new Set([...this.#prefixes.keys()].map(({ length }) => length))];
  }

  /** Those of which every test holds. */
  rulesFor(names: EventNames): readonly Rule[] {
    const text = names[this.#name];
    if (text === undefined) return [];
    const found: Rule[] = [];
    addFitting(this.#exact.get(text), names, found);
    for (const length of this.#lengths)
      if (length <= text.length)
        addFitting(this.#prefixes.get(text.slice(0, length)), names, found);
    return found;
  }
}

function addFitting(rules: readonly Rule[] | undefined, names: EventNames, found: Rule[]): void {
  if (!rules) return;
  for (const rule of rules) if (applies(rule, names)) found.push(rule);
}

function applies({ first, others }: Rule, names: EventNames): boolean {
  if (!holds(first, names)) return false;
  for (const test of others) if (!holds(test, names)) return false;
  return true;
}

function holds({ name, pattern, lenient }: Test, names: EventNames): boolean {
  const text = names[name];
  return text === undefined ? lenient : fits(pattern, text);
}

/** Others make no difference, so that they need not be remembered apart. */
function namesUsedBy(tables: readonly Table[]): readonly (keyof EventNames)[] {
  return [...new Set(tables.flatMap(({ tests }) => tests.map(({ name }) => name)))];
}
