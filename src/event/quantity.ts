const durations: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const sizes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Milliseconds of `7d`, `1.5h`, `250ms` or `0`; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, durations);
}

/** Bytes of `10GB` (1000s), `64MiB` (1024s) or `1000000`; undefined when it is no size. */
export function parseSize(text: string): number | undefined {
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  return parseQuantity(text, sizes);
}

/** The shortest exact way to write `ms`: 604800000 is `7d`. */
export function formatDuration(ms: number): string {
  return formatQuantity(ms, ['d', 'h', 'm', 's', 'ms'], durations);
}

/** The shortest exact way to write a number of bytes: 67108864 is `64MiB`. */
export function formatSize(bytes: number): string {
  return formatQuantity(bytes, ['TB', 'GB', 'GiB', 'MiB', 'MB', 'KiB', 'kB', 'B'], sizes);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  if (text.trim() === '0') return 0;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  if (match === null || unit === undefined) return undefined;
  return Math.round(Number(match[1]) * unit);
}

function formatQuantity(
  value: number,
  order: readonly string[],
  units: Readonly<Record<string, number>>,
): string {
  if (value === 0) return '0';
  const unit = order.find((name) => value % (units[name] ?? 1) === 0) ?? '';
  return `${value / (units[unit] ?? 1)}${unit}`;
}
