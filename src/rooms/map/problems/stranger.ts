import { snippetOf } from '../code/write.ts';
import type { DraftNode } from '../draft-map.ts';
import { freeId, kindOfService } from '../draft/kinds.ts';
import { lastPart } from '../draft/programs.ts';
import type { MapModel } from '../model.ts';
import type { MapProblem, Seen } from '../seen.ts';
import { type Situation, sinceOf } from './situation.ts';
import { agoText, countedText, listText, seenEvidence } from './words.ts';

/** Something that is not on the map, with all that was seen of it. */
export interface Stranger {
  readonly key: string;
  readonly kind: 'service' | 'repository' | 'source';
  readonly name: string;
  /** The one environment that it is of; empty: none was said. Left out: of all. */
  readonly place?: string;
  /** Nodes that name it in other places. */
  readonly elsewhere: readonly string[];
  readonly seen: Seen[];
}

/** Combinations that stand as evidence. */
const maxEvidence = 3;
/** Hosts that are given a node each in a snippet; of more there is only the source. */
const maxHosts = 5;

/** Tells that something is not on the map, and how to put it there. */
export function strangerProblem(stranger: Stranger, situation: Situation): MapProblem {
  const { model, now } = situation;
  const { key, seen } = stranger;
  const id = `seen-never-declared/${key}`;
  const count = seen.reduce((sum, one) => sum + one.count, 0);
  const first = Math.min(...seen.map((one) => one.first));
  const newest = seen.toSorted((a, b) => b.last - a.last);
  const last = newest[0]?.last ?? first;
  const often = `${countedText(count, 'event')}, the first ${agoText(first, now)}, the last ${agoText(last, now)}`;
  const draft = draftNodes(stranger, model);
  return {
    id,
    kind: 'seen-never-declared',
    message: `${subjectText(stranger)}: ${often}${detailText(stranger)}.`,
    ...(draft.length > 0 && { snippet: snippetOf({ nodes: draft, edges: [] }) }),
    since: sinceOf(id, first, situation),
    evidence: newest.slice(0, maxEvidence).map(seenEvidence),
  };
}

function subjectText({ kind, name, place, elsewhere }: Stranger): string {
  if (kind !== 'service')
    return `${kind === 'source' ? 'Source' : 'Repository'} ${name} is not on the map`;
  if (place === undefined) return `Service ${name} is not on the map`;
  const nodes = `${listText(elsewhere)} ${elsewhere.length === 1 ? 'is' : 'are'} of another place`;
  return place === ''
    ? `Service ${name} is seen without an environment, and ${nodes}`
    : `Service ${name} in ${place} is not on the map, and ${nodes}`;
}

function detailText({ kind, place, seen }: Stranger): string {
  const named = (of: (one: Seen) => string | undefined): string[] =>
    [...new Set(seen.flatMap((one) => of(one) ?? []))].toSorted();
  if (kind === 'source') {
    const hosts = named(({ host }) => host);
    const checks = named(({ check }) => check);
    const ofHosts = hosts.length === 0 ? '' : `, of ${listText(hosts)}`;
    return checks.length === 0 ? ofHosts : `${ofHosts}, with checks ${listText(checks)}`;
  }
  const environments = place === undefined ? named(({ environment }) => environment) : [];
  const sources = named(({ source }) => source);
  const places = environments.length === 0 ? '' : `, in ${listText(environments)}`;
  return kind === 'repository' ? '' : `${places}, from ${listText(sources)}`;
}

/** The nodes that would put it on the map. */
function draftNodes({ kind, name, place, seen }: Stranger, model: MapModel): DraftNode[] {
  const own = new Set<string>();
  const idOf = (base: string): string => {
    const id = freeId(base, (one) => model.nodes.has(one) || own.has(one));
    own.add(id);
    return id;
  };
  if (kind === 'service')
    return place === undefined
      ? [nodeOf(idOf(name), 'production', kindOfService(name), { service: name })]
      : placedNode(name, place, idOf);
  if (kind === 'repository')
    return [nodeOf(idOf(lastPart(name)), 'pipeline', 'repository', { repository: name })];
  const hosts = [...new Set(seen.flatMap(({ host }) => host ?? []))].toSorted();
  if (hosts.length > 0 && hosts.length <= maxHosts && seen.every(({ host }) => host !== undefined))
    return hosts.map((host) => nodeOf(idOf(host), 'production', 'host', { host }));
  const facts = seen.some(({ stream }) => stream === 'facts');
  return [
    nodeOf(
      idOf(lastPart(name)),
      facts ? 'pipeline' : 'production',
      facts ? 'build-server' : 'system',
      {
        source: name,
      },
    ),
  ];
}

/** Of a service without an environment no node would help: it would be of all of them. */
function placedNode(name: string, place: string, idOf: (base: string) => string): DraftNode[] {
  if (place === '') return [];
  const names = { service: name, environment: place };
  return [nodeOf(idOf(`${name}-${place}`), 'production', kindOfService(name), names)];
}

function nodeOf(
  id: string,
  quadrant: DraftNode['quadrant'],
  kind: string,
  names: Readonly<Record<string, string>>,
): DraftNode {
  return { id, quadrant, kind, names };
}
