import type { PlacedEvent } from '../../server/api/contract.ts';
import { pickText } from '../kit/pick-text.ts';
import { allOf } from '../where/quote.ts';

/** What the address of the stream says; everything is optional. */
export interface StreamSearch {
  readonly where?: string;
  /** `facts` or `readings`; both when left out. */
  readonly stream?: string;
  /** The event in the drawer: `readings-1234`. */
  readonly event?: string;
  /** RFC 3339. With it the page shows the past, and does not follow. */
  readonly from?: string;
  readonly to?: string;
}

/** Reads the address. */
export const streamSearch = (raw: Record<string, unknown>): StreamSearch =>
  pickText(raw, ['where', 'stream', 'event', 'from', 'to']);

const ofFacts = 'type =~ "dev.cdevents%"';

/** The filter with the choice of the stream in it: every CDEvent is a fact, all else a reading. */
export function whereOf(search: StreamSearch): string {
  if (search.stream === 'facts') return allOf(ofFacts, search.where);
  if (search.stream === 'readings') return allOf(`not ${ofFacts}`, search.where);
  return search.where ?? '';
}

/** An event's name in addresses, unique in this Territory. */
export const keyOf = (event: PlacedEvent): string => `${event.stream}-${event.offset}`;

/** What an event says in one line, beside its columns. */
export function textOf(event: PlacedEvent): string {
  const { data, subject, attributes = {} } = event;
  const inData =
    typeof data === 'string'
      ? data
      : typeof data === 'object' && data !== null
        ? wordsIn(data)
        : '';
  const said =
    attributes['message'] ?? attributes['description'] ?? attributes['text'] ?? attributes['title'];
  const text = said ?? inData;
  const labels = Object.entries(attributes)
    .filter(([, value]) => value !== said)
    .map(([key, value]) => `${key}=${value}`);
  return [subject, text, ...labels, ...(event.tags ?? []).map((tag) => `#${tag}`)]
    .filter((part) => part !== undefined && part !== '')
    .join('  ')
    .slice(0, 400);
}

function wordsIn(data: object): string {
  for (const key of ['message', 'title', 'description', 'text', 'summary', 'log'])
    if (key in data) {
      const value: unknown = data[key as keyof typeof data];
      if (typeof value === 'string') return value;
    }
  return '';
}

/** `dev.cdevents.service.deployed.0.3.0` is `service deployed` to people; others stay as they are. */
export function typeInWords(type: string): string {
  const found = /^dev\.cdeventsx?\.([\w-]+)\.([\w-]+)(\.\d|$)/.exec(type);
  if (!found) return type;
  return `${found[1] ?? ''} ${found[2] ?? ''}`.replace(/^territory-/, '');
}
