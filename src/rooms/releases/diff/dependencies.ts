import type { Dependency } from '../artefact/release.ts';
import type { Level } from './level.ts';
import { compareVersions } from './versions.ts';

/** A package that is there in other versions. */
export interface Moved {
  readonly name: string;
  /** Usually one; several where packages want different ones. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly direct: boolean;
}

/** Packages of the lock file. */
export interface DependenciesPart {
  readonly level: Level;
  readonly added: readonly Dependency[];
  readonly removed: readonly Dependency[];
  readonly upgraded: readonly Moved[];
  readonly downgraded: readonly Moved[];
  /** The same version from other bytes: the lock file's checksum is another. */
  readonly replaced: readonly Dependency[];
}

/** Compares the packages of two lock files by name; which way one moved is said by its newest version. */
export function diffDependencies(
  a: readonly Dependency[],
  b: readonly Dependency[],
): DependenciesPart {
  const [old, fresh] = [byName(a), byName(b)];
  const moved = [...fresh].flatMap(([name, after]): Moved[] => {
    const before = old.get(name);
    if (!before || versionsOf(before).join() === versionsOf(after).join()) return [];
    const direct = after.some((one) => one.direct);
    return [{ name, before: versionsOf(before), after: versionsOf(after), direct }];
  });
  const down = new Set(moved.filter(goesDown));
  const integrity = new Map(a.map((one) => [`${one.name}@${one.version}`, one.integrity]));
  const replaced = b.filter(({ name, version, integrity: now }) => {
    const before = integrity.get(`${name}@${version}`);
    return typeof before === 'string' && now !== null && before !== now;
  });
  const added = b.filter(({ name }) => !old.has(name));
  const removed = a.filter(({ name }) => !fresh.has(name));
  const any = added.length + removed.length + moved.length + replaced.length > 0;
  return {
    level: any ? 'dependency' : 'none',
    added,
    removed,
    upgraded: moved.filter((one) => !down.has(one)),
    downgraded: [...down],
    replaced,
  };
}

function byName(list: readonly Dependency[]): Map<string, Dependency[]> {
  const names = new Map<string, Dependency[]>();
  for (const one of list) names.set(one.name, [...(names.get(one.name) ?? []), one]);
  return names;
}

const versionsOf = (list: readonly Dependency[]): string[] =>
  list.map(({ version }) => version).toSorted(compareVersions);

/** The newest decides; where that stays, the one below it, and so on; then how many there are. */
function goesDown({ before, after }: Moved): boolean {
  const [x, y] = [before.toReversed(), after.toReversed()];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = compareVersions(x[i] ?? '', y[i] ?? '');
    if (order !== 0) return order > 0;
  }
  return false;
}
