import type { Field } from './field.ts';
import type { Window } from './manifest.ts';

const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const days = `${day}(?:-${day})?`;
const clock = '([01]\\d|2[0-3]):[0-5]\\d';
const form = new RegExp(`^(?:${days}(?:,${days})*\\s+)?${clock}-(?:${clock}|24:00)$`);

/** `[{allow: "Mon-Thu 09:30-17:00", tz: Europe/London}, {deny: "16:00-24:00"}]` */
export function readWindows(field: Field): Window[] {
  return field.list().flatMap((one) => {
    one.known(['allow', 'deny', 'tz']);
    const kind = one.get('allow').exists ? 'allow' : 'deny';
    const when = one.get(kind).text();
    const tz = one.get('tz').text() ?? 'UTC';
    if (when === undefined || (one.get('allow').exists && one.get('deny').exists))
      one.error('a window either allows or denies: {allow: "Mon-Thu 09:30-17:00"}');
    else if (!form.test(when))
      one
        .get(kind)
        .error(`"${when}" is no window; write days and a span of time: Mon-Thu 09:30-17:00`);
    if (!isZone(tz)) one.get('tz').error(`"${tz}" is no time zone such as Europe/London`);
    return when === undefined ? [] : [{ kind, when, tz } as const];
  });
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
