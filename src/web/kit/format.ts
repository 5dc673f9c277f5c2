import type { Zone } from './preferences.ts';

/** Three significant digits with k, M, G; `–` for no data. Small whole numbers stay whole. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (size >= 1e15 || (size < 1e-4 && size > 0)) return value.toExponential(2);
  for (const [unit, name] of bigs)
    if (size >= unit * 9.995 || (unit > 1e3 && size >= unit))
      return `${digits(value / unit)}${name}`;
  return size >= 999.5 ? grouped.format(value) : digits(value);
}
const bigs = [
  [1e12, ' T'],
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** With all its digits, grouped: 1,234,567. */
export const formatCount = (value: number): string => grouped.format(value);

/** `1 alert`, `2,345 alerts`. */
export const counted = (count: number, one: string): string =>
  `${grouped.format(count)} ${one}${count === 1 ? '' : 's'}`;

function digits(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 100) return value.toFixed(0);
  const text = value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5);
  return text.replace(/\.?0+$/, '');
}

/** In powers of 1024: 1.4 GiB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(5, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10)));
  return `${digits(bytes / 1024 ** power)} ${units[power] ?? ''}`;
}

/** 340 ms, 12 s, 4 min 10 s, 3 h 5 min, 12 d. */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1) return size === 0 ? '0 ms' : `${digits(ms)} ms`;
  if (size < 1000) return `${Math.round(ms)} ms`;
  if (size < 60_000) return `${digits(Math.round(ms / 100) / 10)} s`;
  const steps = [
    [60_000, 'min', 1000, 's'],
    [3_600_000, 'h', 60_000, 'min'],
    [86_400_000, 'd', 3_600_000, 'h'],
  ] as const;
  const step = size < 3_600_000 ? steps[0] : size < 86_400_000 ? steps[1] : steps[2];
  const [big, bigName, small, smallName] = step;
  const rest = Math.floor((size % big) / small);
  const whole = `${Math.floor(size / big)} ${bigName}`;
  return rest === 0 || size >= 10 * 86_400_000 ? whole : `${whole} ${rest} ${smallName}`;
}

/** `3 min ago`, `in 2 h`, `just now`. */
export function formatAge(at: number, now: number): string {
  const ms = now - at;
  if (Math.abs(ms) < 1500) return 'just now';
  const text = formatDuration(Math.round(Math.abs(ms) / 1000) * 1000).replace(
    / (\d+) \w+$/,
    (all) => (Math.abs(ms) > 600_000 ? '' : all),
  );
  return ms > 0 ? `${text} ago` : `in ${text}`;
}

const zoneOf = (zone: Zone): string | undefined => (zone === 'utc' ? 'UTC' : undefined);
const parts = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: Zone, form: 'day' | 'clock'): Intl.DateTimeFormat {
  const key = `${zone} ${form}`;
  const known = parts.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zoneOf(zone),
    hourCycle: 'h23',
    ...(form === 'day'
      ? { year: 'numeric', month: '2-digit', day: '2-digit' }
      : { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  });
  parts.set(key, made);
  return made;
}

/** 2026-11-23 */
export const formatDay = (at: number, zone: Zone): string => formatter(zone, 'day').format(at);
/** 14:03:09 */
export const formatClock = (at: number, zone: Zone): string => formatter(zone, 'clock').format(at);
/** 14:03:09.120 */
export const formatClockMs = (at: number, zone: Zone): string =>
  `${formatClock(at, zone)}.${String(((Math.floor(at) % 1000) + 1000) % 1000).padStart(3, '0')}`;
/** 2026-11-23 14:03:09 */
export const formatTime = (at: number, zone: Zone): string =>
  `${formatDay(at, zone)} ${formatClock(at, zone)}`;
/** `UTC`, or the browser's zone such as `Europe/Tallinn`. */
export const zoneName = (zone: Zone): string =>
  zone === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
