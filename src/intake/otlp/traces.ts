import type { Json } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { noAttributes } from './any-value.ts';
import { AttributeSet, shortText } from './attributes.ts';
import { type Callers, type Edge, type SpanEnd, spanKinds } from './edges.ts';
import { type Input, read } from './fields.ts';
import { idOf } from './logs.ts';
import { type Origin, resourceOrigin, scopeOrigin } from './origin.ts';
import { msOf } from './point.ts';
import {
  type OfScope,
  requestShapes,
  resourceSpans,
  scopeSpans,
  type Span,
  span as spanShape,
  spanEvent,
  spanIds,
  spanLink,
  spanStatus,
} from './shapes.ts';

/** Events and links of a span that are kept. */
const mostEvents = 32;

/** One body while it is decoded. */
export interface TracesBody {
  readonly input: Input;
  readonly callers: Callers;
  /** Told of each span. */
  readonly seen: () => void;
}

/** The finished spans of an ExportTraceServiceRequest. Throws TERR_INTAKE_DECODE. */
export function* decodeTraces({ input, callers, seen }: TracesBody): Generator<Decoded> {
  // Twice, because a parent may stand behind its children.
  for (const { origin, scope } of scopesOf(input))
    for (const span of scope.spans ?? []) note(read(spanIds, span), origin, callers);
  for (const { origin, scope } of scopesOf(input))
    for (const span of scope.spans ?? []) {
      seen();
      yield decodeSpan(read(spanShape, span), origin, callers);
    }
}

function* scopesOf(
  input: Input,
): Generator<{ readonly origin: Origin; readonly scope: Partial<OfScope> }> {
  const { resourceSpans: resources = [] } = read(requestShapes.traces, input);
  for (const ofResource of resources) {
    const { resource, scopeSpans: scopes = [] } = read(resourceSpans, ofResource);
    const origin = resourceOrigin(resource);
    for (const ofScope of scopes) {
      const scope = read(scopeSpans, ofScope);
      yield { origin: scopeOrigin(origin, scope), scope };
    }
  }
}

function note(ids: Partial<Span>, origin: Origin, callers: Callers): void {
  const end = endOf(ids, origin);
  if (end) callers.note(end);
}

/** Undefined where the ids are none: 16 and 8 bytes, not all of them 0. */
function endOf(span: Partial<Span>, { fields }: Origin): SpanEnd | undefined {
  const { traceId = '', spanId = '', parentSpanId = '', kind = 0 } = span;
  const right = traceId.length === 32 && spanId.length === 16;
  if (!right || idOf(traceId) === undefined || idOf(spanId) === undefined) return undefined;
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId.length === 16 ? idOf(parentSpanId) : undefined,
    kind: spanKinds[kind] ?? 'unspecified',
    service: fields.service,
  };
}

function decodeSpan(span: Partial<Span>, origin: Origin, callers: Callers): Decoded {
  const end = endOf(span, origin);
  if (end === undefined)
    return notASpan('a traceId of 16 bytes and a spanId of 8, not all of them 0', 'traceId');
  const { startTimeUnixNano: start = 0n, endTimeUnixNano: finish = 0n } = span;
  if (start === 0n || finish < start)
    return notASpan('a start and an end that is not before it', 'endTimeUnixNano');
  const data = dataOf(span);
  return {
    id: `${end.traceId}/${end.spanId}`,
    time: msOf(finish),
    type: staysWithin(end) ? 'span' : 'request',
    ...origin.fields,
    name: shortText(span.name) ?? end.kind,
    state: stateOf(span, end),
    metric: Number(finish - start) / 1e6,
    attributes: attributesOf(span, end, { origin, callers }),
    ...(data !== undefined && { data }),
  };
}

function staysWithin({ kind }: SpanEnd): boolean {
  return kind === 'internal' || kind === 'unspecified';
}

function notASpan(wants: string, field: string): Decoded {
  return refused('TERR_INTAKE_DECODE', `A span needs ${wants}.`, { field });
}

const error = 2;
const ok = 1;

/**
 * `critical` where the span says that it failed, or its HTTP answer did: 5xx, and 4xx for who asked
 * (semantic conventions for HTTP spans, "Status").
 */
function stateOf({ status, attributes = noAttributes }: Partial<Span>, { kind }: SpanEnd): string {
  const { code = 0 } = status === undefined ? {} : read(spanStatus, status);
  if (code === error) return 'critical';
  if (code === ok) return 'ok';
  const { values } = attributes;
  const http = Number(values.get('http.response.status_code') ?? values.get('http.status_code'));
  return http >= 500 || (http >= 400 && kind === 'client') ? 'critical' : 'ok';
}

interface From {
  readonly origin: Origin;
  readonly callers: Callers;
}

function attributesOf(
  span: Partial<Span>,
  end: SpanEnd,
  { origin, callers }: From,
): Record<string, string> {
  const { attributes = noAttributes, droppedAttributesCount = 0, status } = span;
  const set = new AttributeSet(droppedAttributesCount + attributes.over);
  set.put('unit', 'ms');
  set.put('span.kind', end.kind);
  set.put('trace.id', end.traceId);
  set.put('span.id', end.spanId);
  set.put('span.parent.id', end.parentSpanId);
  if (!staysWithin(end)) putEdge(set, callers.edgeOf(end, attributes.values));
  const { message = '' } = status === undefined ? {} : read(spanStatus, status);
  if (message !== '') set.put('otel.status_description', message);
  set.putAll(attributes.values);
  for (const [name, text] of origin.attributes) set.putFit(name, text);
  return set.entries();
}

function putEdge(set: AttributeSet, edge: Edge): void {
  for (const side of ['client', 'server'] as const) {
    const one = edge[side];
    if (one === undefined) continue;
    set.put(`${side}.service`, one.name);
    set.put(`${side}.service.is`, one.is);
    set.put(`${side}.service.from`, one.from);
  }
}

/** What happened within the span, and what else it belongs to. */
function dataOf({ events = [], links = [] }: Partial<Span>): Json | undefined {
  const kept = firstOf(events, eventOf);
  const linked = firstOf(links, linkOf);
  if (kept.length === 0 && linked.length === 0) return undefined;
  return {
    ...(kept.length > 0 && { events: kept }),
    ...(linked.length > 0 && { links: linked }),
  };
}

function firstOf(inputs: Iterable<Input>, take: (input: Input) => Json): Json[] {
  const some: Json[] = [];
  for (const input of inputs) {
    if (some.length >= mostEvents) break;
    some.push(take(input));
  }
  return some;
}

function eventOf(input: Input): Json {
  const { timeUnixNano = 0n, name = '', attributes = noAttributes } = read(spanEvent, input);
  const set = new AttributeSet(attributes.over);
  set.putAll(attributes.values);
  return { time: msOf(timeUnixNano), name: shortText(name) ?? '', attributes: set.entries() };
}

function linkOf(input: Input): Json {
  const { traceId = '', spanId = '' } = read(spanLink, input);
  return { 'trace.id': traceId.slice(0, 32), 'span.id': spanId.slice(0, 16) };
}
