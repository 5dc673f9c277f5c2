import type { Alert } from './alert.ts';
import type { Told } from './notification.ts';
import { defined } from './facts.ts';

/** So many alerts are written out in one notification; the rest is counted. */
const maxWritten = 20;
const maxSuspects = 3;
const worst = ['critical', 'unknown', 'warning'] as const;

/** What a notification says of some alerts: a line as title, plain text as body. */
export function wordsOf(alerts: readonly Alert[], repeated: boolean) {
  const open = alerts.filter((alert) => alert.state === 'open');
  const resolved = alerts.filter((alert) => alert.state === 'resolved');
  const severity = worst.find((one) => open.some((alert) => alert.severity === one)) ?? 'ok';
  const ordered = [...open, ...resolved];
  const left = ordered.length - maxWritten;
  const body = [
    ...ordered.slice(0, maxWritten).map(paragraphOf),
    ...(left > 0 ? [`and ${left} more`] : []),
  ].join('\n\n');
  return {
    title: `${repeated ? 'still ' : ''}${titleOf(open, resolved)}`,
    body,
    severity,
    open: toldOf(open),
    resolved: toldOf(resolved),
    ...placeOf(alerts),
  };
}

function titleOf(open: readonly Alert[], resolved: readonly Alert[]): string {
  const [only, ...others] = [...open, ...resolved];
  if (only && others.length === 0) return `[${statusOf(only)}] ${only.title}`;
  const counts = [
    ...(open.length > 0 ? [`${open.length} open`] : []),
    ...(resolved.length > 0 ? [`${resolved.length} resolved`] : []),
  ].join(', ');
  const rules = [...new Set([...open, ...resolved].map(({ rule }) => rule))];
  const shown = rules.slice(0, 3).join(', ');
  return `[${counts}] ${shown}${rules.length > 3 ? ' and others' : ''}`;
}

/** In one word: `CRITICAL`, `RESOLVED`, `FLAPPING`. */
function statusOf(alert: Alert): string {
  if (alert.state === 'resolved') return 'RESOLVED';
  return alert.flapping ? 'FLAPPING' : alert.severity.toUpperCase();
}

function paragraphOf(alert: Alert): string {
  const { suspects = [], acknowledged } = alert;
  return [
    `${statusOf(alert)}  ${alert.title}`,
    `rule ${alert.rule}, since ${new Date(alert.since).toISOString()}`,
    ...(alert.value === undefined ? [] : [`${alert.name ?? 'value'} ${alert.value}`]),
    ...(acknowledged ? [`acknowledged by ${acknowledged.by}`] : []),
    ...suspects
      .slice(0, maxSuspects)
      .map(({ what, because }) => `before it: ${what} (${because.join(', ')})`),
    ...(alert.runbook === undefined ? [] : [`runbook: ${alert.runbook}`]),
  ].join('\n');
}

function toldOf(alerts: readonly Alert[]): Told {
  return Object.fromEntries(alerts.map(({ id, change }) => [id, change]));
}

/** What all of them have in common. */
function placeOf(alerts: readonly Alert[]) {
  const same = (name: 'rule' | 'service' | 'host' | 'environment'): string | undefined => {
    const value = alerts[0]?.[name];
    return alerts.every((alert) => alert[name] === value) ? value : undefined;
  };
  return defined({
    rule: same('rule'),
    service: same('service'),
    host: same('host'),
    environment: same('environment'),
  });
}
