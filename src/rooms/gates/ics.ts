import type { Entry } from './calendar.ts';

/** Octets in one line without its end (RFC 5545, 3.1). */
const maxOctets = 75;

/**
 * Entries as an iCalendar stream (RFC 5545): times in UTC, lines folded at 75 octets. The same bytes
 * for the same entries; a client that fetches it again finds each event by its UID.
 */
export function icsOf(entries: readonly Entry[], { host }: { readonly host: string }): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Territory//Releases//EN',
    'CALSCALE:GREGORIAN',
    'X-WR-CALNAME:Releases',
    'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
    ...entries.flatMap((entry) => eventOf(entry, host)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function eventOf({ uid, kind, from, to, title, text, changed }: Entry, host: string): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(`${uid}@${host}`)}`,
    `DTSTAMP:${utc(changed)}`,
    `DTSTART:${utc(from)}`,
    // To the second: what is shorter takes no time, and DTEND must lie after DTSTART.
    ...(to !== undefined && utc(to) > utc(from) ? [`DTEND:${utc(to)}`] : []),
    `SUMMARY:${escaped(title)}`,
    ...(text === '' ? [] : [`DESCRIPTION:${escaped(text)}`]),
    `CATEGORIES:${kind.toUpperCase()}`,
    // It takes nobody's time.
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** `20260131T100000Z` */
function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** TEXT of 3.3.11: no control characters but a line end, which is written as `\n`. */
function escaped(text: string): string {
  return (
    text
      .replaceAll(/\r\n?/g, '\n')
      // oxlint-disable-next-line no-control-regex -- these are what may not stand in TEXT
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      .replaceAll(/[\\;,]/g, '\\$&')
      .replaceAll('\n', '\\n')
  );
}

/** Lines go on after a space; no character is cut in two. */
function folded(line: string): string {
  let text = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > maxOctets) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += size;
  }
  return text;
}
