import { Counter, Gauge, Registry } from 'prom-client';
import type { Measure } from './measure.ts';

/** Measures in the text format of Prometheus 0.0.4. */
export async function exposition(measures: readonly Measure[]): Promise<string> {
  const registry = new Registry();
  const byName = new Map<string, Measure[]>();
  for (const measure of measures)
    byName.set(measure.name, [...(byName.get(measure.name) ?? []), measure]);
  for (const [name, same] of byName) {
    const [first] = same;
    if (first === undefined) continue;
    const labelNames = [...new Set(same.flatMap(({ labels }) => Object.keys(labels ?? {})))];
    const base = name.replaceAll('.', '_');
    const options = { help: first.help, labelNames, registers: [registry] };
    if (first.kind === 'counter') {
      const metric = new Counter({ ...options, name: `${base}_total` });
      for (const { labels = {}, value } of same) metric.inc({ ...labels }, value);
    } else {
      const metric = new Gauge({ ...options, name: base });
      for (const { labels = {}, value } of same) metric.set({ ...labels }, value);
    }
  }
  return registry.metrics();
}
