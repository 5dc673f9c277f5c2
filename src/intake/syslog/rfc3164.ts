import { parseTime } from '../../event/time.ts';
import type { WallTime } from './local-time.ts';
import type { SyslogMessage } from './message.ts';

/** Turns a wall time into ms since the epoch, UTC. */
export type ToTime = (wall: WallTime) => number | undefined;

/**
 * Reads a message after its `<PRI>` as RFC 3164 describes it and as it is really sent: the time may
 * be missing, have a year, a fraction or a zone, or be RFC 3339; host and tag may be missing; Cisco's
 * have a number before and a mnemonic in place of the tag. Takes any text: what is not understood is
 * the message.
 */
export function readRfc3164(
  text: string,
  start: number,
  priority: number,
  toTime: ToTime,
): SyslogMessage {
  const facility = priority >> 3;
  const severity = priority & 7;
  const timed = readTime(text, start, toTime);
  if (timed === undefined) {
    // Without a time there is no host either: rsyslog and Cisco's number-only form.
    return { facility, severity, ...readTag(text, start) };
  }
  const { host, behind } = timed.host === undefined ? readHost(text, timed.behind) : timed;
  return { facility, severity, time: timed.time, host, ...readTag(text, behind) };
}

interface Timed {
  readonly host?: string | undefined;
  readonly time: number | undefined;
  readonly behind: number;
}

/** Cisco's number of the message, and a host that some of its systems put before the time. */
const numbered = /(?:\d{1,10}: )?(?:([\w.:-]{1,255}): )?(?=[*.]?[A-Z][a-z]{2} |\d{4} [A-Z])/y;
const written =
  /[*.]?(?:(\d{4}) )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: (?:(\d{4})|(UTC|GMT|Z)|[A-Z]{3,4})(?=[ :]))?:?(?: |$)/y;
const iso = /\d{4}-\d\d-\d\d[Tt][\d:.]{8,30}(?:[Zz]|[+-]\d\d:\d\d):? /y;
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function readTime(text: string, start: number, toTime: ToTime): Timed | undefined {
  const from = text[start] === ' ' ? start + 1 : start;
  iso.lastIndex = from;
  const standard = iso.exec(text)?.[0];
  if (standard !== undefined)
    return { time: parseTime(standard.replace(/:? $/, '')), behind: from + standard.length };
  numbered.lastIndex = text[from] === ':' ? from + 2 : from;
  const host = numbered.exec(text)?.[1];
  written.lastIndex = Math.max(numbered.lastIndex, from);
  const found = written.exec(text);
  if (found === null) return undefined;
  return { host, time: timeOf(found, toTime), behind: written.lastIndex };
}

function timeOf(found: RegExpExecArray, toTime: ToTime): number | undefined {
  const [, before, month = '', day, between, hour, minute, second, fraction = '', after, utc] =
    found;
  const year = before ?? between ?? after;
  const wall: WallTime = {
    year: year === undefined ? undefined : Number(year),
    month: months.indexOf(month) / 3,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, '0')),
  };
  if (utc !== undefined && wall.year !== undefined) return utcTime(wall, wall.year);
  return toTime(wall);
}

function utcTime(wall: WallTime, year: number): number {
  const { month, day, hour, minute, second, millisecond } = wall;
  return Date.UTC(year, month, day, hour, minute, second, millisecond);
}

/** A host is one word that is no tag: more follows, and it does not end in a colon or bracket. */
const hostWord = /([\w.:@/-]{1,255})(?: : | (?=\S))/y;

function readHost(
  text: string,
  start: number,
): { readonly host?: string; readonly behind: number } {
  hostWord.lastIndex = start;
  const host = hostWord.exec(text)?.[1];
  if (host === undefined || host.endsWith(':')) return { behind: start };
  return { host, behind: hostWord.lastIndex };
}

/** `%SYS-5-CONFIG_I:`, `%ASA-6-302013:`. */
const mnemonic = /:? ?%([A-Z][\w-]{2,63}): ?/y;
/** `sshd[4711]:`, `postfix/smtpd[1]:`, `cron:`. Without a colon only with the brackets. */
const tag = /([\w./@%+-]{1,64})(?:\[([^\]\s]{1,128})\]:?|:)(?: |$)/y;

type Tagged = Pick<SyslogMessage, 'app' | 'process' | 'messageId' | 'text'>;

function readTag(text: string, start: number): Tagged {
  mnemonic.lastIndex = start;
  const cisco = mnemonic.exec(text);
  if (cisco !== null) return { messageId: cisco[1], text: text.slice(mnemonic.lastIndex) };
  tag.lastIndex = start;
  const found = tag.exec(text);
  if (found === null) return { text: text.slice(start) };
  return { app: found[1], process: found[2], text: text.slice(tag.lastIndex) };
}
