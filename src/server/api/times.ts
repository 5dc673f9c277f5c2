import { apiError } from '../errors.ts';

/** RFC 3339 with an offset; the space instead of T is its own variant (section 5.6). */
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)$/;
const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** ms since the epoch of an RFC 3339 text with an offset, or of ms as number or digits. Throws TERR_API_TIME_RANGE. */
export function readTime(written: string | number, field: string): number {
  if (typeof written === 'number' && Number.isFinite(written)) return Math.trunc(written);
  const text = String(written).trim();
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  const time = rfc3339.test(text) ? Date.parse(text.replace(' ', 'T')) : NaN;
  if (Number.isFinite(time)) return time;
  const shown = JSON.stringify(text.slice(0, 64));
  throw apiError(
    'TIME_RANGE',
    `${field} ${shown} is no time: send ms since the epoch, or RFC 3339 with an offset such as 2026-01-31T10:00:00Z`,
    { field },
  );
}

/** ms of `30s`, `5m`, `1h`; the contract checked its form. Throws TERR_API_TIME_RANGE when it is 0. */
export function readDuration(written: string, field: string): number {
  const match = /^([0-9]+)(ms|s|m|h|d|w)$/.exec(written);
  const ms = Number(match?.[1]) * (units[match?.[2] ?? ''] ?? NaN);
  if (ms > 0 && ms <= 1e14) return ms;
  throw apiError('TIME_RANGE', `${field} must be a time span above 0, such as 30s, 5m, 7d`, {
    field,
  });
}
