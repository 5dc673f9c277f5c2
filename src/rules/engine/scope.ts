/**
 * One combination of values of a rule's key, with the state of each operator for it. The first two
 * states stand in it and not in a list: each object between is a miss of the cache at each event.
 */
export class Scope {
  /** The values, in the order of the table's fields; '' where the event had none. */
  readonly labels: readonly string[];
  /** Numbers of all its values but the last together, and of the last one, as its table gives them. */
  above = 0;
  last = 0;
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
 * Scopes by their two numbers: a table with open addressing and linear probing, at most half full.
 * A Map for each first value has its scope four misses of the cache away, this has it two away.
 */
export class ScopeIndex {
  #slots: (Scope | undefined)[] = emptySlots(16);
  #size = 0;

  find(above: number, last: number): Scope | undefined {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let i = hashOf(above, last) & mask; ; i = (i + 1) & mask) {
      const scope = slots[i];
      if (scope === undefined || (scope.last === last && scope.above === above)) return scope;
    }
  }

  /** A scope that is not in it. */
  add(scope: Scope): void {
    this.#size++;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    place(this.#slots, scope);
  }

  #grow(): void {
    const bigger = emptySlots(this.#slots.length * 2);
    for (const scope of this.#slots) if (scope) place(bigger, scope);
    this.#slots = bigger;
  }
}

function emptySlots(size: number): (Scope | undefined)[] {
  return Array.from({ length: size }, () => undefined);
}

function place(slots: (Scope | undefined)[], scope: Scope): void {
  const mask = slots.length - 1;
  let i = hashOf(scope.above, scope.last) & mask;
  while (slots[i] !== undefined) i = (i + 1) & mask;
  slots[i] = scope;
}

function hashOf(above: number, last: number): number {
  const mixed = Math.imul(above, 0x9e3779b1) + Math.imul(last, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
