import { type Pattern, fits, isExact, patternOf } from '../bind/pattern.ts';
import type { Found } from '../bind/binder.ts';
import { namesOfSeen } from '../bind/names.ts';
import type { MapModel } from '../model.ts';
import type { SeenCall, Seen } from '../seen.ts';
import type { Situation } from './situation.ts';
import { type ProblemEvidence, countedText, seenEvidence } from './words.ts';

/** What was seen, and what it found. */
export interface Sighting {
  readonly seen: Seen;
  readonly found: Found;
}

/** When something on the map was heard of last. */
export interface LastHeard {
  /** ms since the epoch. */
  readonly time: number;
  readonly evidence: ProblemEvidence;
}

/** What each thing that was seen finds on the map. */
export function sightingsOf({ seen, binder }: Situation): Sighting[] {
  return seen.map((one) => ({ seen: one, found: binder.look(namesOfSeen(one)) }));
}

/** When each node and process was heard of last; who is called or calls is heard of as well. */
export function lastHeard(
  sightings: readonly Sighting[],
  { model, calls }: Situation,
): ReadonlyMap<string, LastHeard> {
  const last = new Map<string, LastHeard>();
  const hear = (id: string, time: number, evidence: () => ProblemEvidence): void => {
    const known = last.get(id);
    if (!known || known.time < time) last.set(id, { time, evidence: evidence() });
  };
  for (const { seen, found } of sightings)
    for (const id of found.ids) hear(id, seen.last, () => seenEvidence(seen));
  const declared = new DeclaredServices(model);
  for (const call of calls)
    for (const end of [call.from, call.to])
      for (const id of declared.nodesOf(end)) hear(id, call.last, () => callEvidence(call));
  return last;
}

/** A call as evidence; it is made of many events and has no place in the log of its own. */
export function callEvidence({ from, to, count, last }: SeenCall): ProblemEvidence {
  const text = `${from} called ${to}, ${countedText(count, 'time')}`;
  return { stream: 'readings', offset: 0, time: last, text };
}

/** The services that nodes name, wherever they are. */
export class DeclaredServices {
  readonly #exact = new Map<string, string[]>();
  readonly #patterns: readonly { readonly id: string; readonly pattern: Pattern }[];
  readonly #known = new Map<string, readonly string[]>();

  constructor({ nodes }: MapModel) {
    const all = [...nodes.values()].flatMap(({ id, names }) =>
      names.service === undefined ? [] : { id, pattern: patternOf('service', names.service) },
    );
    this.#patterns = all.filter(({ pattern }) => !isExact(pattern));
    for (const { id, pattern } of all) {
      if (!isExact(pattern)) continue;
      const [name = ''] = pattern.parts;
      this.#exact.set(name, [...(this.#exact.get(name) ?? []), id]);
    }
  }

  /** Nodes that name a service, whatever else they name. */
  nodesOf(service: string): readonly string[] {
    let ids = this.#known.get(service);
    if (!ids) {
      const like = this.#patterns.filter(({ pattern }) => fits(pattern, service));
      ids = [...(this.#exact.get(service) ?? []), ...like.map(({ id }) => id)];
      this.#known.set(service, ids);
    }
    return ids;
  }
}
