import type { Event } from '../../event/event.ts';
import type { Field } from '../../event/where/ast.ts';
import { getterOf } from '../../event/where/scalar.ts';
import { parseField } from '../../event/where/parse.ts';
import type { Key } from '../decision.ts';

/**
 * One combination of values of a rule's key, with the state of each operator for it. The first two
 * states stand in it and not in a list: each object between is a miss of the cache at each event.
 */
export class Scope {
  /** The values, in the order of the table's fields; '' where the event had none. */
  readonly labels: readonly string[];
  /** When its last event came, as `secondsOf` says it. */
  seen = 0;
  /** How many wishes to be woken are pending for it. */
  waiting = 0;
  #first: unknown = undefined;
  #second: unknown = undefined;
  #others: unknown[] | undefined = undefined;

  constructor(labels: readonly string[]) {
    this.labels = labels;
  }

  /** The state of the operator at a place; plain data. */
  at(place: number): unknown {
    if (place === 0) return this.#first;
    return place === 1 ? this.#second : this.#others?.[place - 2];
  }

  put(place: number, state: unknown): void {
    if (place === 0) this.#first = state;
    else if (place === 1) this.#second = state;
    else (this.#others ??= [])[place - 2] = state;
  }

  /** Forgets all states. */
  clear(): void {
    this.#first = undefined;
    this.#second = undefined;
    this.#others = undefined;
  }
}

/**
 * Whole seconds since 2020 of a time in ms: small enough for the engine of JavaScript to keep it in
 * its place, where ms are an object of their own for each key, and a miss of the cache at each event.
 */
export function secondsOf(time: number): number {
  return Math.floor(time / 1000) - 1_577_836_800;
}

/** The states of one operator that would be missed if their scope were forgotten. */
interface Holder {
  readonly place: number;
  readonly holds: (state: unknown) => boolean;
}

/** A function that takes one value of the key out of an event. */
export type KeyGetter = (event: Event) => string;

const environment = getterOf({ kind: 'column', name: 'environment' });

/** The value by which a field groups; `env` is the environment where no attribute has that name. */
export function keyGetter(name: string): KeyGetter {
  const field: Field = parseField(name);
  const get = getterOf(field);
  const value = name === 'env' ? (event: Event) => get(event) ?? environment(event) : get;
  return (event) => {
    const held = value(event);
    if (held === undefined) return '';
    return typeof held === 'string' ? held : JSON.stringify(held);
  };
}

type Branch = Map<string, Branch | Scope>;

/**
 * The scopes of one list of fields. Found by nested maps, one for each field: no text is joined, and
 * the values of events, which are mostly the same strings, need not be hashed again.
 */
export class KeyTable {
  readonly fields: readonly string[];
  size = 0;
  /** Events that were left out because the table was full. */
  refused = 0;
  /** Operators that may hold a scope against being forgotten. */
  readonly holders: Holder[] = [];
  readonly #max: number;
  readonly #root: Branch = new Map();

  constructor(fields: readonly string[], max: number) {
    this.fields = fields;
    this.#max = max;
  }

  /** The scope of these values, made when it is new; undefined when there is no room for it. */
  scope(labels: readonly string[]): Scope | undefined {
    let branch = this.#root;
    const last = this.fields.length - 1;
    for (let i = 0; i < last; i++) {
      const label = labels[i] ?? '';
      let next = branch.get(label) as Branch | undefined; // scopes stand at the last field only
      if (!next) {
        if (this.size >= this.#max) return this.#refuse();
        next = new Map();
        branch.set(label, next);
      }
      branch = next;
    }
    const label = labels[last] ?? '';
    const found = branch.get(label) as Scope | undefined; // the last field
    if (found) return found;
    if (this.size >= this.#max) return this.#refuse();
    const made = new Scope([...labels]);
    branch.set(label, made);
    this.size++;
    return made;
  }

  /** Whether nobody would miss the scope, once it has been silent since before `before` (seconds). */
  isIdle(scope: Scope, before: number): boolean {
    if (scope.seen >= before || scope.waiting > 0) return false;
    return !this.holders.some(({ place, holds }) => {
      const state = scope.at(place);
      return state !== undefined && holds(state);
    });
  }

  /** Forgets the idle scopes that were last seen before `before` (seconds). */
  forget(before: number): void {
    this.#sweep(this.#root, 0, before);
  }

  *scopes(): Generator<Scope> {
    yield* this.#walk(this.#root, 0);
  }

  /** The key of a scope, as decisions show it. */
  keyOf(scope: Scope): Key {
    return Object.fromEntries(this.fields.map((field, i) => [field, scope.labels[i] ?? '']));
  }

  #refuse(): undefined {
    this.refused++;
    return undefined;
  }

  *#walk(branch: Branch, depth: number): Generator<Scope> {
    for (const below of branch.values())
      if (below instanceof Map) yield* this.#walk(below, depth + 1);
      else yield below;
  }

  #sweep(branch: Branch, depth: number, before: number): void {
    for (const [label, below] of branch) {
      if (below instanceof Map) {
        this.#sweep(below, depth + 1, before);
        if (below.size === 0) branch.delete(label);
      } else if (this.isIdle(below, before)) {
        branch.delete(label);
        this.size--;
      }
    }
  }
}

/** The values of a key as one text: joined by `,`, with `\` before `,` and `\`; `-` without any. */
export function keyText(key: Key): string {
  const values = Object.values(key);
  if (values.length === 0) return '-';
  return values.map((value) => value.replaceAll(/[\\,]/g, String.raw`\$&`)).join(',');
}

/** The values of a key that `keyText` made one text of; none for `-`. */
export function labelsOfText(text: string): readonly string[] {
  if (text === '-') return [];
  const labels = [''];
  for (const [part] of text.matchAll(/\\[\\,]|./gsu))
    if (part === ',') labels.push('');
    else
      labels.push(
        (labels.pop() ?? '') + (part.length > 1 && part[0] === '\\' ? part.slice(1) : part),
      );
  return labels;
}
