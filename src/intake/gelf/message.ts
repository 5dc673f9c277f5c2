import { isUtf8 } from 'node:buffer';
import type { Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { type Decoded, refused } from '../decoded.ts';
import { logEvent } from '../logs/log-line.ts';
import { fromLeaves, type Leaves } from '../logs/record.ts';
import { syslogSeverity } from '../logs/severity.ts';
import { timeOf } from '../logs/times.ts';

/** What the additional fields must not be called (GELF 1.1: `_id` is the server's). */
const reserved: ReadonlySet<string> = new Set(['_id']);

/**
 * Decodes the JSON of one GELF 1.1 message; `host` is whose it is when it does not say so, `now` ms
 * since the epoch, UTC. Taken although the specification asks for them: messages without `version`
 * or `host`. Refused: what is no JSON object, and what has no `short_message`.
 */
export function decodeGelf(bytes: Buffer, host: string, now: number): Decoded {
  const sample = () => bytes.toString('utf8', 0, 200);
  if (!isUtf8(bytes)) return refused('TERR_INTAKE_DECODE', 'The message is not UTF-8.');
  const message = parse(bytes);
  if (message === undefined)
    return refused('TERR_INTAKE_DECODE', 'The message is no JSON object.', { sample: sample() });
  const text = textOf(message);
  if (text === undefined)
    return refused('TERR_INTAKE_DECODE', 'The message has no short_message.', {
      field: 'short_message',
      sample: sample(),
    });
  const { level, timestamp } = message;
  const line = fromLeaves(leavesOf(message), { host });
  return logEvent(
    {
      ...line,
      message: text,
      time: timeOf(timestamp),
      severity: typeof level === 'number' ? syslogSeverity(level) : line.severity,
      host: typeof message['host'] === 'string' ? message['host'] : line.host,
    },
    now,
  );
}

function parse(bytes: Buffer): Record<string, Json> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isRecord(value) ? (value as Record<string, Json>) : undefined;
  } catch {
    return undefined;
  }
}

/** The full message where there is one; most begin with the short one, which then is not repeated. */
function textOf(message: Record<string, Json>): string | undefined {
  const { short_message: short, full_message: full } = message;
  if (typeof short !== 'string' && typeof short !== 'number') return undefined;
  const text = String(short);
  if (typeof full !== 'string' || full === '') return text;
  return full.includes(text) ? full : `${text}\n${full}`;
}

/** Fields that stand in the event itself, and those that GELF 1.1 still lets pass. */
const known: Readonly<Record<string, string | undefined>> = {
  version: undefined,
  host: undefined,
  short_message: undefined,
  full_message: undefined,
  timestamp: undefined,
  level: undefined,
  facility: 'facility',
  line: 'code.line.number',
  file: 'code.file.path',
};

/** Additional fields without their `_`: labels as any others. */
function leavesOf(message: Record<string, Json>): Leaves {
  const leaves: Leaves = new Map();
  for (const [name, value] of Object.entries(message)) {
    if (value === null || reserved.has(name)) continue;
    const plain = name.startsWith('_') ? name.slice(1) : nameOf(name);
    if (plain !== undefined && plain !== '') leaves.set(plain, value);
  }
  return leaves;
}

function nameOf(name: string): string | undefined {
  return Object.hasOwn(known, name) ? known[name] : name;
}
