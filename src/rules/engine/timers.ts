/** A wish to be woken: what is woken, and in which scope. */
interface Entry<Who> {
  readonly who: Who;
  at: number;
}

/**
 * What is to be woken when, in time order; at the same time by rank, and of one rank in the order
 * of asking, so that the same events give the same answers. Most wishes of a rule share few times
 * (window ends), so the heap is over distinct times.
 */
export class Timers<Who> {
  /** The next time, ms; infinity when there is none. */
  next = Number.POSITIVE_INFINITY;
  readonly #byTime = new Map<number, Who[]>();
  readonly #heap: number[] = [];
  readonly #rank: (who: Who) => number;

  constructor(rank: (who: Who) => number) {
    this.#rank = rank;
  }

  add(at: number, who: Who): void {
    const there = this.#byTime.get(at);
    if (there) {
      there.push(who);
      return;
    }
    this.#byTime.set(at, [who]);
    this.#push(at);
    if (at < this.next) this.next = at;
  }

  /** Takes away those of the next time, in the order in which they are to be woken. */
  take(): readonly Who[] {
    const at = this.#pop();
    const due = this.#byTime.get(at) ?? [];
    this.#byTime.delete(at);
    this.next = this.#heap[0] ?? Number.POSITIVE_INFINITY;
    return this.#ordered(due);
  }

  /** All of them in time order. */
  entries(): readonly Readonly<Entry<Who>>[] {
    const times = [...this.#byTime.keys()].toSorted((a, b) => a - b);
    return times.flatMap((at) => (this.#byTime.get(at) ?? []).map((who) => ({ at, who })));
  }

  #ordered(due: Who[]): Who[] {
    for (let i = 1; i < due.length; i++)
      if (this.#rank(due[i - 1] as Who) > this.#rank(due[i] as Who))
        // both in range
        return due.toSorted((a, b) => this.#rank(a) - this.#rank(b));
    return due;
  }

  #push(at: number): void {
    const heap = this.#heap;
    let i = heap.push(at) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as number; // parent is in range
      if (above <= at) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = at;
  }

  #pop(): number {
    const heap = this.#heap;
    const first = heap[0] as number; // only called when there is one
    const last = heap.pop() as number;
    if (heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && (heap[right] as number) < (heap[child] as number)) child = right;
      if ((heap[child] as number) >= last) break;
      heap[i] = heap[child] as number;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}
