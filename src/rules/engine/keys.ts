import type { Event } from '../../event/event.ts';
import type { Field } from '../../event/where/ast.ts';
import { getterOf } from '../../event/where/scalar.ts';
import { parseField } from '../../event/where/parse.ts';
import type { Key } from '../decision.ts';
import { Scope, ScopeIndex } from './scope.ts';

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

/** All values but the last of some keys. */
interface Branch {
  /** Its number in the table. */
  readonly number: number;
  readonly below: Map<string, Branch>;
}

/**
 * The scopes of one list of fields. No text is joined to find one: the values of events, which are
 * mostly the same strings, need not be hashed again. They are found by numbers instead, of all
 * values but the last (by nested maps, one for each field) and of the last.
 */
export class KeyTable {
  readonly fields: readonly string[];
  /** Events that were left out because the table was full. */
  refused = 0;
  /** Operators that may hold a scope against being forgotten. */
  readonly holders: Holder[] = [];
  readonly #max: number;
  /** In the order in which they were made. */
  #scopes: Scope[] = [];
  #index = new ScopeIndex();
  readonly #root: Branch = { number: 0, below: new Map() };
  #branches = 1;
  /** Numbers of the values of the last field. */
  readonly #lasts = new Map<string, number>();

  constructor(fields: readonly string[], max: number) {
    this.fields = fields;
    this.#max = max;
  }

  get size(): number {
    return this.#scopes.length;
  }

  /** The scope of these values, made when it is new; undefined when there is no room for it. */
  scope(labels: readonly string[]): Scope | undefined {
    return this.#find(labels) ?? this.#make(labels);
  }

  #find(labels: readonly string[]): Scope | undefined {
    let branch = this.#root;
    const last = this.fields.length - 1;
    for (let i = 0; i < last; i++) {
      const next = branch.below.get(labels[i] ?? '');
      if (next === undefined) return undefined;
      branch = next;
    }
    const number = this.#lasts.get(labels[last] ?? '');
    return number === undefined ? undefined : this.#index.find(branch.number, number);
  }

  #make(labels: readonly string[]): Scope | undefined {
    if (this.size >= this.#max) {
      this.refused++;
      return undefined;
    }
    const made = new Scope([...labels]);
    this.#add(made);
    return made;
  }

  #add(scope: Scope): void {
    let branch = this.#root;
    const last = this.fields.length - 1;
    for (let i = 0; i < last; i++) {
      const label = scope.labels[i] ?? '';
      let next = branch.below.get(label);
      if (!next) {
        next = { number: this.#branches++, below: new Map() };
        branch.below.set(label, next);
      }
      branch = next;
    }
    const label = scope.labels[last] ?? '';
    let number = this.#lasts.get(label);
    if (number === undefined) {
      number = this.#lasts.size;
      this.#lasts.set(label, number);
    }
    scope.above = branch.number;
    scope.last = number;
    this.#index.add(scope);
    this.#scopes.push(scope);
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
    const kept = this.#scopes.filter((scope) => !this.isIdle(scope, before));
    if (kept.length === this.size) return;
    this.#scopes = [];
    this.#index = new ScopeIndex();
    this.#root.below.clear();
    this.#branches = 1;
    this.#lasts.clear();
    for (const scope of kept) this.#add(scope);
  }

  scopes(): readonly Scope[] {
    return this.#scopes;
  }

  /** The key of a scope, as decisions show it. */
  keyOf(scope: Scope): Key {
    return Object.fromEntries(this.fields.map((field, i) => [field, scope.labels[i] ?? '']));
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
