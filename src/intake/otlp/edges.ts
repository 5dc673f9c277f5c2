import type { Json } from '../../event/event.ts';
import { textOf } from './attributes.ts';
import { Recent } from './recent.ts';

/** Spans whose service is remembered: of callers, and of who answered them. */
const mostSpans = 100_000;

/** `SpanKind` (trace.proto) in words. */
export const spanKinds = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
] as const;

export type SpanKind = (typeof spanKinds)[number];

/** One end of an edge, and how it is known. */
export interface End {
  /** As the map knows it: `shop`, `postgresql/orders`, `kafka/payments`. */
  readonly name: string;
  readonly is: 'service' | 'database' | 'queue' | 'address';
  /** `resource`, `trace` (another span of the trace), or the attribute that said so. */
  readonly from: string;
}

export interface Edge {
  readonly client: End | undefined;
  readonly server: End | undefined;
}

/** A span as far as edges go. */
export interface SpanEnd {
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined at the root of a trace. */
  readonly parentSpanId: string | undefined;
  readonly kind: SpanKind;
  readonly service: string | undefined;
}

type Values = ReadonlyMap<string, Json>;

/** Remembers which service a span belongs to, of the last spans of all senders: a trace crosses them. */
export class Callers {
  /** Service by span. */
  readonly #owners = new Recent(mostSpans);
  /** Service that answered, by the span that called. */
  readonly #answered = new Recent(mostSpans);

  note({ traceId, spanId, parentSpanId, kind, service }: SpanEnd): void {
    if (service === undefined) return;
    this.#owners.note(`${traceId}${spanId}`, service);
    if (parentSpanId !== undefined && isCalled(kind))
      this.#answered.note(`${traceId}${parentSpanId}`, service);
  }

  /**
   * Who calls whom by a span. Callers know whom they called from the span that answered, else from
   * their own attributes; who was called knows the caller from the parent span.
   */
  edgeOf(span: SpanEnd, values: Values): Edge {
    const self = serviceEnd(span.service, 'resource');
    if (!isCalled(span.kind)) return { client: self, server: this.#calledBy(span, values) };
    const queue = span.kind === 'consumer' ? destinationOf(values) : undefined;
    return { client: queue ?? this.#callerOf(span), server: self };
  }

  #callerOf({ traceId, parentSpanId, service }: SpanEnd): End | undefined {
    if (parentSpanId === undefined) return undefined;
    const owner = this.#owners.get(`${traceId}${parentSpanId}`);
    return owner === service ? undefined : serviceEnd(owner, 'trace');
  }

  #calledBy({ traceId, spanId, kind, service }: SpanEnd, values: Values): End | undefined {
    const queue = kind === 'producer' ? destinationOf(values) : undefined;
    const answered = this.#answered.get(`${traceId}${spanId}`);
    const seen = answered === service ? undefined : serviceEnd(answered, 'trace');
    return queue ?? seen ?? peerOf(values);
  }
}

function isCalled(kind: SpanKind): boolean {
  return kind === 'server' || kind === 'consumer';
}

function serviceEnd(name: string | undefined, from: string): End | undefined {
  return name === undefined ? undefined : { name, is: 'service', from };
}

/** Semantic conventions 1.37 first, then what they were called before. */
const systems = ['db.system.name', 'db.system'];
const namespaces = ['db.namespace', 'db.name'];
const peers = ['peer.service', 'service.peer.name'];
const addresses = [
  'server.address',
  'net.peer.name',
  'http.host',
  'network.peer.address',
  'net.peer.ip',
  'net.sock.peer.addr',
];

function peerOf(values: Values): End | undefined {
  const service = first(values, peers);
  if (service) return { name: service.text, is: 'service', from: service.name };
  const system = first(values, systems);
  if (system) {
    const namespace = first(values, namespaces);
    const name = namespace ? `${system.text}/${namespace.text}` : system.text;
    return { name, is: 'database', from: system.name };
  }
  const queue = destinationOf(values);
  if (queue) return queue;
  const address = first(values, addresses);
  return address && { name: address.text, is: 'address', from: address.name };
}

function destinationOf(values: Values): End | undefined {
  const destination = first(values, ['messaging.destination.name', 'messaging.destination']);
  if (!destination) return undefined;
  const system = first(values, ['messaging.system']);
  const name = system ? `${system.text}/${destination.text}` : destination.text;
  return { name, is: 'queue', from: destination.name };
}

function first(
  values: Values,
  names: readonly string[],
): { readonly name: string; readonly text: string } | undefined {
  for (const name of names) {
    const value = values.get(name);
    const text = value === undefined ? undefined : textOf(value);
    if (text !== undefined && text !== '') return { name, text };
  }
  return undefined;
}
