import type { Draft } from '../../event/event.ts';
import { type About, addInstances, baseName } from './readings.ts';

/** collectd's severities and their words (plugin.h). */
const severities: Readonly<Record<number, readonly [state: string, severity: string]>> = {
  1: ['critical', 'failure'],
  2: ['warning', 'warning'],
  4: ['ok', 'okay'],
};

/** A notification as an event; one without a severity that is known has no state. */
export function notification(about: About, severity: number, message: string): Draft {
  const [state, word] = severities[severity] ?? [];
  const name = baseName(about.plugin, about.type);
  const attributes: Record<string, string> = {};
  if (word !== undefined) attributes['severity'] = word;
  addInstances(about, attributes);
  return {
    type: 'event',
    data: message,
    ...(about.time > 0 && { time: about.time }),
    ...(about.host !== '' && { host: about.host }),
    ...(name !== '' && { name }),
    ...(state !== undefined && { state }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}
