import { type Event, type TextField, textFields } from '../../event/event.ts';
import type { Key } from '../decision.ts';
import type { RuleEvent } from '../language/plan.ts';
import { rulesSource } from './path.ts';

const columns: ReadonlySet<string> = new Set<TextField>(textFields);

/**
 * An event that a rule made about a key: the key's labels are its columns, or attributes where no
 * column has their name, and `changes` stand over them.
 */
export function about(
  key: Key,
  at: { readonly time: number; readonly received: number },
  changes: Partial<RuleEvent>,
): Event {
  const event: Record<string, unknown> = {
    id: '',
    type: 'metric',
    source: rulesSource,
    ...at,
  };
  let attributes: Record<string, string> | undefined;
  for (const name in key) {
    const value = key[name];
    if (value === undefined || value === '') continue;
    if (name === 'env') event['environment'] = value;
    else if (columns.has(name)) event[name] = value;
    else (attributes ??= {})[attributeName(name)] = value;
  }
  Object.assign(event, changes);
  if (attributes) event['attributes'] = { ...attributes, ...changes.attributes };
  return event as unknown as Event; // id, type, source and both times are set above
}

/** `label.route` and `attributes.route` are other ways to write `route`. */
function attributeName(name: string): string {
  return name.replace(/^(?:label|attributes)\./, '');
}
