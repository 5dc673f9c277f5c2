import type { PlacedEvent } from '../../event/codec.ts';
import { isRecord } from '../../event/json.ts';
import { type Said, recordIn, saidBy } from '../../rooms/thread/said.ts';

/** What a fact says to people. */
export interface FactWords {
  /** `change merged` */
  readonly what: string;
  readonly title: string | undefined;
  /** Who did it, as the fact names them. */
  readonly who: string | undefined;
  /** Where more can be read. */
  readonly url: string | undefined;
}

const maxText = 300;

/** The words of a fact: its type, its title, who did it. */
export function wordsOf(event: PlacedEvent): FactWords {
  const said = saidBy(event);
  const what = said ? `${said.subject} ${said.predicate}` : event.type;
  if (!said) return { what, title: event.name, who: undefined, url: undefined };
  return { what, title: titleOf(said), who: whoOf(said), url: urlOf(said) };
}

function titleOf({ event, data, content, attributes }: Said): string | undefined {
  const custom = recordIn(data, 'customData');
  return firstText(
    data['title'],
    attributes['vcs.change.title'],
    attributes['ticket.title'],
    attributes['alert.summary'],
    custom['title'],
    content['summary'],
    content['description'],
    attributes['title'],
    attributes['description'],
    attributes['cicd.pipeline.name'],
    content['pipelineName'],
    content['taskName'],
    event.name,
  );
}

function whoOf({ data, content, attributes }: Said): string | undefined {
  return firstText(
    attributes['actor'],
    attributes['user.name'],
    recordIn(data, 'author')['name'],
    data['tagger'],
    content['user'],
    content['updatedBy'],
    content['creator'],
    data['by'],
  );
}

function urlOf({ content, attributes }: Said): string | undefined {
  const address = firstText(attributes['url.full'], content['uri'], content['ticketURI']);
  return address !== undefined && /^https?:\/\//.test(address) ? address : undefined;
}

function firstText(...values: readonly unknown[]): string | undefined {
  const text = values.find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof text === 'string' ? text.trim().slice(0, maxText) : undefined;
}

/** What an alert calls a change that it suspects, by the id of that event. */
export function suspectsOf({ data }: PlacedEvent): Map<string, string> {
  const listed = isRecord(data) && Array.isArray(data['suspects']) ? data['suspects'] : [];
  return new Map(
    listed.flatMap((one: unknown) =>
      isRecord(one) && typeof one['id'] === 'string' && typeof one['what'] === 'string'
        ? [[one['id'], one['what'].slice(0, maxText)] as const]
        : [],
    ),
  );
}
