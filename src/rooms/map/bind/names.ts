import type { Event } from '../../../event/event.ts';
import { plainName, repositoryName } from '../../thread/names.ts';
import { type Said, recordIn, saidBy } from '../../thread/said.ts';
import type { Signal } from '../health.ts';
import type { Seen } from '../seen.ts';

/** By what an event may find nodes. */
export interface EventNames {
  /** CloudEvents `source`. */
  readonly source: string;
  /** `service.name`; of facts without one the service that they are about. */
  readonly service?: string;
  /** `service.namespace` */
  readonly namespace?: string;
  /** `deployment.environment.name` */
  readonly environment?: string;
  /** `host.name` */
  readonly host?: string;
  /** CloudEvents `subject`, else the id of the subject of a CDEvent. */
  readonly subject?: string;
  /** Without scheme and `.git`, in lower case: `github.com/acme/shop`. */
  readonly repository?: string;
  /** Name of a check, of checks alone. */
  readonly check?: string;
}

/** The attribute that tells services of one name apart; semantic conventions of OpenTelemetry. */
export const namespaceAttribute = 'service.namespace';
const repositoryAttribute = 'vcs.repository.url.full';

/** What an event says of where it comes from and what it is about. Total: what is missing is left out. */
export function namesOf(event: Event): EventNames {
  const said = saidBy(event);
  const { source, attributes } = event;
  return named(source, {
    service: said ? serviceOf(said) : event.service,
    namespace: attributes?.[namespaceAttribute],
    environment: event.environment ?? (said && idIn(said, 'environment')),
    host: event.host,
    subject: event.subject ?? said?.id,
    repository: said ? said.repository : attributes?.[repositoryAttribute],
    check: event.type === 'check' ? event.name : undefined,
  });
}

/** The same of a signal. */
export function namesOfSignal(signal: Signal): EventNames {
  const { source, service, environment, host, subject, attributes } = signal;
  return named(source, {
    service,
    namespace: attributes?.[namespaceAttribute],
    environment,
    host,
    subject,
    repository: attributes?.[repositoryAttribute],
    check: signal.kind === 'check' ? signal.name : undefined,
  });
}

/** The same of what was seen. */
export function namesOfSeen(seen: Seen): EventNames {
  const { source, ...names } = seen;
  return named(source, names);
}

/** Whether something is what Territory says of itself and of its own machine. */
export function isOwn({ source, service }: Pick<EventNames, 'source' | 'service'>): boolean {
  return (
    source === '/territory' ||
    source === '/host-probe' ||
    source.startsWith('territory/') ||
    service === 'territory'
  );
}

type Loose = { readonly [K in Exclude<keyof EventNames, 'source'>]: string | undefined };

function named(source: string, given: { readonly [K in keyof Loose]?: Loose[K] }): EventNames {
  const { service, namespace, environment, host, subject, repository, check } = given;
  return {
    source,
    ...(isName(service) && { service }),
    ...(isName(namespace) && { namespace }),
    ...(isName(environment) && { environment }),
    ...(isName(host) && { host }),
    ...(isName(subject) && { subject }),
    ...(isName(repository) && { repository: repositoryName(repository) ?? repository }),
    ...(isName(check) && { check }),
  };
}

const isName = (text: string | undefined): text is string => text !== undefined && text !== '';

/** CDEvents names the service in the content, or is about it: `service.deployed` of `service/shop`. */
function serviceOf(said: Said): string | undefined {
  if (said.event.service !== undefined) return said.event.service;
  const content = idIn(said, 'service');
  if (content !== undefined || said.subject !== 'service') return content;
  return said.id?.replace(/^service\//, '');
}

function idIn({ content }: Said, name: string): string | undefined {
  return plainName(recordIn(content, name)['id']);
}
