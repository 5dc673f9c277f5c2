const pattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * The time that an RFC 3339 string names, ms since the epoch, UTC; undefined when it is none:
 * date and time to the second and an offset are required, the date must exist. Digits beyond the
 * millisecond are cut off. A leap second (only as the last of a UTC day) is the first moment of the
 * next day.
 */
export function parseTime(text: string): number | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const [hour, minute, second] = [Number(found[4]), Number(found[5]), Number(found[6])];
  const offset = offsetOf(found[8], Number(found[9] ?? 0), Number(found[10] ?? 0));
  if (offset === undefined || hour > 23 || minute > 59 || second > 60) return undefined;
  const midnight = dayOf(year, month, day);
  if (midnight === undefined) return undefined;
  const whole = midnight + ((hour * 60 + minute) * 60 + second) * 1000 - offset;
  if (second === 60) return whole % 86_400_000 === 0 ? whole : undefined;
  return whole + Number((found[7] ?? '0').slice(0, 3).padEnd(3, '0'));
}

/** Start of a UTC day, ms; undefined when the calendar has no such day. */
function dayOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

function offsetOf(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
