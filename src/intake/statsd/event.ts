import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type Decoded, refused } from '../decoded.ts';
import { type Fields, fieldsOf } from './fields.ts';

/** `_e{<bytes of the title>,<bytes of the text>}:`, then `title|text`, then fields. */
export interface EventFrame {
  /** Where the title begins, from the `_`. */
  readonly title: number;
  readonly titleBytes: number;
  readonly textBytes: number;
  /** Where the text ends. */
  readonly end: number;
}

const bar = 0x7c;
/** `_e{65507,65507}:` */
const longestHead = 16;

/** Whether a message at `start` is an event. */
export function isEvent(bytes: Buffer, start: number): boolean {
  return bytes[start] === 0x5f && bytes[start + 1] === 0x65 && bytes[start + 2] === 0x7b;
}

/** The lengths at the head of an event, which are all that says where it ends. */
export function frameOf(bytes: Buffer, start: number, end: number): EventFrame | undefined {
  const head = bytes.toString('latin1', start, Math.min(end, start + longestHead));
  const found = /^_e\{(\d{1,5}),(\d{1,5})\}:/.exec(head);
  if (found === null) return undefined;
  const title = found[0].length;
  const titleBytes = Number(found[1]);
  const textBytes = Number(found[2]);
  return { title, titleBytes, textBytes, end: title + titleBytes + 1 + textBytes };
}

/** Whether the text begins where the lengths say, as far as the bytes are there. */
export function fits(bytes: Buffer, start: number, { title, titleBytes }: EventFrame): boolean {
  const between = bytes[start + title + titleBytes];
  return titleBytes > 0 && (between === undefined || between === bar);
}

const states: Readonly<Record<string, string>> = {
  error: 'critical',
  warning: 'warning',
  info: 'ok',
  success: 'ok',
};

/** A DogStatsD event. `bytes` are this message alone. */
export function eventIn(bytes: Buffer): Decoded {
  const frame = frameOf(bytes, 0, bytes.length);
  if (!frame || !fits(bytes, 0, frame) || frame.end > bytes.length)
    return refused(
      'TERR_INTAKE_DECODE',
      'the event is not as long as it says: _e{<bytes of the title>,<bytes of the text>}:title|text',
    );
  const textStart = frame.title + frame.titleBytes + 1;
  const title = lines(bytes.toString('utf8', frame.title, textStart - 1));
  const text = lines(bytes.toString('utf8', textStart, frame.end));
  const fields = fieldsOf(bytes.toString('utf8', frame.end));
  return drafted(title, text, fields);
}

function drafted(title: string, text: string, { draft, others }: Fields): Draft {
  const kind = others.get('t') ?? 'info';
  const attributes: Record<string, string> = { ...draft.attributes, severity: kind };
  for (const [key, name] of Object.entries(names)) {
    const value = others.get(key);
    if (value !== undefined && value !== '') attributes[name] = value;
  }
  const state = states[kind] ?? 'unknown';
  const name = title.slice(0, defaultLimits.textLength).replace(/[\ud800-\udbff]$/, '');
  return { ...draft, type: 'event', name, state, attributes, data: text };
}

const names = { k: 'event.aggregation_key', p: 'event.priority', s: 'event.source_type' };

function lines(text: string): string {
  return text.replaceAll('\\n', '\n');
}
