import type { Alert } from './alert.ts';
import { matcherOf, valuesOf } from './labels.ts';

/**
 * Inhibition by dependency, as Alertmanager's: while an alert that matches `source` is open, those
 * that match `target` and have the same values of the labels `equal` are told to nobody.
 */
export interface InhibitRule {
  readonly source: string;
  readonly target: string;
  /** A label that both lack counts as the same. */
  readonly equal: readonly string[];
}

/** The id of the open alert that inhibits one; undefined when none does. */
export type InhibitedBy = (alert: Alert) => string | undefined;

/** Reads the rules once. Throws TERR_WHERE_… */
export function inhibition(rules: readonly InhibitRule[]): (open: Iterable<Alert>) => InhibitedBy {
  const compiled = rules.map(({ source, target, equal }) => ({
    source: matcherOf(source),
    target: matcherOf(target),
    values: valuesOf(equal),
  }));
  return (open) => {
    const alerts = compiled.length === 0 ? [] : [...open];
    // Of each rule: an alert that inhibits, by the values of its equal labels.
    const indexes = compiled.map((rule) => ({ ...rule, sources: sourcesOf(rule, alerts) }));
    return (alert) => {
      for (const { source, target, values, sources } of indexes) {
        if (!target(alert)) continue;
        const both = source(alert);
        const by = sources
          .get(values(alert))
          // What matches both sides is not inhibited by its like, so nor by itself.
          ?.find((one) => one.id !== alert.id && !(both && target(one)));
        if (by) return by.id;
      }
      return undefined;
    };
  };
}

type Compiled = {
  readonly source: (alert: Alert) => boolean;
  readonly values: (alert: Alert) => string;
};

function sourcesOf({ source, values }: Compiled, alerts: readonly Alert[]): Map<string, Alert[]> {
  const found = new Map<string, Alert[]>();
  for (const alert of alerts) {
    if (alert.state !== 'open' || alert.condition === 'ok' || !source(alert)) continue;
    const at = values(alert);
    const same = found.get(at);
    if (same) same.push(alert);
    else found.set(at, [alert]);
  }
  return found;
}
