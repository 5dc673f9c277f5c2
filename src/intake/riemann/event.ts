import type { Draft } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { fromLabels } from '../labels.ts';
import type { RiemannEvent } from './message.ts';

/**
 * An event of Riemann as one of ours. What Riemann calls `service` is what is measured, our `name`;
 * the service that it is measured of can only stand in the attributes.
 */
export function toDraft(from: RiemannEvent): Decoded {
  const { service, host, state, metric, description, ttl, tags } = from;
  if (metric !== undefined && !Number.isFinite(metric))
    return refused('TERR_INTAKE_DECODE', `the metric is ${metric}: send a finite number`, {
      field: 'metric',
      ...(service !== undefined && { sample: service }),
    });
  const { attributes, ...labels } = fromLabels(from.attributes);
  const draft: Draft = {
    time: timeOf(from),
    type: typeOf(from),
    ...labels,
    host: host || labels.host,
    name: service || undefined,
    state: state || undefined,
    metric,
    ttl,
    tags: tags.length > 0 ? tags : undefined,
    attributes,
    data: description || undefined,
  } as Draft;
  return draft;
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
