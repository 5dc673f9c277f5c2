import type { Event } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';

/** A change of the product or what it runs on, as far as it may be why something went wrong. */
export interface Change {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** When it happened: ms since the epoch, UTC. */
  readonly time: number;
  /** What people call it: `shop 1.4.2 deployed`. */
  readonly what: string;
  readonly version?: string;
  /** What it touched, by the names of fields (`service`, `environment`, `host`, …). */
  readonly labels: Readonly<Record<string, string>>;
  /** How much it touches: 0 one host, 1 everything. */
  readonly blast: number;
}

const cdevent = /^dev\.cdevents\.([a-z]+)\.([a-z]+)(?:\.|$)/;
const custom = /^dev\.cdeventsx\.[a-z0-9]+-([a-z0-9_]+)\.([a-z]+)(?:\.|$)/i;
/** What of the CDEvents vocabulary changes something that runs; a pipeline run does not. */
const changes: ReadonlySet<string> = new Set([
  'service.deployed',
  'service.upgraded',
  'service.rolledback',
  'service.removed',
  'environment.created',
  'environment.modified',
  'environment.deleted',
  'change.merged',
]);
/** CDEvents has no words for these; other tools' have one of these in their subject. */
const customSubject = /config|flag|feature|toggle|migration|secret|certificate|scale/i;
const customChange =
  /^(?:changed|modified|updated|created|deleted|removed|enabled|disabled|toggled|applied|finished|done|rotated|renewed)$/;

/** The change that an event tells of; undefined when it tells of none that CDEvents or others name. */
export function changeOf(event: Event): Change | undefined {
  const kind = kindOf(event.type);
  return kind && described(event, kind);
}

/** An event that somebody says is a change, whatever its type. */
export function asChange(event: Event): Change {
  const kind = kindOf(event.type) ?? { subject: event.name ?? event.type, predicate: '' };
  return described(event, kind);
}

function described(event: Event, kind: Kind): Change {
  const labels = labelsOf(event, kind.subject);
  const version = versionOf(event);
  return {
    source: event.source,
    id: event.id,
    type: event.type,
    time: Math.min(event.time, event.received),
    what: wordsOf(event, kind, { version, service: labels['service'] }),
    ...(version === undefined ? {} : { version }),
    labels,
    blast: blastOf(kind.subject, labels),
  };
}

interface Kind {
  readonly subject: string;
  readonly predicate: string;
}

/** Most events are readings: they are told from changes by the start of their type alone. */
function kindOf(type: string): Kind | undefined {
  if (!type.startsWith('dev.cdevents')) return undefined;
  const [, subject = '', predicate = ''] = cdevent.exec(type) ?? [];
  if (subject !== '')
    return changes.has(`${subject}.${predicate}`) ? { subject, predicate } : undefined;
  const [, own = '', done = ''] = custom.exec(type) ?? [];
  return customSubject.test(own) && customChange.test(done)
    ? { subject: own, predicate: done }
    : undefined;
}

function wordsOf(
  event: Event,
  { subject, predicate }: Kind,
  { version, service }: { version: string | undefined; service: string | undefined },
): string {
  const done = predicate.replace('rolledback', 'rolled back');
  const words =
    subject === 'service'
      ? [service ?? event.subject ?? subject, version, done]
      : [subject, event.subject ?? version, done];
  const title = event.attributes?.['title'] ?? event.attributes?.['description'];
  return `${words.filter(Boolean).join(' ')}${title === undefined ? '' : `: ${title}`}`;
}

/** What the event says of itself, and what its CDEvent says where it does not. */
function labelsOf(event: Event, subject: string): Record<string, string> {
  const content = contentOf(event);
  const said: Record<string, string | undefined> = {
    ...event.attributes,
    service:
      event.service ??
      idOf(content['service']) ??
      (subject === 'service' ? event.subject : undefined),
    environment:
      event.environment ??
      idOf(content['environment']) ??
      (subject === 'environment' ? event.subject : undefined),
    host: event.host,
    repository: idOf(content['repository']),
  };
  return Object.fromEntries(
    Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function contentOf({ data }: Event): Record<string, unknown> {
  const subject = isRecord(data) ? data['subject'] : undefined;
  const content = isRecord(subject) ? subject['content'] : undefined;
  return isRecord(content) ? content : {};
}

function idOf(value: unknown): string | undefined {
  const id = isRecord(value) ? value['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** `service.version` of OpenTelemetry, `version`, or the end of the artifact's package URL. */
function versionOf(event: Event): string | undefined {
  const said = event.attributes?.['service.version'] ?? event.attributes?.['version'];
  if (said !== undefined) return said;
  const artifact = contentOf(event)['artifactId'];
  if (typeof artifact !== 'string') return undefined;
  const end = artifact.split('?')[0]?.split('@')[1];
  if (end === undefined) return undefined;
  const digest = /^sha\d+(?:%3A|:)([0-9a-f]{12})/i.exec(end);
  return digest?.[1] ?? end;
}

function blastOf(subject: string, labels: Readonly<Record<string, string>>): number {
  if (labels['host'] !== undefined) return 0;
  if (labels['service'] !== undefined) return 0.5;
  return subject === 'change' ? 0.75 : 1;
}
