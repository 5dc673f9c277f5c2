import type { Draft } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { fromLabels, isFieldName } from '../labels.ts';
import type { RiemannEvent } from './message.ts';

/**
 * An event of Riemann as one of ours. What Riemann calls `service` is what is measured, our `name`;
 * the service that it is measured of can only stand in the attributes.
 */
export function toDraft(from: RiemannEvent): Decoded {
  const { metric, service } = from;
  if (metric !== undefined && !Number.isFinite(metric))
    return refused('TERR_INTAKE_DECODE', `the metric is ${metric}: send a finite number`, {
      field: 'metric',
      ...(service !== undefined && { sample: service }),
    });
  const draft: Filling = { type: typeOf(from) };
  if (from.attributes.length > 0) label(draft, from.attributes);
  if (from.host) host(draft, from.host);
  fill(draft, from);
  return draft;
}

type Filling = { -readonly [K in keyof Draft]: Draft[K] };

function fill(draft: Filling, from: RiemannEvent): void {
  const { service, state, metric, description, ttl, tags } = from;
  const time = timeOf(from);
  if (time !== undefined) draft.time = time;
  if (service) draft.name = service;
  if (state) draft.state = state;
  if (metric !== undefined) draft.metric = metric;
  if (ttl !== undefined) draft.ttl = ttl;
  if (tags.length > 0) draft.tags = tags;
  if (description) draft.data = description;
}

function label(draft: Filling, pairs: RiemannEvent['attributes']): void {
  const attributes: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (isFieldName(name) || name === '__proto__') {
      Object.assign(draft, fromLabels(pairs));
      return;
    }
    attributes[name] = value;
  }
  draft.attributes = attributes;
}

/** The host of an event is its own; another one in the attributes is about something else. */
function host(draft: Filling, name: string): void {
  if (draft.host !== undefined && draft.host !== name)
    draft.attributes = { ...draft.attributes, 'host.name': draft.host };
  draft.host = name;
}

/** A state without a number is the result of a check; nothing but words is a notice. */
function typeOf({ metric, state }: RiemannEvent): Draft['type'] {
  if (metric !== undefined) return 'metric';
  return state ? 'check' : 'event';
}

function timeOf({ time, timeMicros }: RiemannEvent): number | undefined {
  if (timeMicros !== undefined) return Math.floor(timeMicros / 1000);
  return time === undefined ? undefined : time * 1000;
}
