import { isUtf8 } from 'node:buffer';
import type { Draft, Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { logEvent, type LogLine } from '../logs/log-line.ts';
import { fromRecord, type Origin } from '../logs/record.ts';
import type { Line } from './lines.ts';

/** What the settings say of files, `intakes.files.tail`. */
export interface Target {
  readonly path: string;
  readonly service?: string;
  readonly environment?: string;
  readonly format?: 'text' | 'json';
  readonly from?: 'start' | 'end';
}

/** Where a line is from. */
export interface LineOrigin {
  /** Of the file's content. */
  readonly id: string;
  readonly path: string;
  readonly target: Target;
  /** Name of this machine. */
  readonly host: string;
  /** ms since the epoch, UTC. */
  readonly now: number;
}

/**
 * The event of a line: its id says which bytes of which file it was, so that a line that is read
 * again is a duplicate. Undefined for a blank line. A line that should be JSON and is not is text.
 */
export function eventOf(line: Line, origin: LineOrigin): Draft | undefined {
  const { id, path, target, host, now } = origin;
  const text = line.bytes.toString(isUtf8(line.bytes) || line.cut ? 'utf8' : 'latin1');
  if (text.trim() === '') return undefined;
  const said = target.format === 'json' ? recordOf(text) : undefined;
  const from: Origin = { service: target.service, environment: target.environment, host };
  const read: LogLine =
    said === undefined
      ? { ...from, message: line.cut ? `${text}…` : text, attributes: [] }
      : fromRecord(said, from);
  const attributes = new Map([['log.file.path', path], ...read.attributes]);
  if (line.cut) attributes.set('log.cut', 'true');
  return {
    id: `${id}-${line.offset}`,
    source: '/files',
    ...logEvent({ ...read, attributes }, now),
  };
}

function recordOf(text: string): Record<string, Json> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? (value as Record<string, Json>) : undefined;
  } catch {
    return undefined;
  }
}
