import type { PlacedEvent } from '../server/api/contract.ts';
import type { Terminal } from './terminal.ts';
import { printable, showNumber, showTime } from './words.ts';

const colours: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  ok: 'green',
  warning: 'yellow',
  critical: 'red',
};

/** One event as one line for people. */
export function eventLine(event: PlacedEvent, style: Terminal['style']): string {
  const parts = [style('dim', showTime(event.time)), style('bold', printable(event.type))];
  const where = [event.service, event.host, event.environment].filter((part) => part !== undefined);
  if (where.length > 0) parts.push(printable(where.join('/')));
  if (event.state !== undefined)
    parts.push(style(colours[event.state] ?? 'reset', printable(event.state)));
  const reading = readingOf(event);
  if (reading !== undefined) parts.push(reading);
  if (event.subject !== undefined) parts.push(style('cyan', printable(event.subject)));
  const title = titleOf(event.data);
  if (title !== undefined) parts.push(printable(title).slice(0, 200));
  return parts.join('  ');
}

function readingOf({ name, metric }: PlacedEvent): string | undefined {
  if (metric === undefined) return name === undefined ? undefined : printable(name);
  const value = showNumber(metric);
  return name === undefined ? value : `${printable(name)}=${value}`;
}

/** What a payload says in a line: text, or its title, message or description. */
function titleOf(data: unknown): string | undefined {
  if (typeof data === 'string') return data;
  if (typeof data !== 'object' || data === null) return undefined;
  for (const key of ['title', 'message', 'description']) {
    const text = (data as Record<string, unknown>)[key];
    if (typeof text === 'string') return text;
  }
  return undefined;
}
