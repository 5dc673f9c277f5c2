import type { Event } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { plainName, repositoryName } from './names.ts';

/** One fact, laid out for who looks for names in it. */
export interface Said {
  readonly event: Event;
  /** `service`, `change`; of custom facts without the tool: `tag` of `territory-tag`. */
  readonly subject: string;
  /** `deployed`, `merged`. */
  readonly predicate: string;
  /** What the subject is called, in the CDEvent or else on the event. */
  readonly id: string | undefined;
  /** Content of the subject of a CDEvent; empty where there is none. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly repository: string | undefined;
  /** What tells names apart that are only good in one place: the repository, or who says it. */
  readonly place: string;
}

const typePattern = /^dev\.cdevents(?:x\.[a-z0-9]+-|\.)([a-z0-9_]+)\.([a-z0-9_]+)/i;

/** Lays a fact out; undefined for what is no fact. */
export function saidBy(event: Event): Said | undefined {
  const [, subject = '', predicate = ''] = typePattern.exec(event.type) ?? [];
  if (subject === '') return undefined;
  const data = isRecord(event.data) ? event.data : {};
  const about = recordIn(data, 'subject');
  const content = recordIn(about, 'content');
  const attributes = event.attributes ?? {};
  const repository = repositoryOf(event, content);
  return {
    event,
    subject: subject.toLowerCase(),
    predicate: predicate.toLowerCase(),
    id: plainName(about['id']) ?? plainName(event.subject),
    content,
    data,
    attributes,
    repository,
    place: repository ?? event.source.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ''),
  };
}

/** The object under a name; empty where there is none. */
export function recordIn(of: Readonly<Record<string, unknown>>, name: string) {
  const value = of[name];
  return isRecord(value) ? value : {};
}

function repositoryOf(
  event: Event,
  content: Readonly<Record<string, unknown>>,
): string | undefined {
  const said = repositoryName(event.attributes?.['vcs.repository.url.full']);
  if (said !== undefined) return said;
  const { id, source } = recordIn(content, 'repository');
  const [name, server] = [plainName(id), repositoryName(source)];
  if (server?.includes('/') === true) return server;
  if (name !== undefined)
    return server === undefined ? name.toLowerCase() : `${server}/${name.toLowerCase()}`;
  return /^(https?|ssh):\/\/[^/]+\/.+\.git$/.test(event.source)
    ? repositoryName(event.source)
    : undefined;
}
