/** What stands in one list, in the other, and in both. */
export interface Compared<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly both: readonly (readonly [before: T, after: T])[];
}

/** Compares lists by a name of their elements; of several with one name, the first with the first. */
export function compareLists<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (one: T) => string,
): Compared<T> {
  const [old, fresh] = [numbered(before, nameOf), numbered(after, nameOf)];
  return {
    added: [...fresh].flatMap(([name, one]) => (old.has(name) ? [] : [one])),
    removed: [...old].flatMap(([name, one]) => (fresh.has(name) ? [] : [one])),
    both: [...fresh].flatMap(([name, one]) => {
      const was = old.get(name);
      return was === undefined ? [] : [[was, one] as const];
    }),
  };
}

function numbered<T>(list: readonly T[], nameOf: (one: T) => string): Map<string, T> {
  const counts = new Map<string, number>();
  return new Map(
    list.map((one) => {
      const name = nameOf(one);
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      return [`${count}:${name}`, one];
    }),
  );
}
