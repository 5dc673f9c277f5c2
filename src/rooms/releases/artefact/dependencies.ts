import { inOrder } from './canonical.ts';
import type { Dependency } from './release.ts';

/** The packages of a lock file, or why it could not be read. */
export interface ReadDependencies {
  readonly dependencies: readonly Dependency[];
  readonly fault?: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The packages of a package-lock.json of version 2 or 3 ("packages", npm 7 and later). One name may
 * stand with several versions. Links to folders of the repository itself are left out.
 */
export function readPackageLock(text: string): ReadDependencies {
  const none = (fault: string): ReadDependencies => ({ dependencies: [], fault });
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    return none('package-lock.json is no JSON; its packages are not listed');
  }
  if (!isObject(lock) || !isObject(lock['packages']))
    return none(
      `package-lock.json has no "packages" (lockfileVersion ${JSON.stringify(isObject(lock) ? lock['lockfileVersion'] : undefined)}); npm 7 or later writes them`,
    );
  const { packages } = lock;
  const roots = Object.entries(packages).filter(([path]) => !path.includes('node_modules/'));
  const direct = new Set(roots.flatMap(([, root]) => namesIn(root)));
  const found = new Map<string, Dependency>();
  for (const [path, entry] of Object.entries(packages)) {
    const dependency = dependencyAt(path, entry, direct);
    if (!dependency) continue;
    const key = `${dependency.name}@${dependency.version}`;
    const before = found.get(key);
    if (!before || (dependency.direct && !before.direct)) found.set(key, dependency);
  }
  const dependencies = [...found.values()].toSorted(
    (a, b) => inOrder(a.name, b.name) || inOrder(a.version, b.version),
  );
  return { dependencies };
}

function dependencyAt(
  path: string,
  entry: unknown,
  direct: ReadonlySet<string>,
): Dependency | undefined {
  const at = path.lastIndexOf('node_modules/');
  if (at < 0 || !isObject(entry) || entry['link'] === true) return undefined;
  const { version, integrity } = entry;
  if (typeof version !== 'string' || version === '') return undefined;
  const alias = path.slice(at + 'node_modules/'.length);
  // `"left": "npm:other@1"`: the lock file says the true name beside the path.
  const name = typeof entry['name'] === 'string' ? entry['name'] : alias;
  return {
    name,
    version,
    integrity: typeof integrity === 'string' && integrity !== '' ? integrity : null,
    direct: !path.slice(0, at).includes('node_modules/') && direct.has(alias),
  };
}

function namesIn(root: unknown): string[] {
  if (!isObject(root)) return [];
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap(
    (kind) => (isObject(root[kind]) ? Object.keys(root[kind]) : []),
  );
}
