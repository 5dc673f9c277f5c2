import type { Event } from '../../event/event.ts';

const names = ['text', 'message', 'description', 'summary'];

/** The words of an event that people read: an attribute, or the payload when that is a text. */
export function textOf(event: Event): string | undefined {
  const { attributes, data } = event;
  if (attributes)
    for (const name of names) {
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (value !== undefined && value !== '') return value;
    }
  return typeof data === 'string' ? data : undefined;
}
