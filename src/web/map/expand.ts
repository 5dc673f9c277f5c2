/** Groups that are open, as the address has them: with commas; `*`: all. */
export const groupsOf = (expand: string | undefined): readonly string[] =>
  (expand ?? '').split(',').filter((group) => group !== '');

/** The name of a group, of the id of its box. */
export const groupName = (id: string): string => id.replace(/^group:/, '');

/**
 * The address with a group opened or closed; undefined: none is open. Of `*`, which opens all,
 * `open` are the ones that are.
 */
export function toggled(
  expand: string | undefined,
  group: string,
  open: readonly string[],
): string | undefined {
  const now = expand === '*' ? open.map(groupName) : groupsOf(expand);
  const next = now.includes(group) ? now.filter((one) => one !== group) : [...now, group];
  return next.length === 0 ? undefined : next.join(',');
}
