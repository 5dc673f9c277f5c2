import { CodedError } from '../../../errors/coded-error.ts';
import { parseSchedule } from '../../gates/schedule/schedule.ts';
import { checkedZone } from '../../gates/schedule/zone.ts';
import type { Field } from './field.ts';
import type { Window } from './manifest.ts';

/** `[{allow: "Mon-Thu 09:30-17:00", tz: Europe/London}, {deny: "daily 16:00-24:00"}]`: as gates have them. */
export function readWindows(field: Field): Window[] {
  return field.list().flatMap((one) => {
    one.known(['allow', 'deny', 'tz']);
    const kind = one.get('allow').exists ? 'allow' : 'deny';
    const when = one.get(kind).text();
    const tz = one.get('tz').text() ?? 'UTC';
    if (when === undefined || (one.get('allow').exists && one.get('deny').exists))
      one.error('a window either allows or denies: {allow: "Mon-Thu 09:30-17:00"}');
    else faultIn(one.get(kind), () => parseSchedule(when));
    faultIn(one.get('tz'), () => checkedZone(tz));
    return when === undefined ? [] : [{ kind, when, tz } as const];
  });
}

function faultIn(field: Field, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    field.error(error.message);
  }
}
