import type { Alert } from '../../../rooms/alerts/alert.ts';
import { alertsSource } from '../../../rooms/alerts/facts.ts';
import { alertLabels } from '../../../rooms/alerts/labels.ts';
import type { Signal } from '../../../rooms/map/health.ts';

/** What an open alert says of how something is, under the names that its labels have. */
export function signalOfAlert(alert: Alert): Signal {
  const { id, title, openedAt, change, subject } = alert;
  return {
    kind: 'alert',
    key: `alert/${id}`,
    time: openedAt,
    stream: 'facts',
    offset: change,
    source: alertsSource,
    subject,
    ...alertLabels(alert),
    text: title,
  };
}

/** Finds what has changed among the open alerts since it looked last. */
export class AlertSignals {
  #told = new Map<string, number>();

  /** Signals of alerts that are new or otherwise than before, and keys of those that are over. */
  changes(open: ReadonlyMap<string, Alert>): {
    readonly signals: readonly Signal[];
    readonly over: readonly string[];
  } {
    const signals: Signal[] = [];
    const told = new Map<string, number>();
    for (const [id, alert] of open) {
      told.set(id, alert.change);
      if (this.#told.get(id) !== alert.change) signals.push(signalOfAlert(alert));
    }
    const over = [...this.#told.keys()].filter((id) => !open.has(id)).map((id) => `alert/${id}`);
    this.#told = told;
    return { signals, over };
  }
}
