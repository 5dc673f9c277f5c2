import { builtInBindings } from '../bind/built-in.ts';
import { familyOf, programsIn, withoutService } from '../draft/programs.ts';
import type { Binding, BindingKey } from '../model.ts';
import type { MapProblem, Seen } from '../seen.ts';
import { isOwn } from '../bind/names.ts';
import type { Situation } from './situation.ts';
import { type Stranger, strangerProblem } from './stranger.ts';
import { uncalledFor } from './uncalled-for.ts';
import { DeclaredServices, type Sighting } from './whereabouts.ts';

/** By these a service is only found beside something that is on the map. */
const beside: ReadonlySet<BindingKey> = new Set(['host.name', 'source', 'repository']);

/**
 * What was seen lately and is not on the map, each thing once: a service (in each environment apart
 * where it is on the map in another), else a repository, else a source. What Territory says of
 * itself is not asked for. At most `most` are told, in the order of their ids.
 */
export function offTheMap(
  sightings: readonly Sighting[],
  situation: Situation,
  most: number,
): { readonly problems: readonly MapProblem[]; readonly left: number } {
  const { model, now } = situation;
  const declared = new DeclaredServices(model);
  const programs = programsIn(situation.seen);
  const strangers = new Map<string, Stranger>();
  for (const { seen: whole, found } of sightings) {
    const seen = programs.has(whole.service ?? '') ? withoutService(whole) : whole;
    if (found.ignored || isOwn(seen) || now - seen.last > model.staleAfter) continue;
    if (found.ids.length > 0 && !isBeside(seen, found.by, found.ids, declared)) continue;
    const stranger = strangerOf(seen, declared);
    const known = strangers.get(stranger.key);
    if (known) known.seen.push(seen);
    else strangers.set(stranger.key, stranger);
  }
  const called = uncalledFor(situation, declared, (service) => strangers.has(`service/${service}`));
  // There may be thousands of them, and each is some work to tell of.
  const told = [...strangers.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, most);
  const problems = told.map((one) => strangerProblem(one, situation));
  return { problems: [...problems, ...called], left: strangers.size - told.length };
}

/** A service of which nobody has heard, on a host or from a source that is on the map. */
function isBeside(
  { service }: Seen,
  by: Binding | undefined,
  ids: readonly string[],
  declared: DeclaredServices,
): boolean {
  if (service === undefined || by === undefined || !builtInBindings.includes(by)) return false;
  const keys = Object.keys(by.match) as BindingKey[]; // of a binding, so they are its keys
  if (!keys.every((key) => beside.has(key))) return false;
  const nodes = declared.nodesOf(service);
  return !ids.some((id) => nodes.includes(id));
}

function strangerOf(seen: Seen, declared: DeclaredServices): Stranger {
  const { service, environment, repository } = seen;
  if (service !== undefined) {
    const elsewhere = declared.nodesOf(service);
    const base = { kind: 'service' as const, name: service, seen: [seen] };
    if (elsewhere.length === 0) return { ...base, key: `service/${service}`, elsewhere };
    const place = environment ?? '';
    return { ...base, key: `service/${service}/${place}`, place, elsewhere };
  }
  const source = familyOf(seen.source);
  const base = { elsewhere: [], seen: [seen] };
  return repository === undefined
    ? { ...base, kind: 'source', name: source, key: `source/${source}` }
    : { ...base, kind: 'repository', name: repository, key: `repository/${repository}` };
}
