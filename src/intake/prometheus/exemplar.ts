import type { Draft } from '../../event/event.ts';
import type { Label, Series } from './series.ts';
import { withValue } from './value.ts';

/** What senders call the labels that lead to a trace (OpenMetrics has no rule; these are the habits). */
const links: Readonly<Record<string, string>> = {
  trace_id: 'trace.id',
  traceID: 'trace.id',
  traceId: 'trace.id',
  traceid: 'trace.id',
  span_id: 'span.id',
  spanID: 'span.id',
  spanId: 'span.id',
  spanid: 'span.id',
};

/**
 * An exemplar, one observation out of many, is an event with a type and a name of its own: those who
 * ask for the name of the series are to find nothing but its readings. Without `id` and `time`.
 */
export function exemplarOf(series: Series, labels: readonly Label[], value: number): Draft {
  const found = labels.map(([name, text]): Label => [links[name] ?? name, text]);
  const { 'metric.type': _, ...attributes } = series.base.attributes ?? {};
  const all = { ...attributes, ...Object.fromEntries(found) };
  const name = `${series.base.name}.exemplar`;
  return withValue({ ...series.base, type: 'exemplar', name, attributes: all }, value);
}
