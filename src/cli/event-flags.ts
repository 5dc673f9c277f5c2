import type { Json } from '../event/event.ts';
import { cliErrors } from './errors.ts';

/** The flags that describe one event, as typed. */
export interface EventFlags {
  readonly id?: string;
  readonly time?: string;
  readonly source?: string;
  readonly subject?: string;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  readonly name?: string;
  readonly state?: string;
  readonly metric?: string;
  readonly ttl?: string;
  readonly tag?: readonly string[];
  readonly label?: readonly string[];
  readonly data?: string;
}

const texts = [
  'source',
  'subject',
  'service',
  'host',
  'environment',
  'name',
  'state',
] as const satisfies readonly (keyof EventFlags)[];

/** A draft as it is sent. Whether it may be taken is the server's to say. Throws TERR_CLI_USAGE. */
export function draftFromFlags(
  type: string,
  flags: EventFlags,
  id: string,
): Readonly<Record<string, Json>> {
  const draft: Record<string, Json> = { id: flags.id ?? id, type };
  if (flags.time !== undefined) draft['time'] = readTime(flags.time);
  for (const name of texts) {
    const text = flags[name];
    if (text !== undefined) draft[name] = text;
  }
  if (flags.metric !== undefined) draft['metric'] = readNumber(flags.metric, '--metric');
  if (flags.ttl !== undefined) draft['ttl'] = readNumber(flags.ttl, '--ttl');
  if (flags.tag !== undefined) draft['tags'] = flags.tag;
  if (flags.label !== undefined) draft['attributes'] = readLabels(flags.label);
  if (flags.data !== undefined) draft['data'] = readData(flags.data);
  return draft;
}

const readTime = (text: string): Json => (/^\d+$/.test(text) ? Number(text) : text);

function readNumber(text: string, field: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw cliErrors('USAGE', `"${text}" is no number`, { field });
  return number;
}

function readLabels(pairs: readonly string[]): Readonly<Record<string, string>> {
  const labels = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw cliErrors('USAGE', `"${pair}" is no KEY=VALUE`, { field: '--label' });
    labels.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return Object.fromEntries(labels);
}

function readData(text: string): Json {
  try {
    return JSON.parse(text) as Json; // JSON.parse gives nothing else
  } catch {
    if (/^\s*[{[]/.test(text))
      throw cliErrors('USAGE', 'the payload starts like JSON but is none', { field: '--data' });
    return text;
  }
}
