import { parseTime } from '../../event/time.ts';
import type { SyslogMessage } from './message.ts';

type Structured = [name: string, value: string][];

/** Parameters of one message that are kept; more than an event can hold. */
const mostParameters = 200;

/**
 * Reads a message after its `<PRI>` as RFC 5424, 6; undefined when it is none, as RFC 3164 messages
 * are not. Lengths are not held to the RFC's limits, which many senders break. A time that no
 * calendar has counts as not said. Structured data that breaks off stands in the text instead.
 */
export function readRfc5424(
  text: string,
  start: number,
  priority: number,
): SyslogMessage | undefined {
  if (!hasVersion(text, start)) return undefined;
  const fields: (string | undefined)[] = [];
  let at = text.indexOf(' ', start) + 1;
  for (let i = 0; i < 5; i++) {
    const end = text.indexOf(' ', at);
    if (end <= at) return undefined;
    fields.push(end === at + 1 && text[at] === '-' ? undefined : text.slice(at, end));
    at = end + 1;
    if (i === 0 && !isTimestamp(fields[0])) return undefined;
  }
  const [time, host, app, process, messageId] = fields;
  const structured: Structured = [];
  const behind = text[at] === '-' ? at + 1 : readStructured(text, at, structured);
  return {
    facility: priority >> 3,
    severity: priority & 7,
    time: time === undefined ? undefined : parseTime(time),
    host,
    app,
    process,
    messageId,
    ...(structured.length > 0 && { structured }),
    text: textAfter(text, behind),
  };
}

/** VERSION is 1 to 999; all that follow 1 are to be read alike as far as they can. */
function hasVersion(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  if (first < 0x31 || first > 0x39) return false;
  const blank = text.indexOf(' ', start);
  return blank > start && blank <= start + 3 && /^\d+$/.test(text.slice(start, blank));
}

/** What begins a time of RFC 5424 and cannot be the month of RFC 3164. */
function isTimestamp(text: string | undefined): boolean {
  return text === undefined || /^\d{4}-\d\d-\d\d[Tt]/.test(text);
}

/**
 * The text, without the blank before it, a second one as rsyslog sends it, and the byte order mark
 * that says UTF-8.
 */
function textAfter(text: string, behind: number): string {
  let at = behind;
  if (text[at] === ' ') at += 1;
  if (text[at] === ' ') at += 1;
  if (text[at] === '\ufeff') at += 1;
  return text.slice(at);
}

/** Reads elements up to the text; where the next one does not hold, what is left is the text. */
function readStructured(text: string, start: number, into: Structured): number {
  let at = start;
  while (text[at] === '[') {
    const before = into.length;
    const behind = readElement(text, at + 1, into);
    if (behind === undefined) {
      into.length = before;
      return at;
    }
    at = behind;
  }
  return at;
}

/** `SD-ID *(SP PARAM-NAME="value") ]`; the place behind it, or undefined when it is not that. */
function readElement(text: string, start: number, into: Structured): number | undefined {
  const id = nameFrom(text, start);
  if (id === '') return undefined;
  let at = start + id.length;
  let empty = true;
  while (text[at] === ' ') {
    const name = nameFrom(text, at + 1);
    const open = at + 1 + name.length;
    if (name === '' || text[open] !== '=' || text[open + 1] !== '"') return undefined;
    const close = endOfValue(text, open + 2);
    if (close === undefined) return undefined;
    if (into.length < mostParameters)
      into.push([`${id}.${name}`, unescaped(text.slice(open + 2, close))]);
    at = close + 1;
    empty = false;
  }
  if (text[at] !== ']') return undefined;
  if (empty && into.length < mostParameters) into.push([id, '']);
  return at + 1;
}

/** SD-NAME: printable ASCII but for `=`, blank, `]` and `"`. */
function nameFrom(text: string, start: number): string {
  name.lastIndex = start;
  return name.exec(text)?.[0] ?? '';
}

const name = /[!#-<>-\\^-~]+/y;

/** The quote that ends a value; one behind a backslash does not. */
function endOfValue(text: string, start: number): number | undefined {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i += 1;
    else if (code === 0x22) return i;
  }
  return undefined;
}

/** RFC 5424, 6.3.3: a backslash before anything but `"`, `\` and `]` is itself. */
function unescaped(value: string): string {
  return value.includes('\\') ? value.replace(/\\(["\\\]])/g, '$1') : value;
}
