import type { Draft, Event, Json } from '../../event/event.ts';
import { compileWhere, type Matches } from '../../event/where/compile.ts';
import { parseField, parseWhere } from '../../event/where/parse.ts';
import { getterOf } from '../../event/where/scalar.ts';
import type { Key } from '../../rules/decision.ts';
import type { Alert } from './alert.ts';
import { alertsSource, defined } from './facts.ts';

/** What an alert can be selected by. */
interface Labelled {
  readonly rule: string;
  readonly key: Key;
  readonly severity: string;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  readonly team?: string;
}

type Labels = Pick<Draft, 'service' | 'host' | 'environment' | 'name' | 'state' | 'attributes'>;

const columns = new Set(['service', 'host', 'environment']);

/**
 * The labels of an alert, as columns and attributes of an event: `name` is the rule, `state` the
 * severity; the attributes are `rule`, `severity`, `team` and the key. The facts about the alert
 * carry them, so that one `where` finds the alert in the room and its facts on the log.
 */
export function alertLabels(alert: Labelled): Labels {
  const { rule, key, severity, team } = alert;
  const keys = Object.entries(key).map(([name, value]) => [attributeName(name), value] as const);
  const fromKey = Object.fromEntries(keys.filter(([name]) => columns.has(name)));
  return defined({
    service: alert.service ?? fromKey['service'],
    host: alert.host ?? fromKey['host'],
    environment: alert.environment ?? fromKey['environment'],
    name: rule,
    state: severity,
    attributes: {
      ...Object.fromEntries(keys.filter(([name]) => !columns.has(name))),
      ...defined({ rule, severity, team }),
      // A rule never sees what it led to itself: so it cannot alert on its own alerts for ever.
      'rule.path': rule,
    },
  });
}

/** `label.code` and `attributes.code` are the attribute `code`. */
function attributeName(name: string): string {
  return name.replace(/^(label|attributes)\./, '');
}

/**
 * A pure function of an alert, computed once for each: the clockwork asks the same of ten thousand
 * alerts again and again, and what stands in the state never changes.
 */
export function onceEach<T>(compute: (alert: Alert) => T): (alert: Alert) => T {
  const known = new WeakMap<Alert, { readonly value: T }>();
  return (alert) => {
    const found = known.get(alert);
    if (found) return found.value;
    const value = compute(alert);
    known.set(alert, { value });
    return value;
  };
}

/** The alert as the event that a `where` looks at. */
const alertEvent = onceEach((alert): Event => {
  const { id, subject, openedAt: time } = alert;
  const place = { id, type: 'alert', source: alertsSource, subject, time, received: time };
  return { ...place, ...alertLabels(alert) };
});

/** Whether an alert matches. */
export type AlertMatches = (alert: Alert) => boolean;

/** A `where` over the labels of alerts. Throws TERR_WHERE_… */
export function matcherOf(where: string): AlertMatches {
  if (where.trim() === '') return () => true;
  const matches: Matches = compileWhere(parseWhere(where));
  return onceEach((alert) => matches(alertEvent(alert)));
}

/** The values of some labels of an alert, in order, as one text. Throws TERR_WHERE_… */
export function valuesOf(labels: readonly string[]): (alert: Alert) => string {
  const getters = labels.map((label) => getterOf(parseField(label)));
  return onceEach((alert) => {
    const event = alertEvent(alert);
    return JSON.stringify(getters.map((get) => textOf(get(event))));
  });
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
