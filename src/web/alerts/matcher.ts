import { quote } from '../where/quote.ts';
import type { Alert } from '../../server/api/contract-alerts.ts';

const columns = ['service', 'host', 'environment'];

/** The filter that matches this alert and no other of its rule: in alerts `name` is the rule. */
export const matcherOf = (alert: Pick<Alert, 'rule' | 'key'>): string =>
  `name = ${quote(alert.rule)}${labelsOf(alert)
    .map((label) => ` and ${label}`)
    .join('')}`;

/** The key of an alert as conditions, one for each label that has a value. */
export function labelsOf({ key }: Pick<Alert, 'key'>): readonly string[] {
  return Object.entries(key)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${fieldOf(name)} = ${quote(value)}`);
}

/** Whatever is no column is an attribute; `env` is how rules may write the environment. */
function fieldOf(name: string): string {
  if (name === 'env') return 'environment';
  if (columns.includes(name) || name.startsWith('label.')) return name;
  return `label.${name.replace(/^attributes\./, '')}`;
}
