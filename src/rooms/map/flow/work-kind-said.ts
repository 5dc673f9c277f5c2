import { type Said, recordIn } from '../../thread/said.ts';
import { type WorkKind, kindOfLabel, kindOfTitle } from './work-kind.ts';

/** Labels of one fact that are looked at. */
const maxLabels = 20;

/**
 * What a fact says the work is done for: the type of a ticket, then labels, then the prefix of a title.
 * `unknown` where it says nothing of it.
 */
export function workKindSaid(said: Said): WorkKind {
  const { content, data, attributes, subject } = said;
  if (subject === 'incident' || subject === 'alert') return 'defect';
  const custom = recordIn(data, 'customData');
  const type = texts([content['ticketType'], data['type'], attributes['ticket.type']]);
  const labels = [content, data, custom, recordIn(custom, 'pull_request')].flatMap((of) =>
    labelsIn(of['labels']),
  );
  const titles = texts([
    data['title'],
    attributes['vcs.change.title'],
    attributes['ticket.title'],
    custom['title'],
    content['summary'],
    content['description'],
  ]);
  const kinds = [...[...type, ...labels].map(kindOfLabel), ...titles.map(kindOfTitle)];
  return kinds.find((kind) => kind !== 'unknown') ?? 'unknown';
}

const texts = (values: readonly unknown[]): string[] =>
  values.filter((value) => typeof value === 'string');

function labelsIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, maxLabels).flatMap((one: unknown) => {
    if (typeof one === 'string') return [one];
    const name = typeof one === 'object' && one !== null && 'name' in one ? one.name : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}
