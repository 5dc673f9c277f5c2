/**
 * How far a change reaches, from the least to the most. The level of a diff is that of its highest
 * part, and picks what a deploy does unless told otherwise.
 */
export const levels = [
  'none',
  'code',
  'config',
  'dependency',
  'migration-expand',
  'migration-contract',
  'incompatible',
] as const;
export type Level = (typeof levels)[number];

/** The highest of them; `none` of no levels. */
export const highest = (found: readonly Level[]): Level =>
  levels[Math.max(0, ...found.map((level) => levels.indexOf(level)))] ?? 'none';
