import { isRecord } from '../../event/json.ts';
import { demoErrors } from '../errors.ts';

/** First line of a recording (docs/formats/recording.md). */
export interface Head {
  readonly territory: 'recording';
  readonly format: 1;
  /** When it began, ms since the epoch, UTC. */
  readonly began: number;
  readonly seed: number;
  /** How fast the company lived. */
  readonly speed: number;
}

/** One recorded event: as the tail gives it. */
export interface Recorded {
  readonly type: string;
  readonly source: string;
  readonly id: string;
  /** When it happened, and when it was taken; ms since the epoch, UTC. */
  readonly time: number;
  readonly received: number;
  readonly [field: string]: unknown;
}

/** What a server makes of itself: another one makes its own. */
const ownOfAServer = new Set(['/territory', '/host-probe', 'territory/map']);

/** Whether an event belongs into a recording. */
export const isRecordable = (source: string): boolean => !ownOfAServer.has(source);

/** Reads the first line. Throws TERR_DEMO_RECORDING. */
export function readHead(line: string, file: string): Head {
  const head = parse(line);
  if (!isRecord(head) || head['territory'] !== 'recording')
    throw demoErrors('RECORDING', `${file} is no recording of a demo`, { file, line: 1 });
  if (head['format'] !== 1)
    throw demoErrors('RECORDING', `${file} was made by a later version of Territory`, {
      file,
      line: 1,
    });
  const number = (name: string): number => {
    const value = head[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw demoErrors('RECORDING', `${file}: ${name} is no number`, { file, line: 1, field: name });
  };
  return {
    territory: 'recording',
    format: 1,
    began: number('began'),
    seed: number('seed'),
    speed: number('speed'),
  };
}

/** Reads one line; undefined for what is no event, such as half of a last one. */
export function readRecorded(line: string): Recorded | undefined {
  const value = parse(line);
  if (!isRecord(value)) return undefined;
  const { type, source, id, time, received } = value;
  const texts = [type, source, id].every((text) => typeof text === 'string' && text !== '');
  const times = [time, received].every((at) => typeof at === 'number' && Number.isFinite(at));
  return texts && times ? (value as unknown as Recorded) : undefined; // looked at just above
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** How the times of a recording become those of a replay. */
export interface Mapping {
  /** ms since the epoch: the recording's beginning, and that of the replay. */
  readonly began: number;
  readonly starts: number;
  readonly speed: number;
}

/** When something of the recording happens in the replay, ms since the epoch. */
export const mapped = (time: number, { began, starts, speed }: Mapping): number =>
  Math.round(starts + (time - began) / speed);

/**
 * An event as it is given again: its time, how long it stays fresh, and the time stamp of a CDEvent are
 * those of the replay. Whatever times stand elsewhere in its payload stay as they are.
 */
export function again(event: Recorded, mapping: Mapping): Record<string, unknown> {
  const { received: _, stream: _stream, offset: _offset, ...rest } = event;
  const out: Record<string, unknown> = { ...rest, time: mapped(event.time, mapping) };
  // Shorter than a second, everything would be stale before it is seen.
  if (typeof rest['ttl'] === 'number') out['ttl'] = Math.max(1, rest['ttl'] / mapping.speed);
  const data = rest['data'];
  if (isRecord(data) && isRecord(data['context']) && 'timestamp' in data['context'])
    out['data'] = {
      ...data,
      context: { ...data['context'], timestamp: new Date(Number(out['time'])).toISOString() },
    };
  return out;
}
