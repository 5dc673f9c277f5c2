import { type LinkEnd, linksOf } from '../../event/cdevents/links.ts';
import { isRecord } from '../../event/json.ts';
import type { Edge } from './edge.ts';
import { plainName } from './names.ts';
import type { Said } from './said.ts';
import { type Key, keyOf, kindOf } from './thing.ts';

const maxSuspects = 10;

/** The name of an event that a link has: ids of CDEvents are unique in practice, whoever sends them. */
export const eventKey = (id: string): Key => keyOf('event', id.slice(0, 300));

/** The name of an event by its whole identity, with a tab between. */
export const identityKey = (source: string, id: string): Key =>
  keyOf('event', `${source}\t${id}`.slice(0, 600));

/** What the links of a CDEvent say: PATH, END and RELATION, and the chain that it is in. */
export function linkEdges({ event }: Said, about: Key | undefined): Edge[] {
  const { chainId, links } = linksOf(event);
  const self = about ?? eventKey(event.id);
  const endOf = (end: LinkEnd | undefined): Key | undefined => {
    if (end === undefined || end.contextId === event.id) return end && self;
    const id = plainName(end.contextId ?? end.domainId);
    return id === undefined ? undefined : eventKey(id);
  };
  const chain = plainName(chainId);
  const edges: Edge[] =
    chain === undefined || links.some(({ type }) => type === 'START')
      ? []
      : [{ from: self, to: keyOf('chain', chain), kind: 'chained' }];
  for (const { type, from, to } of links) {
    const [a, b] = [endOf(from), endOf(to)];
    if (type === 'START' && b !== undefined && chain !== undefined)
      edges.push({ from: b, to: keyOf('chain', chain), kind: 'chained' });
    if (a === undefined || b === undefined || a === b) continue;
    edges.push({ from: a, to: b, kind: type === 'RELATION' ? 'linked' : 'followed' });
  }
  return edges;
}

/** The changes that an alert suspects. */
export function suspectEdges({ data }: Said, about: Key | undefined): Edge[] {
  const suspects = data['suspects'];
  if (about === undefined || !Array.isArray(suspects)) return [];
  if (kindOf(about) !== 'alert' && kindOf(about) !== 'incident') return [];
  return suspects.slice(0, maxSuspects).flatMap((one: unknown): Edge[] => {
    const { source, id } = isRecord(one) ? one : {};
    if (typeof source !== 'string' || plainName(id) === undefined) return [];
    return [{ from: identityKey(source, String(id)), to: about, kind: 'suspected' }];
  });
}
