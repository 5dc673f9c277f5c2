interface Entry<Value> {
  readonly cost: number;
  readonly value: Value;
}

/** Gives back what costs least; of equals what came first is not promised, but always the same. */
export class Heap<Value> {
  readonly #entries: Entry<Value>[] = [];

  push(cost: number, value: Value): void {
    const entries = this.#entries;
    const entry = { cost, value };
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above];
      if (!parent || parent.cost <= cost) break;
      entries[at] = parent;
      at = above;
    }
    entries[at] = entry;
  }

  pop(): Value | undefined {
    const entries = this.#entries;
    const [top] = entries;
    const last = entries.pop();
    if (!top || !last || entries.length === 0) return top?.value;
    let at = 0;
    for (;;) {
      const child = this.#cheaper(2 * at + 1, 2 * at + 2);
      const entry = entries[child];
      if (!entry || entry.cost >= last.cost) break;
      entries[at] = entry;
      at = child;
    }
    entries[at] = last;
    return top.value;
  }

  #cheaper(left: number, right: number): number {
    const [a, b] = [this.#entries[left], this.#entries[right]];
    return a && b && b.cost < a.cost ? right : left;
  }
}
