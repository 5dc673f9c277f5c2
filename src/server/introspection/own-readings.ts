import type { Draft } from '../../event/event.ts';
import type { Measure } from './measure.ts';

/** The source of what Territory says about itself. */
export const ownSource = '/territory';

export interface ReadingsOptions {
  /** Time of all readings, ms since the epoch. */
  readonly time: number;
  readonly host: string;
  /** How often they come, ms. */
  readonly interval: number;
}

/**
 * Measures as readings. Counters become `….per_second` over the time since the round before, so
 * that a chart of their mean is what people expect; their first round has none.
 */
export class OwnReadings {
  #before: { readonly time: number; readonly values: ReadonlyMap<string, number> } | undefined;

  make(measures: readonly Measure[], options: ReadingsOptions): Draft[] {
    const { time, host, interval } = options;
    const values = new Map<string, number>();
    const before = this.#before;
    const drafts = measures.flatMap((measure): Draft[] => {
      const { name, kind, labels, value, rare = false } = measure;
      const base = {
        type: 'metric',
        time,
        service: 'territory',
        host,
        ttl: Math.ceil((interval * 3) / 1000),
        ...(labels ? { attributes: labels } : {}),
      };
      if (kind === 'gauge') return Number.isFinite(value) ? [{ ...base, name, metric: value }] : [];
      const key = `${name} ${JSON.stringify(labels ?? {})}`;
      values.set(key, value);
      if (before === undefined || time <= before.time) return [];
      const grown = Math.max(0, value - (before.values.get(key) ?? 0));
      if (rare && grown === 0) return [];
      const metric = grown / ((time - before.time) / 1000);
      return [{ ...base, name: `${name}.per_second`, metric }];
    });
    this.#before = { time, values };
    return drafts;
  }
}
