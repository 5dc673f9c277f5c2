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

const seen = new WeakMap<Alert, Event>();

/** The alert as the event that a `where` looks at. */
export function alertEvent(alert: Alert): Event {
  const known = seen.get(alert);
  if (known) return known;
  const { id, subject, openedAt: time } = alert;
  const place = { id, type: 'alert', source: alertsSource, subject, time, received: time };
  const event: Event = { ...place, ...alertLabels(alert) };
  seen.set(alert, event);
  return event;
}

/** Whether an alert matches. */
export type AlertMatches = (alert: Alert) => boolean;

/** A `where` over the labels of alerts. Throws TERR_WHERE_… */
export function matcherOf(where: string): AlertMatches {
  if (where.trim() === '') return () => true;
  const matches: Matches = compileWhere(parseWhere(where));
  return (alert) => matches(alertEvent(alert));
}

/** Values of some labels of an alert, in order; empty where it has none. Throws TERR_WHERE_… */
export function valuesOf(labels: readonly string[]): (alert: Alert) => readonly string[] {
  const getters = labels.map((label) => getterOf(parseField(label)));
  return (alert) => getters.map((get) => textOf(get(alertEvent(alert))));
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
