const maxListed = 10;

/** `a, b and c`; of many the first ten, and how many there are. */
export function list(texts: readonly string[]): string {
  const shown = texts.slice(0, maxListed);
  const rest = texts.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
