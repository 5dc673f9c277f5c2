const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** `6 h 12 min` of ms: the two largest units, rounded to the smaller. */
export function spanWords(ms: number): string {
  const at = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[at] ?? ['ms', 1];
  const [small, part] = at < 0 ? ['', 1] : (units[at + 1] ?? ['', size]);
  const rounded = Math.round(ms / part) * part;
  const larger = at < 0 ? 1000 : (units[at - 1]?.[1] ?? Infinity);
  if (rounded >= larger) return spanWords(rounded);
  const rest = (rounded % size) / part;
  return `${Math.floor(rounded / size)} ${name}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}
