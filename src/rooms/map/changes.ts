import { type HealthState, healthStates } from './health.ts';

/** One change of health, as the recording holds it. Times are ms since the epoch, UTC. */
export interface RecordedChange {
  readonly id: string;
  readonly time: number;
  /** Of the fact, which has the rest: because, evidence. */
  readonly offset: number;
  readonly from: HealthState;
  readonly observed: HealthState;
  readonly inferred: HealthState;
  readonly shown: HealthState;
  readonly contradiction: boolean;
}

const states = healthStates.length;

/**
 * Changes of health in the order of their time, as numbers: a million of them take some 30 MB.
 * Beyond the bound the oldest quarter is forgotten, but for the last change of each id before it, so
 * that what is known from then on stays known.
 */
export class RecordedChanges {
  /** Changes that were forgotten. */
  forgotten = 0;
  readonly #max: number;
  #times = new Float64Array(1024);
  #offsets = new Float64Array(1024);
  #ids = new Uint32Array(1024);
  #states = new Uint16Array(1024);
  #count = 0;
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Of each id, the places of its changes, ascending. */
  #places: number[][] = [];

  constructor(max = 1_000_000) {
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  /** Time of the oldest one. */
  get first(): number | undefined {
    return this.#count === 0 ? undefined : this.#times[0];
  }

  /** Adds one; a clock that was set back does not put it before those that are there. */
  add(change: RecordedChange): void {
    if (this.#count >= this.#max) this.#forget();
    if (this.#count === this.#times.length) this.#grow(this.#count * 2);
    const at = this.#count++;
    const number = this.#numberOf(change.id);
    this.#times[at] = Math.max(change.time, at === 0 ? change.time : (this.#times[at - 1] ?? 0));
    this.#offsets[at] = change.offset;
    this.#ids[at] = number;
    this.#states[at] = packed(change);
    this.#places[number]?.push(at);
  }

  /** The last change of an id at or before a time. */
  lastOf(id: string, time = Number.POSITIVE_INFINITY): RecordedChange | undefined {
    const places = this.#places[this.#numbers.get(id) ?? -1] ?? [];
    const after = firstAfter(places.length, (i) => (this.#times[places[i] ?? 0] ?? 0) > time);
    const at = places[after - 1];
    return at === undefined ? undefined : this.#at(at);
  }

  /** When an id became what it is shown as at a time: a change of another part counts as none. */
  since(id: string, time = Number.POSITIVE_INFINITY): number | undefined {
    const places = this.#places[this.#numbers.get(id) ?? -1] ?? [];
    let at = firstAfter(places.length, (i) => (this.#times[places[i] ?? 0] ?? 0) > time) - 1;
    const shown = this.#shownAt(places[at]);
    if (shown === undefined) return undefined;
    while (at > 0 && this.#shownAt(places[at - 1]) === shown) at--;
    return this.#times[places[at] ?? 0];
  }

  /** The last changes of what an id is shown as at or before a time, the newest first. */
  newestOf(id: string, most: number, time = Number.POSITIVE_INFINITY): RecordedChange[] {
    const places = this.#places[this.#numbers.get(id) ?? -1] ?? [];
    const found: RecordedChange[] = [];
    const after = firstAfter(places.length, (i) => (this.#times[places[i] ?? 0] ?? 0) > time);
    for (let i = after - 1; i >= 0 && found.length < most; i--) {
      const change = this.#at(places[i] ?? 0);
      if (change.from !== change.shown) found.push(change);
    }
    return found;
  }

  /** The changes of a window, of all or of one, oldest first. */
  *between(from: number, to: number, id?: string): Generator<RecordedChange> {
    if (id !== undefined) {
      const places = this.#places[this.#numbers.get(id) ?? -1] ?? [];
      const begin = firstAfter(places.length, (i) => (this.#times[places[i] ?? 0] ?? 0) >= from);
      for (const at of places.slice(begin)) {
        if ((this.#times[at] ?? 0) > to) return;
        yield this.#at(at);
      }
      return;
    }
    let at = firstAfter(this.#count, (i) => (this.#times[i] ?? 0) >= from);
    for (; at < this.#count && (this.#times[at] ?? 0) <= to; at++) yield this.#at(at);
  }

  /** Every id that ever changed. */
  ids(): readonly string[] {
    return this.#names;
  }

  #at(at: number): RecordedChange {
    const code = this.#states[at] ?? 0;
    const state = (place: number): HealthState =>
      healthStates[Math.floor(code / states ** place) % states] ?? 'no-evidence';
    return {
      id: this.#names[this.#ids[at] ?? 0] ?? '',
      time: this.#times[at] ?? 0,
      offset: this.#offsets[at] ?? 0,
      shown: state(0),
      inferred: state(1),
      observed: state(2),
      from: state(3),
      contradiction: code >= states ** 4,
    };
  }

  #shownAt(at: number | undefined): number | undefined {
    return at === undefined ? undefined : (this.#states[at] ?? 0) % states;
  }

  #numberOf(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#names.push(id) - 1;
    this.#numbers.set(id, number);
    this.#places.push([]);
    return number;
  }

  #columns() {
    return {
      times: this.#times,
      offsets: this.#offsets,
      ids: this.#ids,
      states: this.#states,
    };
  }

  #grow(size: number): void {
    const { times, offsets, ids, states: codes } = this.#columns();
    this.#times = new Float64Array(size);
    this.#offsets = new Float64Array(size);
    this.#ids = new Uint32Array(size);
    this.#states = new Uint16Array(size);
    this.#times.set(times);
    this.#offsets.set(offsets);
    this.#ids.set(ids);
    this.#states.set(codes);
  }

  #forget(): void {
    const cut = Math.ceil(this.#count / 4);
    const last = new Set(this.#places.flatMap((places) => places.findLast((at) => at < cut) ?? []));
    const kept: number[] = [];
    for (let at = 0; at < this.#count; at++) if (at >= cut || last.has(at)) kept.push(at);
    this.#places = this.#places.map(() => []);
    for (const [to, from] of kept.entries()) {
      this.#times[to] = this.#times[from] ?? 0;
      this.#offsets[to] = this.#offsets[from] ?? 0;
      this.#ids[to] = this.#ids[from] ?? 0;
      this.#states[to] = this.#states[from] ?? 0;
      this.#places[this.#ids[to] ?? 0]?.push(to);
    }
    this.forgotten += this.#count - kept.length;
    this.#count = kept.length;
  }
}

function packed({ from, observed, inferred, shown, contradiction }: RecordedChange): number {
  return [shown, inferred, observed, from].reduce(
    (code, state, place) => code + healthStates.indexOf(state) * states ** place,
    contradiction ? states ** 4 : 0,
  );
}

/** The first of `count` places for which `is` holds, which holds for all behind it. */
function firstAfter(count: number, is: (at: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
