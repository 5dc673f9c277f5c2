import type { Event, Json } from '../event.ts';
import { isRecord } from '../json.ts';

/** The end of a link: another event by its id, or, from 0.6, a thing outside by its domain id. */
export interface LinkEnd {
  readonly contextId?: string;
  readonly domainId?: string;
}

/** One link between events, directed in time: `from` came first, or is what is related. */
export interface Link {
  /**
   * `START`: `to` begins a chain. `PATH`: `to` follows `from`. `END`: `to` is the last of its chain
   * and follows `from`, where that is said. `RELATION`: `from` has `kind` to `to`.
   */
  readonly type: 'START' | 'PATH' | 'RELATION' | 'END';
  /** Of a RELATION: `TRIGGER`, `ARTIFACT`, … or the sender's own word. */
  readonly kind?: string;
  readonly from?: LinkEnd;
  readonly to?: LinkEnd;
  readonly tags?: Readonly<Record<string, Json>>;
}

export interface Links {
  /** All events of one chain share it, from the change to the deploy. */
  readonly chainId?: string;
  readonly links: readonly Link[];
}

/** More links of one event than this are not looked at. */
export const maxLinks = 1000;

/**
 * The links of an event that carries a CDEvent (embedded links, whose other end is the event
 * itself) or a link on its own. What does not look like a link is passed over. None for other events.
 */
export function linksOf(event: Pick<Event, 'id' | 'data'>): Links {
  const { data } = event;
  if (!isRecord(data)) return { links: [] };
  const alone = standaloneLink(data);
  const carrier = alone ? data : data['context'];
  if (!isRecord(carrier)) return { links: [] };
  const chainId = textOf(carrier['chainId']);
  const embedded = Array.isArray(carrier['links']) ? carrier['links'].slice(0, maxLinks) : [];
  const links = alone ? [alone] : embedded.flatMap((link) => embeddedLink(link, event.id));
  return { ...(chainId !== undefined && { chainId }), links };
}

/** links.md, "Optional Links Field": there is no embedded START, and this event is the other end. */
function embeddedLink(link: unknown, id: string): Link[] {
  if (!isRecord(link)) return [];
  const self: LinkEnd = { contextId: id };
  const from = endOf(link['from']);
  switch (link['linkType']) {
    case 'PATH':
      return from ? [{ type: 'PATH', from, to: self, ...tagsOf(link) }] : [];
    case 'END':
      return [{ type: 'END', ...(from && { from }), to: self, ...tagsOf(link) }];
    case 'RELATION': {
      const to = endOf(link['target']);
      return to ? [{ type: 'RELATION', ...kindOf(link), from: self, to, ...tagsOf(link) }] : [];
    }
    default:
      return [];
  }
}

/** links.md, "Links Spec": a link that is sent separately names both ends. */
function standaloneLink(link: Record<string, unknown>): Link | undefined {
  const [from, to] = [endOf(link['from'] ?? link['source']), endOf(link['to'] ?? link['target'])];
  switch (link['linkType']) {
    case 'START':
      return withEnds('START', undefined, endOf(link['start']), link);
    case 'END':
      return withEnds('END', from, endOf(link['end']), link);
    case 'PATH':
      return from && withEnds('PATH', from, to, link);
    case 'RELATION':
      return from && withEnds('RELATION', from, to, link);
    default:
      return undefined;
  }
}

function withEnds(
  type: Link['type'],
  from: LinkEnd | undefined,
  to: LinkEnd | undefined,
  link: Record<string, unknown>,
): Link | undefined {
  return to && { type, ...kindOf(link), ...(from && { from }), to, ...tagsOf(link) };
}

function endOf(value: unknown): LinkEnd | undefined {
  if (!isRecord(value)) return undefined;
  const [contextId, domainId] = [textOf(value['contextId']), textOf(value['domainId'])];
  if (contextId === undefined && domainId === undefined) return undefined;
  return {
    ...(contextId !== undefined && { contextId }),
    ...(domainId !== undefined && { domainId }),
  };
}

function kindOf(link: Record<string, unknown>): Pick<Link, 'kind'> {
  const kind = textOf(link['linkKind']);
  return kind === undefined ? {} : { kind };
}

function tagsOf(link: Record<string, unknown>): Pick<Link, 'tags'> {
  return isRecord(link['tags']) ? { tags: link['tags'] as Record<string, Json> } : {}; // part of `data`
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
