import { type Binder, makeBinder } from '../../../rooms/map/bind/binder.ts';
import { namesOfSignal } from '../../../rooms/map/bind/names.ts';
import type { Change } from '../../../rooms/map/facts.ts';
import {
  type Health,
  type HealthById,
  type Observed,
  type Signal,
  processKey,
} from '../../../rooms/map/health.ts';
import { assess } from '../../../rooms/map/health/assess.ts';
import { observe } from '../../../rooms/map/health/observe.ts';
import {
  type MapModel,
  type MapNode,
  type MapProcess,
  emptyMap,
} from '../../../rooms/map/model.ts';

/** Signals that are held; of more, the oldest give way. */
export const maxSignals = 50_000;

interface Held {
  readonly signal: Signal;
  /** Ids of nodes and keys of processes that it speaks of. */
  readonly about: readonly string[];
}

/**
 * How everything on the map is now: signals find their nodes, nodes are observed anew when a signal
 * came or one got too old, and what follows from it is inferred. No clock: the time is passed in.
 */
export class MapState {
  /** Signals that gave way to newer ones for want of room. */
  forgotten = 0;
  #model: MapModel = emptyMap;
  #binder: Binder = makeBinder(emptyMap);
  /** By key, the one that came longest ago first. */
  readonly #held = new Map<string, Held>();
  readonly #byId = new Map<string, Map<string, Signal>>();
  readonly #observed = new Map<string, Observed>();
  readonly #dirty = new Set<string>();
  #health: HealthById = new Map();

  get model(): MapModel {
    return this.#model;
  }

  get binder(): Binder {
    return this.#binder;
  }

  get health(): HealthById {
    return this.#health;
  }

  get observed(): ReadonlyMap<string, Observed> {
    return this.#observed;
  }

  get signals(): number {
    return this.#held.size;
  }

  /** Another map: every signal finds its nodes anew. */
  use(model: MapModel): void {
    this.#model = model;
    this.#binder = makeBinder(model);
    this.#byId.clear();
    this.#observed.clear();
    for (const [key, { signal }] of this.#held) {
      const about = this.#aboutOf(signal);
      this.#held.set(key, { signal, about });
      this.#index(signal, about);
    }
    for (const id of idsOf(model)) this.#dirty.add(id);
  }

  take(signal: Signal): void {
    const known = this.#held.get(signal.key);
    if (known && known.signal.time > signal.time) return;
    const ids = known && sameNames(known.signal, signal) ? known.about : this.#aboutOf(signal);
    if (known) this.drop(signal.key);
    this.#held.set(signal.key, { signal, about: ids });
    this.#index(signal, ids);
    if (this.#held.size <= maxSignals) return;
    const [oldest] = this.#held.keys();
    if (oldest === undefined) return;
    this.drop(oldest);
    this.forgotten++;
  }

  /** What was said holds no longer. */
  drop(key: string): void {
    const known = this.#held.get(key);
    if (!known) return;
    this.#held.delete(key);
    for (const id of known.about) {
      this.#byId.get(id)?.delete(key);
      this.#dirty.add(id);
    }
  }

  /** Whether the signal with a key speaks of a node or process. */
  isAbout(key: string, id: string): boolean {
    return this.#held.get(key)?.about.includes(id) === true;
  }

  /** Looks at what has changed; what is shown or caused otherwise than before. `now` in ms. */
  evaluate(now: number): Change[] {
    for (const [id, { until }] of this.#observed)
      if (until !== undefined && until <= now) this.#dirty.add(id);
    if (this.#dirty.size === 0) return [];
    for (const id of this.#dirty) {
      const about = declared(this.#model, id);
      if (about) this.#observed.set(id, observe(about, this.#signalsOf(id), now));
    }
    this.#dirty.clear();
    const before = this.#health;
    this.#health = assess(this.#model, this.#observed);
    return changesBetween(before, this.#health);
  }

  #signalsOf(id: string): Signal[] {
    return [...(this.#byId.get(id)?.values() ?? [])];
  }

  #index(signal: Signal, about: readonly string[]): void {
    for (const id of about) {
      const signals = this.#byId.get(id) ?? new Map<string, Signal>();
      signals.set(signal.key, signal);
      this.#byId.set(id, signals);
      this.#dirty.add(id);
    }
  }

  #aboutOf(signal: Signal): readonly string[] {
    // The measure of a process has its key.
    if (signal.kind === 'sli') return [signal.key];
    return this.#binder.find(namesOfSignal(signal));
  }
}

/** The declaration of a node or process. */
export function declared(model: MapModel, id: string): MapNode | MapProcess | undefined {
  return id.startsWith('process:')
    ? model.processes.get(id.slice('process:'.length))
    : model.nodes.get(id);
}

/** Ids of all nodes and keys of all processes. */
export const idsOf = (model: MapModel): string[] => [
  ...model.nodes.keys(),
  ...[...model.processes.keys()].map(processKey),
];

const names = ['source', 'subject', 'service', 'host', 'environment', 'name'] as const;

const sameNames = (one: Signal, other: Signal): boolean =>
  names.every((field) => one[field] === other[field]) &&
  one.attributes?.['service.namespace'] === other.attributes?.['service.namespace'] &&
  one.attributes?.['vcs.repository.url.full'] === other.attributes?.['vcs.repository.url.full'];

function changesBetween(before: HealthById, after: HealthById): Change[] {
  const changes: Change[] = [];
  for (const [id, health] of after) {
    const was = before.get(id);
    if (!was || !sameHealth(was, health))
      changes.push({ id, from: was?.shown ?? 'no-evidence', health });
  }
  return changes;
}

/** Whether it is as before for who looks: evidence that only got newer is no change. */
function sameHealth(one: Health, other: Health): boolean {
  return (
    one.shown === other.shown &&
    one.observed === other.observed &&
    one.inferred === other.inferred &&
    one.contradiction === other.contradiction &&
    one.because.join('\t') === other.because.join('\t')
  );
}
