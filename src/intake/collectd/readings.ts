import type { Draft } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { type Before, type Counters, increment, kinds, type Words } from './counters.ts';
import type { DataSources } from './data-sources.ts';

/** What a value or a notification is about; empty texts are absent. */
export interface About {
  readonly host: string;
  readonly plugin: string;
  readonly pluginInstance: string;
  readonly type: string;
  readonly typeInstance: string;
  /** ms since the epoch, UTC; 0: not said. */
  readonly time: number;
  /** s; 0: not said. */
  readonly interval: number;
}

/** Values of one type, read together. */
export interface Values {
  /** `kinds`, one for each value. */
  readonly kinds: ArrayLike<number>;
  /** Of gauges; 0 for others. NaN: collectd does not know it. */
  readonly gauges: readonly number[];
  /** Of all others; undefined when there are none. */
  readonly words: Words | undefined;
  /** Their names, where the sender says them itself. */
  readonly sources?: readonly string[];
}

/** Names kept; they are few, and who invents many only pays for making them again. */
const maxNames = 10_000;

/** Makes readings of values: names them, and makes increments of counters. */
export class Readings {
  readonly #sources: DataSources;
  readonly #counters: Counters;
  readonly #names = new Map<string, readonly string[]>();
  #last: { plugin: string; type: string; names: readonly string[] } = {
    plugin: '',
    type: '',
    names: [],
  };

  constructor(sources: DataSources, counters: Counters) {
    this.#sources = sources;
    this.#counters = counters;
  }

  /** Adds what became of the values to `out`; a counter's first reading becomes nothing. */
  take(about: About, values: Values, out: Decoded[]): void {
    const { kinds: kindOf, words } = values;
    const count = kindOf.length;
    const names = values.sources ? namesOf(about, values.sources) : this.#knownNames(about, count);
    const before = words === undefined ? 'first' : this.#before(about, words);
    if (before === 'full') out.push(tooMany(names[0] ?? ''));
    for (let i = 0; i < count; i++) {
      const kind = kindOf[i] ?? kinds.gauge;
      const metric = valueOf(kind, values, before, i);
      if (metric === undefined || Number.isNaN(metric)) continue;
      out.push(reading(about, names[i] ?? '', metric, kind === kinds.gauge ? 'gauge' : 'delta'));
    }
  }

  #before(about: About, words: Words): Before {
    const { host, plugin, pluginInstance, type, typeInstance, time } = about;
    const key = `${host}\0${plugin}\0${pluginInstance}\0${type}\0${typeInstance}`;
    return this.#counters.swap(key, time, words);
  }

  #knownNames(about: About, count: number): readonly string[] {
    const { plugin, type } = about;
    const last = this.#last;
    // Values of one plugin and type stand together.
    if (last.plugin === plugin && last.type === type && last.names.length === count)
      return last.names;
    const names = this.#lookUp(about, count);
    this.#last = { plugin, type, names };
    return names;
  }

  #lookUp(about: About, count: number): readonly string[] {
    const { plugin, type } = about;
    const key = `${plugin}\0${type}\0${count}`;
    const known = this.#names.get(key);
    if (known) return known;
    if (this.#names.size >= maxNames) this.#names.clear();
    const names = namesOf(about, this.#sources.names(type, count));
    this.#names.set(key, names);
    return names;
  }
}

function namesOf({ plugin, type }: About, sources: readonly string[]): readonly string[] {
  const base = baseName(plugin, type);
  return sources.map((one) => (one === 'value' ? base : `${base}.${one}`));
}

/**
 * `plugin.type`, or the plugin alone where both are the same: what collectd's write_prometheus makes
 * of them, with points.
 */
export function baseName(plugin: string, type: string): string {
  if (plugin === type || type === '') return plugin;
  return plugin === '' ? type : `${plugin}.${type}`;
}

/** The instances, in the names that collectd's write_riemann gives them. */
export function addInstances(
  { pluginInstance, typeInstance }: About,
  attributes: Record<string, string>,
): void {
  if (pluginInstance !== '') attributes['plugin_instance'] = pluginInstance;
  if (typeInstance !== '') attributes['type_instance'] = typeInstance;
}

function valueOf(
  kind: number,
  { gauges, words = [] }: Values,
  before: Before,
  at: number,
): number | undefined {
  if (kind === kinds.gauge) return gauges[at];
  // Set to 0 by who read it: each value is an increment. One that comes twice counts once.
  if (kind === kinds.absolute)
    return before === 'late'
      ? undefined
      : (words[at * 2] ?? 0) * 2 ** 32 + (words[at * 2 + 1] ?? 0);
  return typeof before === 'string' ? undefined : increment(kind, words, before, at);
}

function reading(about: About, name: string, metric: number, kind: string): Draft {
  const { host, time, interval } = about;
  const attributes: Record<string, string> = { 'metric.type': kind };
  addInstances(about, attributes);
  const draft: { -readonly [K in keyof Draft]: Draft[K] } = { type: 'metric', metric, attributes };
  if (name !== '') draft.name = name;
  if (host !== '') draft.host = host;
  if (time > 0) draft.time = time;
  if (interval > 0) draft.ttl = interval * 2;
  return draft;
}

function tooMany(name: string): Decoded {
  const message =
    'So many counters send already that no more are remembered (intakes.collectd.maxSeries): no increments can be made of this one.';
  return refused('TERR_INTAKE_KEYS', message, { sample: name });
}
