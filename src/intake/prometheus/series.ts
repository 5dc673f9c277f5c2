import { createHash } from 'node:crypto';
import type { Draft } from '../../event/event.ts';
import { fromLabels } from '../labels.ts';
import { type Family, metricTypeOf, unitOf } from './kinds.ts';

export type Label = readonly [name: string, value: string];

/** What all samples of one series have in common. */
export interface Series {
  readonly base: Draft & { readonly name: string };
  /** Same for the same labels whatever their order, 64 bits in 11 characters. */
  readonly hash: string;
  /** Characters of all labels: what each event of it costs in memory. */
  readonly size: number;
}

/** What is known of a series beside its labels. */
export interface About {
  readonly family?: Family | undefined;
  readonly unit?: string | undefined;
}

/**
 * The series of these labels, or what is wrong with them. `job` is the service where no label names
 * one, and stays an attribute, as does `instance`: people look for both.
 */
export function seriesOf(labels: readonly Label[], about: About = {}): Series | string {
  const byName = new Map<string, string>();
  for (const [name, value] of labels) {
    if (name === '') return 'there is a label without a name';
    if (byName.has(name)) return `there are two labels ${JSON.stringify(name.slice(0, 128))}`;
    byName.set(name, value);
  }
  const hash = hashOf(byName);
  const size = labels.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  // An empty value is the same as no label (prometheus.io, "Data model").
  const present = [...byName].filter(([, value]) => value !== '');
  const metric = byName.get('__name__') ?? '';
  if (metric === '') return 'there is no label __name__';
  const { attributes, ...fields } = fromLabels(present.filter(([name]) => name !== '__name__'));
  const type = metricTypeOf(metric, about.family, byName.has('quantile'));
  const unit = unitOf(metric, about.unit);
  const more = { ...(type !== undefined && { 'metric.type': type }), ...(unit && { unit }) };
  const job = byName.get('job') ?? '';
  const base = {
    type: 'metric',
    ...(job !== '' && { service: job }),
    ...fields,
    name: metric,
    attributes: { ...attributes, ...more },
  };
  return { base, hash, size };
}

function hashOf(labels: ReadonlyMap<string, string>): string {
  const sorted = [...labels].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(sorted)).digest();
  return hash.toString('base64url', 0, 8);
}
