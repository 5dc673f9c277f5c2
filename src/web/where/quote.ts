import { quote } from '../../event/where/text.ts';

export { quote };

/** All of these at once; empty ones are left out. */
export function allOf(...wheres: readonly (string | undefined)[]): string {
  const kept = wheres.map((w) => w?.trim() ?? '').filter((w) => w !== '');
  return kept.length < 2 ? (kept[0] ?? '') : kept.map((w) => `(${w})`).join(' and ');
}
