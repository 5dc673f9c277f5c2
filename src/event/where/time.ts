/** RFC 3339 section 5.6, `date-time`, with the offset that it demands. */
const shape =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})$/;

/**
 * An RFC 3339 time as ms since the epoch, finer digits cut off; undefined when it is none, also
 * for a day that its month has not.
 */
export function parseTime(text: string): number | undefined {
  const parts = shape.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = parts;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const utc = Date.parse(`${local}Z`);
  // Date.parse takes 2026-02-31 as 3 March.
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 19) !== local) return undefined;
  const offset = offsetOf(zone);
  return offset === undefined
    ? undefined
    : utc + Number(fraction.slice(1, 4).padEnd(3, '0')) - offset;
}

/** Of `+02:00`, in ms. */
function offsetOf(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
