import type { Decoded } from '../decoded.ts';
import { labelled, pairsOf, resourceLabels } from './attributes.ts';
import type { Item } from './body.ts';
import type { Span } from './model.ts';
import type { ServicesOfSpans } from './services-of-spans.ts';

/** Of `kind` (trace/v1/trace.proto, SpanKind). */
const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
type SpanKind = (typeof kinds)[number];

const error = 2;

/**
 * A finished span. What goes from one service to another is a `request`, with both ends of it as far
 * as they are known; everything else is a `span`. docs/protocols/otlp.md has the table.
 */
export function spanOf({ resource, scope, item }: Item<Span>, services: ServicesOfSpans): Decoded {
  const kind = kinds[item.kind ?? 0] ?? 'unspecified';
  const pairs = pairsOf(item.attributes);
  const own = new Map(pairs);
  const { attributes, ...fields } = labelled([...resourceLabels(resource, scope), ...pairs]);
  const { service = '' } = fields;
  const caller = learn(item, service, services);
  return {
    ...whenOf(item),
    type: crosses(kind) ? 'request' : 'span',
    ...fields,
    ...(item.name && { name: item.name }),
    state: isFailed(item, kind, own) ? 'critical' : 'ok',
    attributes: {
      ...attributes,
      ...edgeOf(kind, service, { own, caller }),
      unit: 'ms',
      'span.kind': kind,
      ...idsOf(item),
    },
    ...(item.status?.message && { data: item.status.message }),
  };
}

/** Remembers whose the span is; gives the service of its parent. */
function learn(
  { traceId = '', spanId = '', parentSpanId = '' }: Span,
  service: string,
  services: ServicesOfSpans,
): string | undefined {
  if (service !== '') services.put(traceId, spanId, service);
  return services.of(traceId, parentSpanId);
}

/** A span happened when it ended; its metric is how long it took, ms. */
function whenOf({ traceId, spanId, startTimeUnixNano: start = 0, endTimeUnixNano }: Span) {
  const end = endTimeUnixNano ?? start;
  return {
    ...(spanId && { id: `${traceId}/${spanId}` }),
    ...(end > 0 && { time: Math.floor(end) }),
    ...(end >= start && { metric: Math.round((end - start) * 1e3) / 1e3 }),
  };
}

function crosses(kind: SpanKind): boolean {
  return kind !== 'internal' && kind !== 'unspecified';
}

/** By its status, or as HTTP's conventions have it for servers: 5xx. */
function isFailed({ status }: Span, kind: SpanKind, own: ReadonlyMap<string, string>): boolean {
  if (status?.code === error) return true;
  const http = own.get('http.response.status_code') ?? own.get('http.status_code');
  return kind === 'server' && status?.code !== 1 && http?.startsWith('5') === true;
}

function idsOf({ traceId, spanId, parentSpanId }: Span) {
  return {
    ...(traceId && { 'trace.id': traceId }),
    ...(spanId && { 'span.id': spanId }),
    ...(parentSpanId && { 'span.parent.id': parentSpanId }),
  };
}

interface Around {
  readonly own: ReadonlyMap<string, string>;
  /** The service of the parent span, where it is known. */
  readonly caller: string | undefined;
}

/** Who called whom; an end that is not known is left out. */
function edgeOf(kind: SpanKind, service: string, { own, caller }: Around) {
  const edge = (client: string | undefined, server: string | undefined) => ({
    ...(client && { 'client.service': client }),
    ...(server && { 'server.service': server }),
  });
  if (kind === 'server') return edge(caller === service ? undefined : caller, service);
  if (kind === 'client') return edge(service, calledBy(own));
  if (kind === 'producer') return edge(service, queueOf(own));
  return kind === 'consumer' ? edge(queueOf(own), service) : {};
}

const first = (own: ReadonlyMap<string, string>, ...names: readonly string[]): string | undefined =>
  names.map((name) => own.get(name)).find((value) => value !== undefined);

/** A service by its name, a data base by its system and its own name, else the address. */
function calledBy(own: ReadonlyMap<string, string>): string | undefined {
  const peer = first(own, 'peer.service', 'service.peer.name');
  if (peer !== undefined) return peer;
  const system = first(own, 'db.system.name', 'db.system');
  if (system !== undefined) {
    const name = first(own, 'db.namespace', 'db.name', 'server.address');
    return name === undefined ? system : `${system}/${name}`;
  }
  return first(own, 'server.address', 'net.peer.name');
}

function queueOf(own: ReadonlyMap<string, string>): string | undefined {
  const name = first(own, 'messaging.destination.name', 'messaging.destination');
  const system = own.get('messaging.system');
  if (name === undefined) return system;
  return system === undefined ? name : `${system}/${name}`;
}
