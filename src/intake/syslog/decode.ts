import { isUtf8 } from 'node:buffer';
import type { Draft } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { logEvent } from '../logs/log-line.ts';
import { syslogSeverity } from '../logs/severity.ts';
import { localTimes } from './local-time.ts';
import { priorityOf, type SyslogMessage } from './message.ts';
import { readRfc3164 } from './rfc3164.ts';
import { readRfc5424 } from './rfc5424.ts';

/** What decoding needs to know of the place. */
export interface SyslogPlace {
  /** IANA name of the zone that RFC 3164's times are in; undefined is UTC. */
  readonly zone: string | undefined;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** Decodes one message without its framing; `host` is whose it is when it does not say so. */
export type DecodeSyslog = (bytes: Buffer, host: string, cut?: boolean) => Decoded;

/** RFC 5424, table 1, by code; the words are those of syslog.conf(5) where it has one. */
const facilities: readonly string[] =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit console cron2 local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );

/**
 * Makes the decoder of syslog messages: RFC 5424 where they are, else RFC 3164. Any text is a
 * message; refused is only what is empty. Bytes that are no UTF-8 are read as Latin-1. Throws a
 * RangeError when the zone is unknown.
 */
export function syslogDecoder(place: SyslogPlace): DecodeSyslog {
  const toTime = localTimes(place.zone);
  return (bytes, host, cut = false) => {
    const text = textOf(bytes);
    if (text.trim() === '') return refused('TERR_INTAKE_DECODE', 'The message is empty.');
    const now = place.now();
    const { priority, rest } = priorityOf(text);
    const message =
      readRfc5424(text, rest, priority) ??
      readRfc3164(text, rest, priority, (wall) => toTime(wall, now));
    return eventOf(message, host, cut, now);
  };
}

/** Without the line's end, and the NUL that some senders close with. */
function textOf(bytes: Buffer): string {
  let end = bytes.length;
  while (end > 0 && isEnd(bytes[end - 1])) end -= 1;
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1', 0, end);
}

function isEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d || byte === 0;
}

function eventOf(message: SyslogMessage, peer: string, cut: boolean, now: number): Draft {
  const { facility, severity, time, host, app, text } = message;
  return logEvent(
    {
      message: cut ? `${text}…` : text,
      time,
      severity: syslogSeverity(severity),
      service: app,
      host: host ?? peer,
      attributes: attributesOf(message, facilities[facility] ?? String(facility), cut),
    },
    now,
  );
}

function attributesOf(message: SyslogMessage, facility: string, cut: boolean): [string, string][] {
  const { process, messageId, structured } = message;
  const attributes: [string, string][] = [['syslog.facility', facility]];
  if (process !== undefined)
    attributes.push([/^\d+$/.test(process) ? 'process.pid' : 'syslog.procid', process]);
  if (messageId !== undefined) attributes.push(['syslog.msgid', messageId]);
  if (cut) attributes.push(['log.cut', 'true']);
  if (structured !== undefined) attributes.push(...gather(structured));
  return attributes;
}

/** RFC 5424, 6.3.3: a parameter may come more than once, as the addresses of an origin do. */
function gather(structured: readonly (readonly [string, string])[]): Map<string, string> {
  const gathered = new Map<string, string>();
  for (const [name, value] of structured) {
    const before = gathered.get(`sd.${name}`);
    gathered.set(`sd.${name}`, before === undefined ? value : `${before},${value}`);
  }
  return gathered;
}
