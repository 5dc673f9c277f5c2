const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The decimal number of `length` digits at `at`; NaN when one of them is no digit. */
function digits(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = at; i < at + length; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Days from 1970-01-01 to a day of the proleptic Gregorian calendar, years from 0.
 * Formula: H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
 */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + dayOfEra + dayOfYear - 719_468;
}

function dayAt(bytes: Uint8Array, start: number): number {
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0);
  const dashes = bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d;
  return dashes && day >= 1 && day <= last ? daysOf(year, month, day) : Number.NaN;
}

/** Milliseconds since midnight at `start`; NaN also for a leap second, which has no such number. */
function secondsAt(bytes: Uint8Array, start: number): number {
  const hour = digits(bytes, start, 2);
  const minute = digits(bytes, start + 3, 2);
  const second = digits(bytes, start + 6, 2);
  const colons = bytes[start + 2] === 0x3a && bytes[start + 5] === 0x3a;
  const valid = colons && hour <= 23 && minute <= 59 && second <= 59;
  return valid ? ((hour * 60 + minute) * 60 + second) * 1000 : Number.NaN;
}

/** Offset from UTC in ms, from `start` to `end`; NaN when there is none. */
function offsetAt(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start];
  if (sign === 0x5a) return end === start + 1 ? 0 : Number.NaN;
  if (end !== start + 6 || bytes[start + 3] !== 0x3a) return Number.NaN;
  const hour = digits(bytes, start + 1, 2);
  const minute = digits(bytes, start + 4, 2);
  if (!(hour <= 23 && minute <= 59)) return Number.NaN;
  if (sign === 0x2b) return (hour * 60 + minute) * 60_000;
  return sign === 0x2d ? -(hour * 60 + minute) * 60_000 : Number.NaN;
}

/**
 * The RFC 3339 time from `start` to `end` in ms since the epoch, UTC, digits beyond the millisecond
 * cut off; NaN when it is none, has no offset, or is spelled with lower case letters, a blank, a
 * leap second or more than nine decimals (rare enough for the slow path).
 */
export function timeAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 20 || end - start > 35 || bytes[start + 10] !== 0x54) return Number.NaN;
  let at = start + 19;
  let fraction = 0;
  if (bytes[at] === 0x2e) {
    const from = ++at;
    let weight = 100;
    for (; at < end; at++) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      fraction += Math.trunc(weight) * digit;
      weight /= 10;
    }
    if (at === from || at > from + 9) return Number.NaN;
  }
  const day = dayAt(bytes, start);
  const time = day * 86_400_000 + secondsAt(bytes, start + 11) + fraction;
  return time - offsetAt(bytes, at, end);
}
