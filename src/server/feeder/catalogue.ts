import type { EventColumns, RepeatingText } from '../../history/columns/event-columns.ts';
import type { Catalogue } from '../api/contract.ts';

export type CatalogueKind = keyof Catalogue['kinds'];

export const catalogueKinds = [
  'source',
  'type',
  'service',
  'host',
  'environment',
  'name',
  'label',
] as const satisfies readonly CatalogueKind[];

/** How much the catalogue may hold. */
export interface CatalogueLimits {
  /** Values of each kind. */
  readonly entries: number;
  /** Values of one label. */
  readonly labelValues: number;
  /** Longer values of labels are not offered for completion. */
  readonly valueLength: number;
}

export const catalogueLimits: CatalogueLimits = {
  entries: 10_000,
  labelValues: 100,
  valueLength: 128,
};

interface Entry {
  /** Event time, ms. */
  lastSeen: number;
  count: number;
  /** Of a label only. */
  readonly values?: Set<string>;
  /** Of a label only: it has had more values than are kept. */
  overflowed?: boolean;
}

interface Kind {
  readonly entries: Map<string, Entry>;
  overflowed: boolean;
}

/** The catalogue as it is kept over a restart. */
export type CatalogueSnapshot = Readonly<
  Record<
    CatalogueKind,
    {
      readonly overflowed: boolean;
      readonly entries: readonly (readonly [
        value: string,
        lastSeen: number,
        count: number,
        values?: readonly string[],
        overflowed?: boolean,
      ])[];
    }
  >
>;

/**
 * What has been seen in the log. A fold over blocks: cheap, because a block has each distinct
 * value once. What goes over the limits is left out and counted, never put in place of something
 * else: a picker that forgets what it showed a minute ago would be worse than a full one.
 */
export class CatalogueFold {
  readonly #limits: CatalogueLimits;
  readonly #kinds: Record<CatalogueKind, Kind>;
  /**
   * How many distinct values of a block had no room, summed over all blocks; a label with more
   * values than are kept counts once, for they are not looked at any more.
   */
  refused = 0;

  constructor(snapshot?: CatalogueSnapshot, limits: CatalogueLimits = catalogueLimits) {
    this.#limits = limits;
    this.#kinds = {
      source: restored(snapshot?.source),
      type: restored(snapshot?.type),
      service: restored(snapshot?.service),
      host: restored(snapshot?.host),
      environment: restored(snapshot?.environment),
      name: restored(snapshot?.name),
      label: restored(snapshot?.label),
    };
  }

  /** Adds the rows of a block from `fromRow` on. */
  fold(columns: EventColumns, fromRow = 0): void {
    for (const kind of catalogueKinds) {
      if (kind === 'label') this.#foldLabels(columns, fromRow);
      else this.#foldTexts(kind, columns.repeating(kind), columns, fromRow);
    }
  }

  view(): Catalogue {
    const shown = catalogueKinds.map((kind) => {
      const { entries, overflowed } = this.#kinds[kind];
      const list = [...entries].map(([value, { lastSeen, count, values, overflowed: more }]) => ({
        value,
        lastSeen,
        count,
        ...(values && { values: [...values].toSorted() }),
        ...(more && { overflowed: more }),
      }));
      return [kind, { entries: list.toSorted((a, b) => b.count - a.count), overflowed }] as const;
    });
    return { kinds: Object.fromEntries(shown) as Catalogue['kinds'] }; // one pair for each kind
  }

  snapshot(): CatalogueSnapshot {
    const kept = catalogueKinds.map((kind) => {
      const { entries, overflowed } = this.#kinds[kind];
      const list = [...entries].map(([value, { lastSeen, count, values, overflowed: more }]) =>
        values
          ? [value, lastSeen, count, [...values], ...(more ? [more] : [])]
          : [value, lastSeen, count],
      );
      return [kind, { overflowed, entries: list }] as const;
    });
    return Object.fromEntries(kept) as unknown as CatalogueSnapshot; // one pair for each kind
  }

  #foldTexts(
    kind: CatalogueKind,
    { dictionary, ids }: RepeatingText,
    columns: EventColumns,
    fromRow: number,
  ): void {
    const counts = new Int32Array(dictionary.size);
    const last = new Float64Array(dictionary.size);
    const times = columns.time.values;
    for (let row = fromRow; row < columns.rows; row++) {
      const id = ids.ints[row] as number; // one id for each row
      const time = times[row] as number; // likewise
      counts[id] = (counts[id] as number) + 1; // ids are below the size
      if (time > (last[id] as number)) last[id] = time; // likewise
    }
    for (let id = 1; id < counts.length; id++)
      if ((counts[id] ?? 0) > 0)
        this.#seen(kind, dictionary.textOf(id), counts[id] ?? 0, last[id] ?? 0);
  }

  #foldLabels(columns: EventColumns, fromRow: number): void {
    const { dictionary, ids } = columns.keys;
    const names = new LabelNames(dictionary.size);
    const ends = columns.attributeEnds.ints;
    for (let row = fromRow; row < columns.rows; row++) {
      const time = columns.time.values[row] ?? 0;
      const end = ends[row + 1] ?? 0;
      for (let i = ends[row] ?? 0; i < end; i++) names.count(ids.ints[i] ?? 0, time);
    }
    const labels = names.seen().map((id) => {
      const { count, last } = names.of(id);
      return this.#seen('label', dictionary.textOf(id), count, last);
    });
    this.#foldValues(columns, fromRow, new Map(names.seen().map((id, i) => [id, labels[i]])));
  }

  /** Adds values of labels; looks at no value of those that have had too many. */
  #foldValues(
    columns: EventColumns,
    fromRow: number,
    labels: ReadonlyMap<number, Entry | undefined>,
  ): void {
    const open = openLabels(columns.keys.dictionary.size, labels);
    if (!open.includes(1)) return;
    const seen = new Set<number>();
    const { ints } = columns.keys.ids;
    const end = columns.attributeEnds.ints[columns.rows] ?? 0;
    for (let i = columns.attributeEnds.ints[fromRow] ?? 0; i < end; i++) {
      const id = ints[i] ?? 0;
      if (open[id] !== 1) continue;
      const hash = hashOfValue(columns, i, id);
      // Two values of one hash: the second is left out, until a block in which it comes first.
      if (seen.has(hash)) continue;
      seen.add(hash);
      const entry = labels.get(id);
      if (entry) this.#addValue(columns, i, entry);
      if (entry?.overflowed) open[id] = 0;
    }
  }

  #addValue(columns: EventColumns, i: number, entry: Entry): void {
    const { ends, bytes } = columns.values;
    const start = ends.ints[i] ?? 0;
    const end = ends.ints[i + 1] ?? 0;
    if (end - start > this.#limits.valueLength || end === start) return;
    const { values } = entry;
    const value = Buffer.from(bytes.bytes.subarray(start, end)).toString('utf8');
    if (values === undefined || values.has(value)) return;
    if (values.size < this.#limits.labelValues) values.add(value);
    else {
      entry.overflowed = true;
      this.refused++;
    }
  }

  #seen(kind: CatalogueKind, value: string, count: number, lastSeen: number): Entry | undefined {
    const { entries } = this.#kinds[kind];
    const known = entries.get(value);
    if (known) {
      known.count += count;
      known.lastSeen = Math.max(known.lastSeen, lastSeen);
      return known;
    }
    if (entries.size >= this.#limits.entries) {
      this.#kinds[kind].overflowed = true;
      this.refused++;
      return undefined;
    }
    const entry: Entry = { lastSeen, count, ...(kind === 'label' && { values: new Set() }) };
    entries.set(value, entry);
    return entry;
  }
}

/** 1 for each label whose values are looked at. */
function openLabels(size: number, labels: ReadonlyMap<number, Entry | undefined>): Uint8Array {
  const open = new Uint8Array(size);
  for (const [id, entry] of labels) open[id] = entry && !entry.overflowed ? 1 : 0;
  return open;
}

/** Counts of the label names of one block. */
class LabelNames {
  readonly #counts: Int32Array;
  readonly #last: Float64Array;

  constructor(size: number) {
    this.#counts = new Int32Array(size);
    this.#last = new Float64Array(size);
  }

  count(id: number, time: number): void {
    this.#counts[id] = (this.#counts[id] ?? 0) + 1;
    if (time > (this.#last[id] ?? 0)) this.#last[id] = time;
  }

  seen(): number[] {
    return [...this.#counts.keys()].filter((id) => (this.#counts[id] ?? 0) > 0);
  }

  of(id: number): { readonly count: number; readonly last: number } {
    return { count: this.#counts[id] ?? 0, last: this.#last[id] ?? 0 };
  }
}

/** Of the label and the value; 32 bits are enough to skip what a block repeats. */
function hashOfValue(columns: EventColumns, i: number, id: number): number {
  const { ends, bytes } = columns.values;
  const end = ends.ints[i + 1] ?? 0;
  let hash = id + 0x9e3779b9;
  for (let at = ends.ints[i] ?? 0; at < end; at++)
    hash = Math.imul(hash ^ (bytes.bytes[at] as number), 0x01000193); // below the length
  return hash;
}

function restored(snapshot: CatalogueSnapshot[CatalogueKind] | undefined): Kind {
  const entries = (snapshot?.entries ?? []).map(([value, lastSeen, count, values, overflowed]) => {
    const label = values && { values: new Set(values), overflowed: overflowed ?? false };
    return [value, { lastSeen, count, ...label }] as const;
  });
  return { entries: new Map(entries), overflowed: snapshot?.overflowed ?? false };
}
