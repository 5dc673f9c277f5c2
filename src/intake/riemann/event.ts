import type { Draft } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { fromLabels } from '../labels.ts';
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
  const draft: Filling = { type: typeOf(from), ...labelled(from) };
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

/** The host of an event is its own; another one in the attributes is about something else. */
function labelled({ host, attributes }: RiemannEvent): ReturnType<typeof fromLabels> {
  const labels = attributes.length > 0 ? fromLabels(attributes) : nothing;
  if (!host) return labels;
  if (labels.host === undefined || labels.host === host) return { ...labels, host };
  return { ...labels, host, attributes: { ...labels.attributes, 'host.name': labels.host } };
}

const nothing: ReturnType<typeof fromLabels> = {};

/** A state without a number is the result of a check; nothing but words is a notice. */
function typeOf({ metric, state }: RiemannEvent): Draft['type'] {
  if (metric !== undefined) return 'metric';
  return state ? 'check' : 'event';
}

function timeOf({ time, timeMicros }: RiemannEvent): number | undefined {
  if (timeMicros !== undefined) return Math.floor(timeMicros / 1000);
  return time === undefined ? undefined : time * 1000;
}
